"""Registers the screens for paper forms with Wagtail; decides nothing."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from surveys.models import PaperBatch
from surveys.permissions import BATCH_ACTIONS
from surveys.viewsets.paper import PaperBatchViewSet

register_permission_policy(PaperBatch, ScopedPolicy(PaperBatch, BATCH_ACTIONS, prefix="agency__"))


@hooks.register("register_admin_viewset")
def register_paper_batches() -> PaperBatchViewSet:
    return PaperBatchViewSet()
