"""How long a topic's reporters are kept: set a rule, pause it with a reason, let it hold again; all of it logged."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from core.models import Region, User
from workflows.models import Category, RetentionRule
from workflows.permissions import may_set_up
from workflows.services.steps import require_words

LOGGED = "workflows.retention"


@transaction.atomic
def set_rule(*, region: Region, category: Category | None, days: int, actor: User) -> RetentionRule:
    """Let a rule hold from tonight; a paused one holds again. Raises ``PermissionDenied``."""
    _require(region.pk, actor)
    values = {"days": days, "is_active": True, "pause_reason": "", "paused_at": None}
    rule, _is_new = RetentionRule.objects.update_or_create(region=region, category=category, defaults=values)
    log(rule, LOGGED, user=actor, data={"days": days})
    return rule


@transaction.atomic
def pause_rule(*, rule: RetentionRule, reason: str, actor: User, now: datetime | None = None) -> None:
    """Erase nothing under this rule until it holds again, for instance while a court asks for the cases.

    Raises ``PermissionDenied``, or ``ValidationError`` without a reason in words.
    """
    require_words("reason", reason)
    _require(rule.region_id, actor)
    words = reason.strip()[:250]
    RetentionRule.objects.filter(pk=rule.pk).update(
        is_active=False, pause_reason=words, paused_at=now or timezone.now()
    )
    log(rule, LOGGED, user=actor, data={"paused": words})


@transaction.atomic
def resume_rule(*, rule: RetentionRule, actor: User) -> None:
    """Let a paused rule hold again: what is due is erased from the next hour on. Raises ``PermissionDenied``."""
    _require(rule.region_id, actor)
    RetentionRule.objects.filter(pk=rule.pk).update(is_active=True, pause_reason="", paused_at=None)
    log(rule, LOGGED, user=actor, data={"resumed": True})


def _require(region_id: int, actor: User) -> None:
    if not may_set_up(region_id, actor):
        raise PermissionDenied("retention")
