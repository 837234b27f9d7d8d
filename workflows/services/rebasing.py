"""Count open cases under the newest version of a limit: never by itself, always after a preview, with an event each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.models import User
from workflows.calendar_policies import LIMIT_ACTIONS, LimitPolicy
from workflows.models import ClockCycle, SlaPolicy
from workflows.selectors.calendars import calendar_version
from workflows.selectors.redating import pauses_among
from workflows.services import clocks, notices
from workflows.services.clocks import Clock
from workflows.services.steps import Step, lock, record
from workflows.states import Action, Status

# Clocks whose pauses are read with one statement.
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


@transaction.atomic
def rebase_cases(*, policy: SlaPolicy, actor: User, reason: str, now: datetime) -> int:
    """Count the open cases of older versions of a limit under this one; how many cases. Each gets an event.

    Raises ``PermissionDenied`` or, without a reason, ``ValidationError``.
    """
    _require(policy, actor)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": _("Say in a few words why.")}, code="too_short")
    done = 0
    for found in _rebased(policy, now):
        _rebase(found.clock, policy, actor, reason.strip(), now)
        done += 1
    return done


def _rebase(found: ClockCycle, policy: SlaPolicy, actor: User, reason: str, now: datetime) -> None:
    complaint = lock(found.complaint_id)
    clock = next((row for row in clocks.running(complaint) if row.pk == found.pk), None)
    if clock is None:
        return
    before, old = clock.due_at, clock.policy_id
    clocks.rebase(complaint, clock, policy, now)
    if complaint.status != Status.NEEDS_INFO:
        clocks.set_next_due(complaint)
    is_public = clock.kind == Clock.TOTAL and before != clock.due_at
    dates: dict[str, Any] = {"from": _iso(before), "to": _iso(clock.due_at)}
    dates |= {"clock": clock.kind, "policies": [old, policy.pk]}
    event = record(
        Step(complaint, actor, now, complaint.status), Action.REBASED, note=reason, is_public=is_public, **dates
    )
    if is_public:
        notices.tell_reporter(event, "complaint_moved", status=complaint.status)


def _require(policy: SlaPolicy, actor: User) -> None:
    rules = LimitPolicy(SlaPolicy, LIMIT_ACTIONS)
    if not rules.user_has_permission_for_instance(actor, "supersede", policy):
        raise PermissionDenied("rebase")


def _rebased(policy: SlaPolicy, now: datetime) -> Iterator[Rebased]:
    older = ClockCycle.objects.filter(stopped_at__isnull=True, policy__code=policy.code).exclude(policy=policy)
    related = ("policy", "leg__agency__region", "complaint__region__complaint_desk__coordinator__region")
    version = calendar_version()
    rows = older.select_related(*related).defer("complaint__body").order_by("complaint", "pk")
    while batch := list(rows[:BATCH]):
        pauses = pauses_among(Q(complaint__in=[clock.complaint_id for clock in batch]), until=now)
        for clock in batch:
            office = clock.leg.agency if clock.leg else clocks.desk_behind(clock.complaint).coordinator
            calendar, stops = clocks.calendar_of(office, version), pauses.get(clock.complaint_id, ())
            after = clocks.due_of(policy, calendar, clock.started_at, stops, clock.extension_days)
            yield Rebased(clock, clock.due_at, after, after is not None and after < now)
        last = batch[-1]
        rows = rows.filter(Q(complaint__gt=last.complaint_id) | Q(complaint=last.complaint_id, pk__gt=last.pk))


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
