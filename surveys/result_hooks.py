"""Registers published results and survey targets with Wagtail; decides nothing. Imported by ``wagtail_hooks``."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from surveys.models import PublishedIndex, SurveyTarget
from surveys.permissions import RESULT_ACTIONS, TARGET_ACTIONS
from surveys.policies import ResultPolicy
from surveys.viewsets.results import PublishedIndexViewSet
from surveys.viewsets.targets import SurveyTargetViewSet

register_permission_policy(PublishedIndex, ResultPolicy(PublishedIndex, RESULT_ACTIONS, prefix="agency__"))
register_permission_policy(SurveyTarget, ScopedPolicy(SurveyTarget, TARGET_ACTIONS, prefix="agency__"))


@hooks.register("register_admin_viewset")
def register_results() -> list[ViewSet]:
    return [PublishedIndexViewSet(), SurveyTargetViewSet()]
