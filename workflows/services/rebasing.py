"""Count open cases under the newest version of a limit: never by itself, always after a preview, with an event each.

Each case is a transaction of its own, so officers go on working meanwhile. A run that was stopped is repeated and does
the rest.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.models import User
from workflows.calendar_policies import LIMIT_ACTIONS, LimitPolicy
from workflows.models import ClockCycle, SlaPolicy
from workflows.moments import utc_text
from workflows.selectors.calendars import calendar_version
from workflows.selectors.redating import pauses_among
from workflows.services import clocks, notices
from workflows.services.clocks import Clock
from workflows.services.steps import Step, lock, record
from workflows.states import Action, Status

# Clocks that are read with one statement.
BATCH = 500


class Rebased(NamedTuple):
    """One clock under the newer version. ``is_born_overdue`` when the new date has already passed."""

    clock: ClockCycle
    before: datetime | None
    after: datetime | None
    is_born_overdue: bool


def rebase_preview(*, policy: SlaPolicy, actor: User, now: datetime) -> list[Rebased]:
    """What the open cases of every older version of a limit would be due under this one. Changes nothing.

    Raises ``PermissionDenied`` without the right to change the limit.
    """
    _require(policy, actor)
    return list(_rebased(policy, now))


def rebase_cases(*, policy: SlaPolicy, actor: User, reason: str, now: datetime) -> int:
    """Count the open clocks of older versions of a limit under this one; how many. Each gets an event.

    Raises ``PermissionDenied`` or, without a reason, ``ValidationError``.
    """
    _require(policy, actor)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": _("Say in a few words why.")}, code="too_short")
    return sum(_rebase(found, policy, actor, reason.strip(), now) for found in _older(policy))


@transaction.atomic
def _rebase(found: ClockCycle, policy: SlaPolicy, actor: User, reason: str, now: datetime) -> bool:
    """Whether the clock was still running under an older version when the case was locked."""
    complaint = lock(found.complaint_id)
    clock = next((row for row in clocks.running(complaint) if row.pk == found.pk), None)
    if clock is None or clock.policy_id == policy.pk:
        return False
    before, old = clock.due_at, clock.policy_id
    clocks.rebase(complaint, clock, policy, now)
    if complaint.status != Status.NEEDS_INFO:
        clocks.set_next_due(complaint)
    is_public = clock.kind == Clock.TOTAL and before != clock.due_at
    dates: dict[str, Any] = {"from": utc_text(before), "to": utc_text(clock.due_at)}
    dates |= {"clock": clock.kind, "policies": [old, policy.pk]}
    event = record(
        Step(complaint, actor, now, complaint.status), Action.REBASED, note=reason, is_public=is_public, **dates
    )
    if is_public:
        notices.tell_reporter(event, "complaint_moved", status=complaint.status)
    return True


def _require(policy: SlaPolicy, actor: User) -> None:
    rules = LimitPolicy(SlaPolicy, LIMIT_ACTIONS)
    if not rules.user_has_permission_for_instance(actor, "supersede", policy):
        raise PermissionDenied("rebase")


def _rebased(policy: SlaPolicy, now: datetime) -> Iterator[Rebased]:
    version = calendar_version()
    related = ("policy", "leg__agency__region", "complaint__region__complaint_desk__coordinator__region")
    for batch in _batches(policy, *related):
        pauses = pauses_among(Q(complaint__in=[clock.complaint_id for clock in batch]), until=now)
        for clock in batch:
            office = clock.leg.agency if clock.leg else clocks.desk_behind(clock.complaint).coordinator
            calendar, stops = clocks.calendar_of(office, version), pauses.get(clock.complaint_id, ())
            after = clocks.due_of(policy, calendar, clock.started_at, stops, clock.extension_days)
            yield Rebased(clock, clock.due_at, after, after is not None and after < now)


def _older(policy: SlaPolicy) -> Iterator[ClockCycle]:
    return chain.from_iterable(_batches(policy))


def _batches(policy: SlaPolicy, *related: str) -> Iterator[list[ClockCycle]]:
    """The running clocks of older versions, by case; each list is read when it is asked for (one statement)."""
    older = ClockCycle.objects.filter(stopped_at__isnull=True, policy__code=policy.code).exclude(policy=policy)
    rows = older.order_by("complaint_id", "pk")
    rows = rows.select_related(*related).defer("complaint__body") if related else rows
    asked = rows
    while batch := list(asked[:BATCH]):
        yield batch
        last = batch[-1]
        asked = rows.filter(Q(complaint__gt=last.complaint_id) | Q(complaint=last.complaint_id, pk__gt=last.pk))
