"""Decree day at size: the preview and the re-dating of many open cases, and the price of one date.

.venv/bin/python -m bench.decree [--cases 100000]
.venv/bin/python -m tests.postgres .venv/bin/python -m bench.decree

Every open case has three running clocks (verify, first answer, complete answer); a third of the reporters left an
address. The decree closes one day before all dates, so that every case moves: the worst day there is.
"""

from __future__ import annotations

import argparse
import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from bench.setting import prepare

prepare()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402

from bench import clock as cpu_clock  # noqa: E402
from bench.fill import Seeds  # noqa: E402
from core.models import Agency, Notification, Region, RoleAssignment, User  # noqa: E402
from core.permissions import Role  # noqa: E402
from core.sealing import seal  # noqa: E402
from workflows.actors import ActorKind  # noqa: E402
from workflows.counting import DueTable  # noqa: E402
from workflows.models import (  # noqa: E402
    CalendarProposal,
    ClockCycle,
    Complaint,
    ComplaintDesk,
    ComplaintEvent,
    Reporter,
    SlaPolicy,
)
from workflows.selectors.calendars import calendar_for, calendar_version  # noqa: E402
from workflows.services import proposals  # noqa: E402
from workflows.services.clocks import due_of  # noqa: E402
from workflows.sla import due_in_working_days  # noqa: E402

SEEDS, SECONDS = 2000, 60
CLOCKS = ("verify", "respond", "total")
NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)
DECREED = date(2026, 5, 12)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    number = parser.parse_args().cases
    call_command("migrate", verbosity=0)
    call_command("load_calendars", verbosity=0)
    region, admins = setting()
    print(f"{connection.vendor}; {number} open cases, {number * len(CLOCKS)} running clocks")
    timed("filled", lambda: fill(region, number))
    proposal = proposed(region, admins[0])
    reachable = Reporter.objects.exclude(email_sealed="").count()
    preview = timed("preview", lambda: proposals.count_preview(proposal.pk, NOW))
    assert preview.summary["cases"] == number, preview.summary
    timed("approval", lambda: proposals.approve_change(proposal_id=proposal.pk, actor=admins[1], now=NOW))
    moved = timed("re-dated, with event and message each", lambda: proposals.apply_to_cases(proposal.pk, NOW))
    assert moved == number == ComplaintEvent.objects.filter(action="calendar_changed").count()
    assert Notification.objects.filter(template="calendar_changed").count() == reachable
    one_date()


def setting() -> tuple[Region, list[User]]:
    region = Region.objects.create(code="35.26", name="Bangkalan", kind="kabupaten", time_zone="Asia/Jakarta")
    office = Agency.objects.create(region=region, code="kominfo", name="Dinas Kominfo", short_name="Kominfo")
    Agency.objects.filter(pk=office.pk).update(path=f"/{office.pk}/")
    ComplaintDesk.objects.create(region=region, prefix="BKL", coordinator=office)
    admins = [User.objects.create(username=name, email=f"{name}@contoh.id") for name in ("satu", "dua")]
    for user in admins:
        RoleAssignment.objects.create(user=user, role=Role.REGIONAL_ADMIN, region=region)
    return region, admins


def fill(region: Region, number: int) -> None:
    """Open cases received over the days before: some made in memory, the rest copied inside the database."""
    office = Agency.objects.select_related("region").get(code="kominfo")
    calendar, version = calendar_for(office), calendar_version().number
    policies = {kind: SlaPolicy.objects.filter(clock=kind, case_class__in=("", "complaint")).first() for kind in CLOCKS}
    cases = list(made(region, range(min(number, SEEDS)), version))
    dates = {
        (kind, case.received_at): due_of(policy, calendar, case.received_at, ())
        for case in cases
        for kind, policy in policies.items()
    }
    for case in cases:
        case.due_at, case.respond_due_at = dates["total", case.received_at], dates["respond", case.received_at]
        case.next_due_at = dates["verify", case.received_at]
    insert(cases, policies, dates, version)
    Seeds(region).multiply(number)
    scatter()


