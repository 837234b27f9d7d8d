"""Staff screens for calendar changes, closed days, office hours, time limits and reminder rules."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets.button import Button, HeaderButton

from core.models import Region, User
from core.viewsets.scoped import ScopedEditView, ScopedIndexView, ScopedInspectView, ScopedViewSet
from workflows.calendar_policies import desk_regions
from workflows.models import CalendarLayer, CalendarProposal, EscalationRule, SlaPolicy, WorkingHours
from workflows.selectors.limits import meaning_of
from workflows.selectors.touched import touched_by_rule
from workflows.viewsets.calendar_forms import LimitForm, LocalScopeForm, NewVersionForm
from workflows.viewsets.traced import TracedViewSet

SCOPE = FieldRowPanel([FieldPanel("region"), FieldPanel("agency")])


def regions_with_rows(request: HttpRequest) -> Any:
    rows = CalendarLayer.objects.visible_to(request.user)
    return Region.objects.filter(pk__in=rows.values("region"))


class LayerFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(choices=CalendarLayer.Kind.choices, label=_("Kind"))
    year = django_filters.NumberFilter(label=_("Year"))
    region = django_filters.ModelChoiceFilter(queryset=regions_with_rows, label=_("Region"))

    class Meta:
        model = CalendarLayer
        fields = ("kind", "year", "region")


class CalendarIndexView(ScopedIndexView):
    """Whoever may not change a row reads it."""

    def _get_title_column(self, field_name: str, column_class: Any = None, **kwargs: Any) -> Any:
        column = super()._get_title_column(
            field_name, **({"column_class": column_class} if column_class else {}), **kwargs
        )
        column._get_url_func = lambda row: self.get_edit_url(row) or self.get_inspect_url(row)
        return column


class CalendarInspectView(ScopedInspectView):
    """Says in words what an empty value means."""

    EMPTY = {"region": _("Whole country"), "agency": _("All agencies")}

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = getattr(self.object, field_name, None)
        if value is None or value == "":
            return self.EMPTY.get(field_name, "–")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return super().get_field_display_value(field_name, field)


class ReadOnlyViewSet(ScopedViewSet):
    """Read here; changed only by a proposal that a second person approves."""

    index_view_class = CalendarIndexView
    inspect_view_class = CalendarInspectView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        closed = {"add_url_name": None, "edit_url_name": None, "delete_url_name": None}
        return super().get_common_view_kwargs(**{**closed, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        left_out = {"add", "edit", "delete"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in left_out]


class ProposingIndexView(CalendarIndexView):
    """A list with a button for each kind of change that may be put forward from it."""

    kinds: tuple[tuple[str, Any], ...] = ()

    @cached_property
    def proposed(self) -> list[tuple[str, Any]]:
        """Address and label of what this person may put forward here."""
        if not desk_regions(self.request.user).exists():
            return []
        return [(reverse("deadlines:new_change", args=[kind]), label) for kind, label in self.kinds]

    @cached_property
    def header_buttons(self) -> list[Button]:
        """The first kind stands open, on decree day nobody should have to look for it."""
        first = [HeaderButton(label, url=url, icon_name="plus") for url, label in self.proposed[:1]]
        return [*super().header_buttons, *first]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        others = [Button(label, url=url, icon_name="plus", priority=20) for url, label in self.proposed[1:]]
        return [*super().header_more_buttons, *others]


class LayerIndexView(ProposingIndexView):
    kinds = (("days", _("New holiday decree")), ("ramadan", _("Ramadan hours")))


class LayerViewSet(ReadOnlyViewSet):
    model = CalendarLayer
    name = "calendar_layers"
    icon = "calendar-alt"
    menu_label = _("Holidays and closures")
    menu_order = 100
    index_view_class = LayerIndexView
    filterset_class = LayerFilterSet
    search_fields = ("name", "source")
    list_display = ("__str__", "kind", "region", "agency", "source", "provisional", "superseded_on")
    form_fields = ("name",)
    inspect_view_fields = (
        "name", "kind", "year", "region", "agency", "source", "source_url", "decided_on", "known_from",
        "first_day", "last_day", "listed_days", "provisional", "superseded_on", "superseded_by", "note", "approved_by",
    )  # fmt: skip


class HoursIndexView(ProposingIndexView):
    kinds = (("hours", _("New office hours")), ("week", _("Another working week")), ("zone", _("Another time zone")))

    def get_list_more_buttons(self, instance: Model) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if instance.valid_until is None and desk_regions(self.request.user).exists():
            url = f"{reverse('deadlines:new_change', args=['hours'])}?from={instance.pk}"
            buttons.append(Button(_("New version"), url=url, icon_name="copy", priority=30))
        return buttons


class HoursViewSet(ReadOnlyViewSet):
    model = WorkingHours
    name = "working_hours"
    icon = "history"
    menu_label = _("Office hours")
    menu_order = 110
    index_view_class = HoursIndexView
    search_fields = ("name", "code")
    list_display = ("name", "version", "working_week", "region", "agency", "valid_from", "valid_until")
    form_fields = ("name",)
    inspect_view_fields = (
        "name", "code", "version", "working_week", "region", "agency", "valid_from", "valid_until", "source",
        "listed_windows",
    )  # fmt: skip


class ProposalIndexView(ProposingIndexView):
    kinds = (*LayerIndexView.kinds, *HoursIndexView.kinds)

    def get_inspect_url(self, instance: Model) -> str:
        return reverse("deadlines:change", args=[instance.pk])


class ProposalViewSet(ReadOnlyViewSet):
    """Changes put forward; the screen of one is ``views/staff/calendar_changes``."""

    model = CalendarProposal
    name = "calendar_changes"
    icon = "tasks"
    menu_label = _("Calendar changes")
    menu_order = 90
    index_view_class = ProposalIndexView
    inspect_view_enabled = False
    list_display = ("__str__", "kind", "region", "status", "proposed_by", "decided_by")
    list_filter = ("kind", "status")
    form_fields = ("title",)


class RuleViewSet(TracedViewSet):
    """The ladder of reminders."""

    model = EscalationRule
    name = "reminder_rules"
    icon = "warning"
    menu_label = _("Reminder rules")
    menu_order = 130
    index_view_class = CalendarIndexView
    inspect_view_class = CalendarInspectView
    list_display = ("__str__", "region", "agency", "is_active")
    list_filter = ("clock", "to")
    inspect_view_fields = ("clock", "moment", "number", "to", "address", "region", "agency", "is_active")
    edit_handler = ObjectList(
        [
            SCOPE,
            FieldPanel("clock"),
            FieldRowPanel([FieldPanel("number"), FieldPanel("moment")]),
            FieldRowPanel([FieldPanel("to"), FieldPanel("address")]),
            FieldPanel("is_active"),
        ],
        base_form_class=LocalScopeForm,
    )

    def touched_by(self, user: User, before: EscalationRule | None, after: EscalationRule) -> int:
        return touched_by_rule(user, before, after)


class LimitIndexView(CalendarIndexView):
    supersede_url_name = ""

    def get_list_more_buttons(self, instance: Model) -> list[Button]:
        buttons = super().get_list_more_buttons(instance)
        if self._may("supersede", instance):
            url = reverse(self.supersede_url_name, args=[instance.pk])
            buttons.append(Button(_("New version"), url=url, icon_name="copy", priority=30))
        url = reverse("deadlines:limit", args=[instance.pk])
        buttons.append(Button(_("What it means"), url=url, icon_name="view", priority=40))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        check = Button(_("Set-up check"), url=reverse("deadlines:set_up"), icon_name="tasks", priority=20)
        return [*super().header_more_buttons, check]


class PreviewedMixin:
    """A limit is saved at the second time of asking: the first shows what it would mean."""

    template_name = "workflows/calendars/limit_form.html"
    NAMES = ("clock", "case_class", "category", "number", "unit", "valid_from", "region", "agency")

    def form_valid(self, form: Any) -> Any:
        limit, seen = self._limit_of(form), self._seen(form)
        if self.request.POST.get("previewed") == seen:
            return super().form_valid(form)
        self.form = form
        context = self.get_context_data(form=form, meaning=meaning_of(limit, timezone.now()), previewed=seen)
        return self.render_to_response(context)

    def _seen(self, form: Any) -> str:
        """The values the preview was made of: another value asks for another preview."""
        return "|".join(str(form.cleaned_data.get(name, "")) for name in self.NAMES)

    def _limit_of(self, form: Any) -> SlaPolicy:
        """The limit as it would be saved, on a copy."""
        names = [field.attname for field in SlaPolicy._meta.concrete_fields if field.attname != "id"]
        limit = SlaPolicy(**{name: getattr(form.instance, name) for name in names})
        for name in self.NAMES:
            if name in form.cleaned_data:
                setattr(limit, name, form.cleaned_data[name])
        return limit


class LimitCreateView(PreviewedMixin, generic.CreateView):
    pass


class LimitEditView(PreviewedMixin, ScopedEditView):
    pass


class NewVersionView(PreviewedMixin, ScopedEditView):
    """Supersedes a version; the old one stays for the cases that were filed under it."""

    permission_required = "supersede"
    instance_actions = ["supersede"]
    page_title = _("New version")
    success_message = _("Version saved: %(object)s.")
    header_more_buttons: list[Button] = []

    def save_instance(self) -> SlaPolicy:
        return self.form.save()

    def get_edit_url(self) -> str:
        return self.request.path

    def get_page_subtitle(self) -> str:
        return gettext("New version of %(limit)s") % {"limit": self.object}

    @cached_property
    def can_delete(self) -> bool:
        return False


class LimitViewSet(ScopedViewSet):
    model = SlaPolicy
    name = "time_limits"
    icon = "time"
    menu_label = _("Time limits")
    menu_order = 120
    add_view_class = LimitCreateView
    edit_view_class = LimitEditView
    create_template_name = edit_template_name = PreviewedMixin.template_name
    index_view_class = LimitIndexView
    inspect_view_class = CalendarInspectView
    search_fields = ("code", "source")
    list_filter = ("clock", "case_class")
    list_display = ("__str__", "clock", "case_class", "category", "region", "agency", "valid_from", "valid_until")
    inspect_view_fields = (
        "code", "version", "clock", "case_class", "category", "region", "agency", "number", "unit",
        "valid_from", "valid_until", "source", "certainty", "note", "used_at",
    )  # fmt: skip
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("clock")]),
            SCOPE,
            FieldRowPanel([FieldPanel("case_class"), FieldPanel("category")]),
            FieldRowPanel([FieldPanel("number"), FieldPanel("unit")]),
            FieldPanel("valid_from"),
            FieldRowPanel([FieldPanel("source"), FieldPanel("certainty")]),
            FieldPanel("note"),
        ],
        base_form_class=LimitForm,
    )

    @property
    def new_version_view(self) -> Any:
        names = {"index_url_name": self.get_url_name("index"), "edit_url_name": self.get_url_name("edit")}
        return self.construct_view(NewVersionView, form_class=NewVersionForm, **names)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(supersede_url_name=self.get_url_name("supersede"), **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("new-version/<int:pk>/", self.new_version_view, name="supersede"),
        ]


class CalendarViewSetGroup(ViewSetGroup):
    menu_label = _("Deadlines")
    menu_icon = "calendar-alt"
    menu_order = 260
    items = (ProposalViewSet, LayerViewSet, HoursViewSet, LimitViewSet, RuleViewSet)
