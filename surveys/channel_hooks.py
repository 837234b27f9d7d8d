"""Registers the screens for paper forms and internal surveys with Wagtail; decides nothing."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from surveys.models import PaperBatch
from surveys.permissions import BATCH_ACTIONS
from surveys.views.internal_panel import InternalSurveysPanel
from surveys.viewsets.paper import PaperBatchViewSet

register_permission_policy(PaperBatch, ScopedPolicy(PaperBatch, BATCH_ACTIONS, prefix="agency__"))


@hooks.register("register_admin_viewset")
def register_paper_batches() -> PaperBatchViewSet:
    return PaperBatchViewSet()


@hooks.register("construct_homepage_panels")
def add_internal_surveys(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(InternalSurveysPanel())
