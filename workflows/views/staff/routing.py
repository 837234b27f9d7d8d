"""Routing rules: what is in force, the editor with its dry run, and versions; and what the classifier is worth."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.models import Agency, Region, Service, Village
from workflows.models import RoutingModel, RoutingRules
from workflows.permissions import REGION_READERS, may_route
from workflows.routing import DryRun
from workflows.routing_forms import RuleFormSet, initial_of, rows_of
from workflows.selectors import places
from workflows.selectors.routing import categories_named, draft_rules, rules_in_force
from workflows.services.routing import current_rows, discard_draft, publish_draft, save_draft, try_rules
from workflows.views.staff.base import RegionScreen
from workflows.views.staff.rule_words import RuleWords, tried_words

MOST_SHOWN = 30


class RoutingScreen(RegionScreen, TemplateView):
    """For the desk and the auditor of a region; only its administrator changes anything."""

    region_roles = REGION_READERS

    @property
    def may_change(self) -> bool:
        return may_route(self.region.pk, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {"region": self.region, "regions": self.regions, "may_change": self.may_change}
        return super().get_context_data(**shared, **kwargs)


class RoutingView(RoutingScreen):
    template_name = "workflows/staff/routing.html"

    def get_page_title(self) -> str:
        return _("Routing rules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = RoutingRules.objects.filter(region=self.region).select_related("made_by", "published_by")
        in_force = rules_in_force(self.region.pk)
        return super().get_context_data(
            in_force=in_force,
            rules=RuleWords(self.region).lines(in_force.rules) if in_force else [],
            draft=draft_rules(self.region),
            versions=versions.published()[:MOST_SHOWN],
            learned=RoutingModel.objects.filter(region=self.region).defer("payload"),
            **kwargs,
        )


class VersionView(RoutingScreen):
    """One version as it was published."""

    template_name = "workflows/staff/routing_version.html"

    def get_page_title(self) -> str:
        return _("Routing rules, version %(number)d") % {"number": self.version.number}

    @cached_property
    def version(self) -> RoutingRules:
        found = RoutingRules.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def region(self) -> Region:
        return self.version.region

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            version=self.version, rules=RuleWords(self.region).lines(self.version.rules), **kwargs
        )


class RoutingEditView(RoutingScreen):
    """A draft; "try" shows what it would have done to past cases before it may be published."""

    template_name = "workflows/staff/routing_edit.html"
    tried: DryRun | None = None
    formset: Any = None
    problems: list[str] = []

    def get_page_title(self) -> str:
        return _("Change the routing rules")

    def allowed(self) -> bool:
        return super().allowed() and any(may_route(region.pk, self.request.user) for region in self.regions)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.request = request
        if self.allowed() and not self.may_change:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def rule_forms(self, data: Any = None) -> Any:
        kwargs = {"choices": self.choices, "villages": self.villages}
        initial = initial_of(current_rows(self.region))
        return RuleFormSet(data, initial=initial, prefix="r", form_kwargs=kwargs)

    @cached_property
    def choices(self) -> dict[str, Any]:
        today = timezone.now().astimezone(self.region.zone).date()
        topics = [("", "–"), *((code, str(row)) for code, row in categories_named(self.region).items())]
        agencies = Agency.objects.active(today).filter(region=self.region).in_tree_order()
        services = Service.objects.filter(agency__region=self.region).order_by("name")
        return {
            "category": topics,
            "set_category": topics,
            "service": [("", "–"), *((row.pk, row.name) for row in services)],
            "district": [("", "–"), *places.districts_of(self.region)[1:]],
            "agency": [("", _("Choose an agency")), *((row.pk, row.indented_name) for row in agencies)],
        }

    @cached_property
    def villages(self) -> dict[int, Any]:
        grouped: dict[int, Any] = {}
        for village in Village.objects.filter(district__region=self.region).order_by("name"):
            grouped.setdefault(village.district_id, []).append((village.pk, str(village)))
        return grouped

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        formset = self.formset or self.rule_forms()
        tried = tried_words(self.region, self.tried) if self.tried else None
        draft = draft_rules(self.region)
        return super().get_context_data(formset=formset, tried=tried, draft=draft, problems=self.problems, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "discard" in request.POST:
            discard_draft(region=self.region, actor=request.user)
            return redirect(self.home)
        self.formset = self.rule_forms(request.POST)
        if not self.formset.is_valid():
            return self.again(422)
        try:
            return self.keep(rows_of(self.formset))
        except ValidationError as error:
            self.problems = error.messages
            return self.again(422)

    def keep(self, rows: list[dict[str, Any]]) -> HttpResponse:
        note = self.request.POST.get("note", "")
        save_draft(region=self.region, actor=self.request.user, rows=rows, note=note)
        if "publish" in self.request.POST:
            publish_draft(region=self.region, actor=self.request.user)
            messages.success(self.request, _("The rules count from now on."))
            return redirect(self.home)
        self.tried = try_rules(self.region, rows)
        self.formset = None
        return self.again(200)

    def again(self, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=status)

    @property
    def home(self) -> str:
        return f"{reverse('intake:routing')}?region={self.region.code}"
