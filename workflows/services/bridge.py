"""Take over what SP4N-LAPOR! tells: first as a plan that writes nothing, then all rows or none.

An open report becomes a case of this desk with the date of receipt it has there. One that has ended there is kept as
history: one event, no clock, no message to anybody (docs/glossary.md: external). Where both sides know a case and say
different things, ours stays and the difference is listed.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.exchange.reading import Table, UploadRefused
from core.models import Region, User
from workflows.models import BridgeDay, BridgeImport, Category, Complaint, ExternalReport, ReferenceCounter
from workflows.selectors.bridge import reconciliation_of
from workflows.selectors.desk import desk_of
from workflows.services.filing import Draft, submit_complaint
from workflows.services.identity import Identity, seal_identity
from workflows.services.steps import Step, record
from workflows.sp4n import ENDED_THERE, STATUS_THERE, Sp4nRow, columns_of, missing_columns, read_row
from workflows.states import Action, Channel, ClosedBy, Reason, Status

# An open report of a short title still needs a text somebody can work with.
NO_TEXT = "–"


class Fate(StrEnum):
    """What happens to a row of the file."""

    OPENED = "opened"
    HISTORY = "history"
    MATCHED = "matched"
    UPDATED = "updated"
    CONFLICT = "conflict"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(slots=True)
class PlannedRow:
    line: int
    fate: Fate
    row: Sp4nRow | None = None
    complaint: Complaint | None = None
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    region: Region
    rows: list[PlannedRow]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(planned.fate.value for planned in self.rows)
        return {fate.value: found[fate.value] for fate in Fate}

    @property
    def ok(self) -> bool:
        return not self.counts[Fate.FAULTY]

    @property
    def writes(self) -> bool:
        return self.ok and any(planned.fate is not Fate.UNCHANGED for planned in self.rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is here already, by the numbers a row may name (three queries for a file)."""

    reports: dict[str, ExternalReport]
    by_tracking: dict[str, Complaint]
    by_reference: dict[str, Complaint]


def plan_import(*, region: Region, table: Table) -> Plan:
    """What a file would do, row by row; writes nothing. Raises ``UploadRefused`` when required columns are missing."""
    columns = columns_of(table.headers)
    if lacking := missing_columns(columns):
        raise UploadRefused(_("These columns are missing: %(names)s.") % {"names": ", ".join(lacking)})
    read = [(line, *read_row(cells, columns)) for line, cells in zip(table.lines, table.rows, strict=True)]
    known = _known(region, [row for _line, row, _problems in read if row])
    seen: set[str] = set()
    return Plan(region, [_planned(line, row, problems, known, seen) for line, row, problems in read])


def _known(region: Region, rows: Sequence[Sp4nRow]) -> _Known:
    numbers = [row.tracking for row in rows]
    # A part of a split case is an office's task: the national system knows the report alone.
    cases = Complaint.objects.whole().filter(region=region)
    reports = ExternalReport.objects.filter(region=region, tracking__in=numbers).select_related("complaint")
    return _Known(
        reports={report.tracking: report for report in reports},
        by_tracking={case.sp4n_tracking: case for case in cases.filter(sp4n_tracking__in=numbers)},
        by_reference={
            case.reference: case
            for case in cases.filter(reference__in=[row.reference for row in rows if row.reference])
        },
    )


def _planned(line: int, row: Sp4nRow | None, problems: list[str], known: _Known, seen: set[str]) -> PlannedRow:
    if row is None:
        return PlannedRow(line, Fate.FAULTY, problems=problems)
    if row.tracking in seen:
        return _faulty(line, row, _("This number stands in the file twice."))
    seen.add(row.tracking)
    report = known.reports.get(row.tracking)
    if report and report.digest == row.digest:
        return PlannedRow(line, Fate.UNCHANGED, row, report.complaint)
    here = report.complaint if report else known.by_tracking.get(row.tracking)
    named = known.by_reference.get(row.reference)
    if row.reference and named is None:
        return _faulty(
            line, row, _("No complaint of this region has the number %(number)s.") % {"number": row.reference}
        )
    if (named and named.sp4n_tracking not in {"", row.tracking}) or (here and named and here.pk != named.pk):
        return _faulty(line, row, _("%(number)s is known under another SP4N number.") % {"number": row.reference})
    return _meeting(line, row, report, here or named)


def _faulty(line: int, row: Sp4nRow, problem: str) -> PlannedRow:
    return PlannedRow(line, Fate.FAULTY, row, problems=[problem])


def _meeting(line: int, row: Sp4nRow, report: ExternalReport | None, here: Complaint | None) -> PlannedRow:
    if here is None:
        return PlannedRow(line, Fate.HISTORY if row.has_ended else Fate.OPENED, row)
    if STATUS_THERE[here.status] != row.status:
        words = {"there": row.status.value, "here": here.get_status_display()}
        return PlannedRow(line, Fate.CONFLICT, row, here, [_("There: %(there)s. Here: %(here)s.") % words])
    return PlannedRow(line, Fate.UPDATED if report else Fate.MATCHED, row, here)


@transaction.atomic
def import_reports(*, region: Region, table: Table, content: bytes, actor: User, now: datetime | None = None) -> Plan:
    """Do what the plan says, if no row is faulty; returns the plan as it was carried out.

    The region's counter is locked first, so two files of one region are read one after the other.
    """
    now = now or timezone.now()
    year = now.astimezone(region.zone).year
    ReferenceCounter.objects.get_or_create(region=region, year=year)
    ReferenceCounter.objects.select_for_update().get(region=region, year=year)
    plan = plan_import(region=region, table=table)
    if not plan.writes:
        return plan
    digest = hashlib.sha256(content).hexdigest()
    batch = BridgeImport.objects.create(region=region, sha256=digest, by=actor, at=now, counts=plan.counts)
    categories = _categories(region)
    for planned in plan.rows:
        if planned.fate is not Fate.UNCHANGED and planned.row:
            _carry_out(planned, planned.row, batch, categories)
    return plan


