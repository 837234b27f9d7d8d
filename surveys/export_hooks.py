"""Registers the export of answers and the offices' networks with Wagtail; decides nothing."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from surveys.models import OfficeNetwork
from surveys.permissions import NETWORK_ACTIONS
from surveys.viewsets.exports import CodebookView, DownloadView, ExportView
from surveys.viewsets.networks import OfficeNetworkViewSet

register_permission_policy(OfficeNetwork, ScopedPolicy(OfficeNetwork, NETWORK_ACTIONS, prefix="agency__"))


@hooks.register("register_admin_viewset")
def register_office_networks() -> OfficeNetworkViewSet:
    return OfficeNetworkViewSet()


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
