"""Taking answers out as a file: the form, the files asked for before, the download and the codebook."""

from __future__ import annotations

import csv
import io
import json
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from core.accounts import confirm_identity
from core.exchange.formats import CSV_TYPE, guard
from core.permissions import scope_of
from surveys.exporting.codebook import HEADINGS, codebook, codebook_rows
from surveys.models import AnswerExport, Channel, ServicePoint, Survey
from surveys.permissions import EXPORTERS
from surveys.selectors.exports import Selection, export_layout, exports_of
from surveys.services.exports import STREAMED, pieces, record_export
from surveys.tasks import write_export
from surveys.viewsets.screens import Screen

# More than this leaves only after it was confirmed.
CONFIRM_ABOVE = 10_000
LISTED = 20


def exportable_survey(request: HttpRequest, pk: int) -> Survey:
    """The survey when the person may see it (else 404) and take its answers out (else 403)."""
    surveys = Survey.objects.visible_to(request.user).select_related("agency__region")
    survey = get_object_or_404(surveys, pk=pk)
    if not scope_of(request.user).covers(EXPORTERS, survey.agency):
        raise PermissionDenied
    return survey


class ExportForm(forms.Form):
    format = forms.ChoiceField(choices=AnswerExport.Format.choices, label=gettext_lazy("Format"))
    first = forms.DateField(required=False, widget=AdminDateInput, label=gettext_lazy("From"))
    last = forms.DateField(required=False, widget=AdminDateInput, label=gettext_lazy("To"))
    channel = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("All channels")), *Channel.choices], label=gettext_lazy("Channel")
    )
    point = forms.ModelChoiceField(
        ServicePoint.objects.none(), required=False, label=gettext_lazy("Service point"),
        empty_label=gettext_lazy("All service points"),
    )  # fmt: skip
    texts = forms.BooleanField(
        required=False,
        label=gettext_lazy("With what people wrote: comments, reasons, own words and photos"),
        help_text=gettext_lazy("May say who wrote it. You are asked for your password unless you just gave it."),
    )
    reason = forms.CharField(
        max_length=200,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Why the answers leave the system. It is kept in the log."),
    )
    confirmed = forms.BooleanField(
        required=False, label=gettext_lazy("I really need this many answers and will keep the file safe.")
    )

    def __init__(self, *args: Any, survey: Survey, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.survey, self.user = survey, user
        self.fields["point"].queryset = ServicePoint.objects.visible_to(user).filter(survey=survey)

    @property
    def selection(self) -> Selection:
        data = self.cleaned_data
        point = data.get("point")
        return Selection(self.survey, data.get("first"), data.get("last"), data["channel"], point.pk if point else None)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not data["confirmed"] and self._is_large():
            message = _("These are more than %(limit)d answers. Please confirm below.") % {"limit": CONFIRM_ABOVE}
            self.add_error("confirmed", message)
        return data

    def _is_large(self) -> bool:
        """Without counting them all."""
        answers = self.selection.answers(self.user).order_by()
        return answers.values("pk")[CONFIRM_ABOVE : CONFIRM_ABOVE + 1].exists()


class ExportView(Screen, FormView):
    form_class = ExportForm
    template_name = "surveys/admin/export.html"
    page_title = gettext_lazy("Export answers")
    header_icon = "download"

    @cached_property
    def survey(self) -> Survey:
        return exportable_survey(self.request, self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.survey  # noqa: B018  refuses before anything is read
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.survey.title

    def trail(self) -> list[tuple[str, Any]]:
        answers = f"{reverse('survey_responses:index')}?survey={self.survey.pk}"
        return [(reverse("survey_list:index"), _("Surveys")), (answers, self.survey.title)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "survey": self.survey, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = AnswerExport.objects.visible_to(self.request.user).filter(survey=self.survey)
        files = list(files.exclude(format__in=STREAMED).select_related("survey")[:LISTED])
        taken = exports_of(self.survey, self.request.user)[:LISTED]
        return super().get_context_data(survey=self.survey, files=files, taken=taken, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if any(export.is_underway for export in context["files"]) and self.request.method == "GET":
            # The bar moves without a script.
            response["Refresh"] = "5"
        return response

    def form_valid(self, form: ExportForm) -> HttpResponseBase:
        kind, texts = form.cleaned_data["format"], form.cleaned_data["texts"]
        if texts or form.cleaned_data["confirmed"]:
            confirm_identity(self.request)
        with transaction.atomic():
            export = record_export(
                selection=form.selection,
                kind=kind,
                reason=form.cleaned_data["reason"],
                texts=texts,
                user=self.request.user,
                now=timezone.now(),
            )
            if kind not in STREAMED:
                write_export.enqueue(export.pk)
        if kind in STREAMED:
            return streamed(export)
        messages.success(self.request, _("The file is being written. It appears below when it is ready."))
        return redirect("survey_export", self.survey.pk)


def streamed(export: AnswerExport) -> StreamingHttpResponse:
    kind = CSV_TYPE if export.format == AnswerExport.Format.CSV else "application/x-ndjson; charset=utf-8"
    response = StreamingHttpResponse(pieces(export), content_type=kind)
    return _as_file(response, export.download_name)


class DownloadView(View):
    """The own file, while it is kept and while the person still may export this survey."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        exports = AnswerExport.objects.visible_to(request.user).select_related("survey")
        export = get_object_or_404(exports, pk=pk)
        exportable_survey(request, export.survey_id)
        if export.has_texts:
            confirm_identity(request)
        if export.state != AnswerExport.State.READY or export.expires_at <= timezone.now():
            raise Http404
        response = FileResponse(storages["private"].open(export.file))
        response["X-Content-SHA256"] = export.sha256
        return _as_file(response, export.download_name)


class CodebookView(View):
    """What every column means, as a table or as JSON."""

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        survey = exportable_survey(request, pk)
        layout = export_layout(survey)
        if kind == "json":
            text, content_type = json.dumps(codebook(layout), ensure_ascii=False, indent=1), "application/json"
        elif kind == "csv":
            text, content_type = _table(codebook_rows(layout)), CSV_TYPE
        else:
            raise Http404
        return _as_file(HttpResponse(text, content_type=content_type), f"{survey.slug}-codebook.{kind}")


def _table(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([HEADINGS, *([guard(cell) for cell in row] for row in rows)])
    return "\ufeff" + text.getvalue()


def _as_file(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response


def export_url(survey_id: int) -> str:
    return reverse("survey_export", args=[survey_id])
