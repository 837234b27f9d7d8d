"""Registers the export of answers with Wagtail; decides nothing."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from surveys.viewsets.exports import CodebookView, DownloadView, ExportView


@hooks.register("register_admin_urls")
def export_urls() -> list[URLPattern]:
    return [
        path("survey-exports/<int:pk>/", ExportView.as_view(), name="survey_export"),
        path("survey-exports/<int:pk>/codebook.<str:kind>", CodebookView.as_view(), name="survey_codebook"),
        path("survey-exports/files/<int:pk>/", DownloadView.as_view(), name="survey_export_file"),
    ]


@hooks.register("register_log_actions")
def register_export_action(actions: Any) -> None:
    actions.register_action("surveys.export", _("Export answers"), _("Answers exported"))