def scatter() -> None:
    """No two reporters press the button in the same second; within a minute the due date stays as it is."""
    clocks = ClockCycle.objects.annotate(place=F("complaint_id") % SECONDS)
    for second in range(1, SECONDS):
        clocks.filter(place=second).update(started_at=F("started_at") - timedelta(seconds=second))


def made(region: Region, numbers: range, version: int) -> Iterator[Complaint]:
    for number in numbers:
        received = NOW - timedelta(minutes=number % 2000)
        yield Complaint(
            region=region,
            reference=f"BKL-2026-{number:06}",
            secret_hash=secrets.token_hex(32),
            title="Jalan rusak",
            body="Laporan contoh untuk mengukur.",
            received_at=received,
            entered_at=received,
            calendar_version=version,
            version=1,
        )


def insert(cases: list[Complaint], policies: dict[str, Any], dates: dict[tuple, Any], version: int) -> None:
    for case in cases:
        case.head_hash = ""
    Complaint.objects.bulk_create(cases)
    events = [
        ComplaintEvent(complaint=case, sequence=1, action="filed", after="received", actor_kind=ActorKind.SYSTEM.value,
                       at=case.received_at)
        for case in cases
    ]  # fmt: skip
    for event in events:
        event.seal("")
    ComplaintEvent.objects.bulk_create(events)
    Complaint.objects.bulk_update([e.complaint for e in events if _headed(e)], ["head_hash"], batch_size=400)
    Reporter.objects.bulk_create(reporters(cases))
    ClockCycle.objects.bulk_create(
        ClockCycle(complaint=case, kind=kind, policy=policy, calendar_version=version, started_at=case.received_at,
                   due_at=dates[kind, case.received_at], counted_due_at=dates[kind, case.received_at])
        for case in cases
        for kind, policy in policies.items()
    )  # fmt: skip


def _headed(event: ComplaintEvent) -> bool:
    event.complaint.head_hash = event.hash
    return True


def reporters(cases: list[Complaint]) -> Iterator[Reporter]:
    """Every third reporter can be written to."""
    address = seal("siti@contoh.id")
    for case in cases:
        has_address = int(case.reference[-6:]) % 3 == 0
        yield Reporter(complaint=case, email_sealed=address if has_address else "")


def proposed(region: Region, actor: User) -> CalendarProposal:
    days = [{"on": DECREED.isoformat(), "name": "Cuti bersama", "kind": "joint_leave", "change": "add"}]
    known = {"decided_on": NOW.date(), "known_from": NOW.date()}
    document = {"title": "Cuti bersama", "source": "SKB", **known}
    return proposals.propose_change(
        kind="days", content={"days": days}, document=document, actor=actor, region=region, now=NOW
    )


def one_date() -> None:
    """Of 14 and 60 working days: as the bulk counts it, without what it remembers, and with its full explanation."""
    calendar = calendar_for(Agency.objects.select_related("region").get(code="kominfo"))
    table = DueTable(calendar)
    for days in (14, 60):
        moments = [NOW + timedelta(minutes=number) for number in range(1000)]
        for name, count in (("in bulk", table.due_in_days), ("explained", partial(due_in_working_days, calendar))):
            count(NOW - timedelta(minutes=1), days)
            started = time.process_time()
            for moment in moments:
                count(moment, days)
            print(f"one date of {days} working days, {name}: {time.process_time() - started:.4f} ms CPU")


def timed(name: str, work: Callable[[], Any]) -> Any:
    started, cpu = time.perf_counter(), cpu_clock.seconds()
    result = work()
    wall, used = time.perf_counter() - started, cpu_clock.seconds() - cpu
    print(f"{name}: {wall:.1f} s, {used:.1f} s CPU, load {os.getloadavg()[0]:.1f}", flush=True)
    return result


if __name__ == "__main__":
    main()
