"""Published results: list, publishing in two steps, revisions, and the badge to copy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import policy_registry

from core.period_words import period_words
from core.periods import Period
from core.viewsets.scoped import ScopedInspectView
from surveys.models import PublishedIndex
from surveys.selectors.numbering import numbering_in
from surveys.selectors.results import ResultKind, ResultSubject, revisions_of
from surveys.services.results import (
    Draft,
    Refusal,
    ResultRefused,
    correct_result,
    draft_result,
    may_publish,
    publish_result,
)
from surveys.views.badges import KINDS
from surveys.views.result_sheet import ResultSheet
from surveys.views.results import result_url
from surveys.viewsets.answers import ReadOnlyIndexView, ReadOnlyViewSet
from surveys.viewsets.result_forms import ChooseForm, ConfirmForm
from surveys.viewsets.screens import PeriodFilterSet, Screen

REFUSALS = {
    Refusal.NOT_OVER: gettext_lazy("This period is not over yet."),
    Refusal.NOT_ENOUGH: gettext_lazy("Fewer than ten complete forms: no index is published."),
    Refusal.PUBLISHED: gettext_lazy("This result has been published meanwhile. Look at it and correct it if needed."),
    Refusal.NOT_PUBLISHED: gettext_lazy("There is nothing to correct yet."),
    Refusal.CHANGED_MEANWHILE: gettext_lazy("The figures changed since the preview. Please look at them again."),
    Refusal.NOTHING_CHANGED: gettext_lazy("This result is published already and no figure has changed since."),
    Refusal.NO_REASON: gettext_lazy("Please give the reason for the correction."),
}
FRAME_WIDTH, FRAME_HEIGHT = 360, 240


class ResultFilterSet(PeriodFilterSet):
    class Meta:
        model = PublishedIndex
        fields = ("period",)


class ResultIndexView(ReadOnlyIndexView):
    """Valid revisions only; earlier ones stand in the history of each."""

    add_item_label = gettext_lazy("Publish a result")

    def get_base_queryset(self) -> QuerySet[PublishedIndex]:
        rows = super().get_base_queryset().valid().defer("content")
        return rows.select_related("region", "agency", "service", "published_by")

    def get_add_url(self) -> str | None:
        allowed = self.permission_policy.user_has_permission(self.request.user, "add")
        return reverse("published_results:publish") if allowed else None


class ResultInspectView(ScopedInspectView):
    """The frozen figure, its revisions and the code of the badge."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        result = self.object
        subject = ResultSubject(result.region, result.agency, result.service)
        return super().get_context_data(
            result=result,
            sheet=ResultSheet(result.content, numbering_in(result.region_id)),
            revisions=revisions_of(result),
            public_url=_absolute(result_url(result)),
            poster_url=result_url(result, "poster"),
            badge=badge_code(subject),
            correct_url=_preview_url(subject, result.period) if may_publish(self.request.user, subject) else "",
            **kwargs,
        )


class PublishingScreen(Screen, TemplateView):
    """For those who publish anything at all; what exactly is asked again for every result."""

    page_title = gettext_lazy("Publish a result")
    header_icon = "check"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        policy = policy_registry.get_by_type(PublishedIndex)
        if not policy.user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[tuple[str, Any]]:
        return [(reverse("published_results:index"), _("Published results"))]


class PublishView(PublishingScreen):
    """First step: which result."""

    template_name = "surveys/admin/result_choose.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChooseForm(request.GET if "subject" in request.GET else None, user=request.user)
        if form.is_valid():
            subject, period = form.chosen()
            return redirect(_preview_url(subject, period.key))
        return self.render_to_response(self.get_context_data(form=form))


