"""Write an approved change into the dated rows of the calendars. Nothing is overwritten: earlier states stay told.

``content`` by kind: ``days`` {"days": [{"on", "name", "kind", "change"}]}; ``ramadan`` {"first", "last",
"provisional"}; ``hours`` {"code", "name", "working_week", "valid_from", "windows": [{"season", "weekday", "opens",
"closes"}]}; ``week`` {"agency", "working_week", "joint_leave_observed", "valid_from"}; ``zone`` {"before", "after"}.
"""

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.models import Region, User
from workflows.decrees import REMOVE
from workflows.models import AgencyWeek, CalendarDay, CalendarLayer, CalendarProposal, WorkingHours, WorkingWindow

Kind = CalendarProposal.Kind
Row = dict[str, Any]


def apply_change(proposal: CalendarProposal, approver: User | None) -> None:
    """Write the change; call it in a transaction, followed by a revision. Raises ``ValidationError``."""
    {
        Kind.DAYS: _change_days,
        Kind.RAMADAN: _change_ramadan,
        Kind.HOURS: _change_hours,
        Kind.WEEK: _change_week,
        Kind.ZONE: _change_zone,
    }[Kind(proposal.kind)](proposal, approver)


def _change_days(proposal: CalendarProposal, approver: User | None) -> None:
    changed = 0
    for row in proposal.content["days"]:
        on = date.fromisoformat(row["on"])
        if row["change"] == REMOVE:
            changed += _remove_day(proposal, on, row)
            continue
        layer = _layer(proposal, on.year, row["kind"], approver)
        _known, created = CalendarDay.objects.get_or_create(
            layer=layer,
            on=on,
            removed_on=None,
            defaults={
                "name": row["name"] or proposal.title,
                "added_on": proposal.known_from,
                "added_by": proposal.source,
            },
        )
        changed += created
    if not changed:
        raise ValidationError(_("All these days are in the calendar already."), code="nothing")


def _remove_day(proposal: CalendarProposal, on: date, row: Row) -> int:
    days = CalendarDay.objects.filter(on=on, removed_on=None, layer__superseded_on=None, **_scope(proposal, "layer__"))
    named = days.filter(layer__kind=row["kind"])
    found = (named or days).first()
    if found is None:
        raise ValidationError(_("%(day)s is no closed day that could be removed."), "missing", {"day": on.isoformat()})
    found.removed_on, found.removed_by = max(proposal.known_from, found.added_on), proposal.source
    found.save(update_fields=["removed_on", "removed_by"])
    return 1


def _scope(proposal: CalendarProposal, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}region": proposal.region_id, f"{prefix}agency": proposal.agency_id}


def _layer(proposal: CalendarProposal, year: int, kind: str, approver: User | None) -> CalendarLayer:
    rows = CalendarLayer.objects.filter(year=year, kind=kind, superseded_on=None, **_scope(proposal))
    return rows.order_by("pk").first() or _new_layer(proposal, year, kind, approver)


def _new_layer(proposal: CalendarProposal, year: int, kind: str, approver: User | None, **more: Any) -> CalendarLayer:
    return CalendarLayer.objects.create(
        region_id=proposal.region_id,
        agency_id=proposal.agency_id,
        kind=kind,
        year=year,
        name=more.pop("name", "") or str(CalendarLayer.Kind(kind).label),
        source=proposal.source,
        source_url=proposal.source_url,
        decided_on=proposal.decided_on,
        known_from=proposal.known_from,
        approved_by=approver,
        **more,
    )


def _change_ramadan(proposal: CalendarProposal, approver: User | None) -> None:
    first, last = (date.fromisoformat(proposal.content[name]) for name in ("first", "last"))
    kind, scope = CalendarLayer.Kind.RAMADAN, _scope(proposal)
    old = CalendarLayer.objects.filter(year=first.year, kind=kind, superseded_on=None, **scope).order_by("pk").first()
    new = _new_layer(
        proposal,
        first.year,
        kind,
        approver,
        name=proposal.title,
        first_day=first,
        last_day=last,
        provisional=bool(proposal.content.get("provisional")),
    )
    if old:
        old.superseded_on, old.superseded_by = max(proposal.known_from, old.known_from), new
        old.save(update_fields=["superseded_on", "superseded_by"])


def _change_hours(proposal: CalendarProposal, approver: User | None) -> None:
    content = proposal.content
    first = date.fromisoformat(content["valid_from"])
    current = WorkingHours.objects.filter(code=content["code"], valid_until=None).first()
    if current:
        if current.valid_from and first <= current.valid_from:
            raise ValidationError(_("The new version must start after the present one."), code="too_early")
        current.valid_until = first
        current.save(update_fields=["valid_until"])
    hours = WorkingHours.objects.create(
        code=content["code"],
        version=current.version + 1 if current else 1,
        name=content["name"],
        working_week=content["working_week"],
        region_id=proposal.region_id,
        agency_id=proposal.agency_id,
        source=proposal.source,
        valid_from=first,
    )
    WorkingWindow.objects.bulk_create(
        WorkingWindow(
            hours=hours,
            season=row["season"],
            weekday=row["weekday"],
            opens_at=time.fromisoformat(row["opens"]),
            closes_at=time.fromisoformat(row["closes"]),
        )
        for row in content["windows"]
    )


def _change_week(proposal: CalendarProposal, approver: User | None) -> None:
    content = proposal.content
    AgencyWeek.objects.update_or_create(
        agency_id=content["agency"],
        valid_from=date.fromisoformat(content["valid_from"]),
        defaults={
            "working_week": content["working_week"],
            "joint_leave_observed": content["joint_leave_observed"],
            "source": proposal.source,
            "approved_by": approver,
        },
    )


def _change_zone(proposal: CalendarProposal, approver: User | None) -> None:
    """A region has one zone and no history of it: from the approval on, everything there is counted in the new one."""
    here = Region.objects.filter(pk=proposal.region_id or 0, time_zone=proposal.content["before"])
    if not here.update(time_zone=proposal.content["after"]):
        raise ValidationError(_("The time zone of the region has changed since."), code="stale")