def _categories(region: Region) -> dict[str, Category]:
    """The local topic of each main category of the national system; the first one that names it."""
    found: dict[str, Category] = {}
    for category in Category.objects.for_region(region):
        for name in category.sp4n_main:
            found.setdefault(name.lower(), category)
    return found


def _carry_out(planned: PlannedRow, row: Sp4nRow, batch: BridgeImport, categories: dict[str, Category]) -> None:
    if planned.fate is Fate.OPENED:
        planned.complaint = _open(row, batch, categories)
    elif planned.fate is Fate.HISTORY:
        planned.complaint = _keep_history(row, batch, categories)
    if planned.complaint and not planned.complaint.sp4n_tracking:
        planned.complaint.sp4n_tracking = row.tracking
        planned.complaint.sp4n_entered_on = planned.complaint.sp4n_entered_on or row.received_on
        numbers = ("sp4n_tracking", "sp4n_entered_on")
        Complaint.objects.filter(pk=planned.complaint.pk).update(**{n: getattr(planned.complaint, n) for n in numbers})
    told = {
        "status": row.status.value,
        "received_on": row.received_on,
        "closed_on": row.closed_on,
        "complaint": planned.complaint,
        "agency": row.agency[:200],
        "differs": planned.fate is Fate.CONFLICT,
        "digest": row.digest,
        "seen_in": batch,
    }
    report, is_new = ExternalReport.objects.get_or_create(
        region=batch.region,
        tracking=row.tracking,
        defaults={**told, "is_history": planned.fate is Fate.HISTORY},
    )
    if not is_new:
        ExternalReport.objects.filter(pk=report.pk).update(**told)


def _reported(row: Sp4nRow, categories: dict[str, Category]) -> dict[str, Any]:
    """What a draft and a case are told alike."""
    return {
        "title": row.title,
        "body": row.body or NO_TEXT,
        "klass": row.klass,
        "category": categories.get(row.category.lower()),
        "place": row.place[:200],
        "channel": Channel.SP4N,
        "is_anonymous": True,
    }


def _open(row: Sp4nRow, batch: BridgeImport, categories: dict[str, Category]) -> Complaint:
    """A case like any other, received when it was received there; without an address, so nobody is written to."""
    draft = Draft(**_reported(row, categories))
    received = min(_morning(batch.region, row.received_on), batch.at)
    return submit_complaint(
        region=batch.region, draft=draft, entered_by=batch.by, received_at=received, now=batch.at
    ).complaint


def _keep_history(row: Sp4nRow, batch: BridgeImport, categories: dict[str, Category]) -> Complaint:
    """One row and one event: no clock, no policy, no code that opens it, no message."""
    region, status = batch.region, ENDED_THERE[row.status]
    ended = min(_morning(region, row.closed_on or row.received_on), batch.at)
    complaint = Complaint(
        region=region,
        reference=_external_reference(region, row),
        secret_hash=secrets.token_hex(32),
        # The status of a new row is no move; the trigger watches changes only.
        status=status,
        received_at=min(_morning(region, row.received_on), ended),
        entered_at=batch.at,
        closed_at=ended,
        closed_by=ClosedBy.EXTERNAL if status == Status.CLOSED else "",
        reason="" if status == Status.CLOSED else Reason.OTHER,
        sp4n_tracking=row.tracking,
        sp4n_entered_on=row.received_on,
        is_demo=region.is_demo,
        **_reported(row, categories),
    )
    complaint.save(force_insert=True)
    # Nobody: but every case has a reporter whose words are erased one day.
    seal_identity(complaint=complaint, identity=Identity(), language=settings.LANGUAGE_CODE)
    record(Step(complaint, batch.by, batch.at, ""), Action.IMPORTED, is_public=False, tracking=row.tracking)
    return complaint


def _external_reference(region: Region, row: Sp4nRow) -> str:
    """The number there with the region's letters, e.g. ``BKL-SP4N-7654321``: no local number is used up."""
    return f"{desk_of(region).prefix}-SP4N-{row.tracking}"[:24]


def _morning(region: Region, day: date) -> datetime:
    """The national list tells days only; the day of receipt counts from its morning."""
    return datetime.combine(day, time(8), tzinfo=region.zone)


@transaction.atomic
def enter_tracking(*, complaint_id: int, actor: User, tracking: str, on: date) -> Complaint:
    """Note under which number a case was entered in the national system, and when.

    Raises ``ValueError`` with a sentence when another case of the region has the number.
    """
    complaint = Complaint.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=complaint_id)
    if Complaint.objects.filter(region=complaint.region_id, sp4n_tracking=tracking).exclude(pk=complaint_id).exists():
        raise ValueError(_("Another complaint has this SP4N number."))
    complaint.sp4n_tracking, complaint.sp4n_entered_on = tracking, on
    step = Step(complaint, actor, timezone.now(), complaint.status)
    record(step, Action.ENTERED_IN_SP4N, is_public=False, tracking=tracking)
    return complaint


def reconcile(now: datetime, regions: Iterable[Region] | None = None) -> int:
    """Keep today's totals of each region that takes complaints: all are owed to the national system. How many.

    Run again, the day is written anew.
    """
    told = 0
    for region in regions or Region.objects.filter(complaint_desk__isnull=False):
        totals = reconciliation_of(region).as_totals()
        day = now.astimezone(region.zone).date()
        BridgeDay.objects.update_or_create(region=region, on=day, defaults={"totals": totals})
        told += 1
    return told