class PreviewView(PublishingScreen):
    """Second step: what would be frozen; a POST freezes exactly that or nothing."""

    template_name = "surveys/admin/result_preview.html"
    http_method_names = ["get", "head", "post", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        chosen = ChooseForm(request.GET, user=request.user)
        self.chosen = chosen.chosen() if chosen.is_valid() else None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.chosen is None and request.user.is_authenticated:
            return redirect("published_results:publish")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self._draft()
        return self._shown(draft, _confirm_form(draft))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self._draft()
        form = _confirm_form(draft, request.POST)
        if not form.is_valid():
            return self._shown(draft, form)
        try:
            result = _store(draft, form, request)
        except ResultRefused as refused:
            messages.error(request, str(REFUSALS[refused.refusal]))
            return self._shown(draft, _confirm_form(draft))
        messages.success(
            request, _("Published: %(result)s, %(period)s.") % {"result": result, "period": period_words(draft.period)}
        )
        return redirect("published_results:inspect", result.pk)

    def _draft(self) -> Draft:
        subject, period = self.chosen
        return draft_result(subject=subject, period=period, now=timezone.now())

    def _shown(self, draft: Draft, form: ConfirmForm) -> HttpResponse:
        refusal = REFUSALS[draft.refusal] if draft.refusal else ""
        sheet = ResultSheet(draft.content, numbering_in(draft.subject.region.pk))
        context = self.get_context_data(draft=draft, sheet=sheet, form=form, refusal=refusal, current=draft.current)
        return self.render_to_response(context)


def _confirm_form(draft: Draft, data: Any = None) -> ConfirmForm:
    return ConfirmForm(data, is_correction=draft.is_correction, initial={"seen": draft.content_hash})


def _store(draft: Draft, form: ConfirmForm, request: HttpRequest) -> PublishedIndex:
    given = {
        "subject": draft.subject,
        "period": draft.period,
        "actor": request.user,
        "now": timezone.now(),
        "expected_hash": form.cleaned_data["seen"],
    }
    if draft.is_correction:
        return correct_result(reason=form.cleaned_data["reason"], **given)
    return publish_result(**given)


def _preview_url(subject: ResultSubject, period: Period | str) -> str:
    key = period.key if isinstance(period, Period) else period
    return f"{reverse('published_results:preview')}?subject={subject.key}&period={key}"


def _absolute(address: str) -> str:
    return settings.BASE_URL.rstrip("/") + address


def badge_code(subject: ResultSubject) -> dict[str, str]:
    """Addresses and HTML to paste into another website; neither needs a script."""
    names = {kind: name for name, kind in KINDS.items()}
    code = str(subject.unit.pk) if subject.kind is ResultKind.SERVICE else subject.unit.code
    with translation.override(settings.LANGUAGE_CODE):
        address = reverse("surveys:badge_svg", args=[names[subject.kind], code])
        picture = _absolute(address)
        frame = _absolute(reverse("surveys:badge", args=[names[subject.kind], code]))
        title = _("Public satisfaction index")
    return {
        "preview": address,
        "picture": f'<a href="{frame}"><img src="{picture}" width="320" height="132" alt="{title}"></a>',
        "frame": f'<iframe src="{frame}" width="{FRAME_WIDTH}" height="{FRAME_HEIGHT}" title="{title}" loading="lazy">'
        "</iframe>",
    }


class PublishedIndexViewSet(ReadOnlyViewSet):
    model = PublishedIndex
    name = "published_results"
    url_prefix = "published-results"
    icon = "check"
    menu_label = gettext_lazy("Published results")
    menu_order = 236
    add_to_admin_menu = True
    index_view_class = ResultIndexView
    inspect_view_class = ResultInspectView
    inspect_template_name = "surveys/admin/result.html"
    filterset_class = ResultFilterSet
    search_fields = ("agency__name", "agency__short_name", "service__name", "region__name")
    list_display = (
        "__str__",
        Column("words", label=gettext_lazy("Period"), accessor=lambda row: period_words(row.reporting_period)),
        Column("index", label=gettext_lazy("Index"), sort_key="index"),
        Column("grade", label=gettext_lazy("Grade")),
        Column("n", label=gettext_lazy("Answers")),
        Column("revision", label=gettext_lazy("Revision")),
        DateColumn("published_at", label=gettext_lazy("Published"), sort_key="published_at"),
        Column("published_by", label=gettext_lazy("By")),
    )
    inspect_view_fields = ("published_at", "published_by", "revision", "reason", "content_hash")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("publish/", PublishView.as_view(), name="publish"),
            path("publish/preview/", PreviewView.as_view(), name="preview"),
        ]
