"""Change what a region's machine allows: draft, publish, keep. Nothing holds before it is published."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Region, User
from core.permissions import Role
from workflows.acts import ACT
from workflows.models import LocalReason, RuleSet
from workflows.moves import OFFICIAL_REASONS
from workflows.permissions import may_change_rules
from workflows.rulebook import OFFICIAL, ROW, Rules, choosable, differences, faults_of, reason_differences
from workflows.selectors.rules import told

State = RuleSet.State
MOST_REASONS = 60


class StaleDraft(Exception):
    """The draft has changed since it was shown; what was previewed is not what would be published."""


@transaction.atomic
def start_draft(*, region: Region, actor: User) -> RuleSet:
    """The region's draft: the one there is, or a copy of what holds now."""
    _require(region.pk, actor)
    draft = RuleSet.objects.filter(region=region, state=State.DRAFT).first()
    if draft:
        return draft
    current = RuleSet.objects.filter(region=region, state=State.PUBLISHED).first()
    latest = RuleSet.objects.filter(region=region).aggregate(latest=Max("number"))["latest"] or 0
    draft = RuleSet.objects.create(
        region=region, number=latest + 1, moves=current.moves if current else {}, created_by=actor
    )
    LocalReason.objects.bulk_create(_copies(current, draft) if current else _official(draft))
    return draft


@transaction.atomic
def save_draft(
    *,
    draft_id: int,
    actor: User,
    moves: Mapping[str, Any],
    offered: Mapping[int, bool],
    note: str = "",
    seen: str | None = None,
) -> RuleSet:
    """Write the changes of moves and acts, by key, and which reasons (by id) are offered.

    Raises ``ValidationError`` for a move or act that no member of staff would have any more, ``StaleDraft`` when
    somebody else was faster.
    """
    draft = _locked(draft_id, actor, seen)
    orphaned = [key for key, change in moves.items() if "roles" in change and not _staff_of(key, change["roles"])]
    if orphaned:
        message = _("Nobody would be left who may do this: %(what)s") % {"what": "; ".join(map(told, orphaned))}
        raise ValidationError(message, code="nobody")
    draft.moves, draft.note = dict(moves), note.strip()[:250]
    draft.save(update_fields=["moves", "note"])
    for is_active in (True, False):
        chosen = [pk for pk, wanted in offered.items() if wanted is is_active]
        draft.reasons.filter(pk__in=chosen).update(is_active=is_active)
    return draft


@transaction.atomic
def add_reason(
    *, draft_id: int, actor: User, kind: str, name: str, name_en: str = "", seen: str | None = None
) -> LocalReason:
    """Add a reason of the region's own; its code is given, and stays with every event that uses it."""
    draft = _locked(draft_id, actor, seen)
    if kind not in LocalReason.Kind.values or len(name.strip()) < 3:
        raise ValidationError(_("Write the name of the reason and say what it is for."), code="required")
    if draft.reasons.count() >= MOST_REASONS:
        raise ValidationError(_("There are too many reasons already."), code="too_many")
    used = LocalReason.objects.filter(rule_set__region=draft.region_id, is_official=False)
    number = max((int(code.rpartition("_")[2]) for code in used.values_list("code", flat=True)), default=0) + 1
    return LocalReason.objects.create(
        rule_set=draft, kind=kind, code=f"own_{number}", name=name.strip()[:80], name_en=name_en.strip()[:80]
    )


@transaction.atomic
def publish_rules(*, draft_id: int, actor: User, seen: str | None = None) -> RuleSet:
    """Let the draft hold from now on; what held before is kept as it was.

    Raises ``ValidationError`` naming the states that would be out of reach or without a way out, or when the draft
    changes nothing.
    """
    draft = _locked(draft_id, actor, seen)
    current = RuleSet.objects.filter(region=draft.region_id, state=State.PUBLISHED).first()
    old, new = current.rules() if current else OFFICIAL, draft.rules()
    if faults := faults_of(new):
        raise ValidationError([f"{fault.sentence} {fault.names}" for fault in faults], code="unreachable")
    draft.changes = summary(old, new)
    if not draft.changes:
        raise ValidationError(_("The draft changes nothing."), code="same")
    if current:
        current.state = State.RETIRED
        current.save(update_fields=["state"])
    draft.state, draft.published_by, draft.published_at = State.PUBLISHED, actor, timezone.now()
    draft.save(update_fields=["state", "published_by", "published_at", "changes"])
    return draft


@transaction.atomic
def discard_draft(*, draft_id: int, actor: User) -> None:
    """Throw the draft away; its number is given out again, because nothing ever held under it."""
    _locked(draft_id, actor, None).delete()


def digest_of(draft: RuleSet) -> str:
    """What stands in a draft, in short: shown with the preview and asked again when it is published."""
    reasons = list(draft.reasons.order_by("pk").values_list("pk", "is_active", "name", "name_en"))
    text = json.dumps([draft.pk, draft.moves, reasons], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def summary(old: Rules, new: Rules) -> list[dict[str, Any]]:
    """What changes, in codes, as kept with the published version."""
    moves = [
        {"act" if row.key in ACT else "move": row.key, "on": row.is_on, "gains": row.gains, "loses": row.loses}
        for row in differences(old, new)
    ]
    reasons = [{"reason": name, "kind": kind, "on": is_new} for kind, name, is_new in reason_differences(old, new)]
    return [*moves, *reasons]


def _staff_of(key: str, wanted: Iterable[str]) -> set[str]:
    """Which members of staff would have a move or act with these roles given."""
    row = ROW[key]
    return set(wanted) & choosable(row) | row.kept & set(Role)


def _require(region_id: int, actor: User) -> None:
    if not may_change_rules(region_id, actor):
        raise PermissionDenied("rules")


def _locked(draft_id: int, actor: User, seen: str | None) -> RuleSet:
    """The draft under lock. Raises ``RuleSet.DoesNotExist``, ``PermissionDenied`` or ``StaleDraft``."""
    draft = RuleSet.objects.select_for_update().get(pk=draft_id, state=State.DRAFT)
    _require(draft.region_id, actor)
    if seen is not None and seen != digest_of(draft):
        raise StaleDraft
    return draft


def _copies(current: RuleSet, draft: RuleSet) -> list[LocalReason]:
    rows = list(current.reasons.all())
    for row in rows:
        row.pk, row.rule_set = None, draft
    return rows


def _official(draft: RuleSet) -> list[LocalReason]:
    """The official reasons as rows: their words stay those of the code, a region says only whether it offers them."""
    return [
        LocalReason(rule_set=draft, kind=kind, code=reason.value, name=reason.value, is_official=True, position=at)
        for kind, reasons in OFFICIAL_REASONS.items()
        for at, reason in enumerate(reasons)
    ]
