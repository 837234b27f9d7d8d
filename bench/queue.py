"""The staff queue: first and last page of every tab and filter, search by words, the numbers of the dashboard.

.venv/bin/python -m bench.queue [--sizes 4 5 6]
.venv/bin/python -m tests.postgres .venv/bin/python -m bench.queue

Cases are made by the demo's own code and then multiplied inside the database (``bench.fill``). django-helpdesk runs in
a process of its own with as many tickets, up to ``--peer-up-to``, as it needs minutes for more.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from bench.setting import prepare

prepare()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.cases import Peer  # noqa: E402
from bench.fill import Seeds  # noqa: E402
from core.models import Agency, Region, User  # noqa: E402
from core.permissions import Role  # noqa: E402
from core.services import assign_role, save_agency  # noqa: E402
from workflows.models import Complaint, ComplaintDesk  # noqa: E402
from workflows.selectors import queue  # noqa: E402
from workflows.services.calendars import load_calendars  # noqa: E402
from workflows.services.categories import load_categories  # noqa: E402
from workflows.services.policies import load_sla_policies  # noqa: E402

OFFICES, ROUNDS = 30, 5
RARE = "gorongsatu"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 5, 6], help="powers of ten")
    parser.add_argument("--peer-up-to", type=int, default=5, help="power of ten; 0: without the peer")
    given = parser.parse_args()
    sizes = given.sizes
    call_command("migrate", verbosity=0)
    region = office()
    seeds = Seeds(region)
    peer = Peer() if given.peer_up_to else None
    found = []
    for power in sizes:
        seeds.multiply(10**power)
        mark_one()
        found.append(measured(region) | (beside(peer, 10**power) if peer and power <= given.peer_up_to else {}))
        # After each size, so that a run cut short leaves what it knows.
        show(sizes, found)
        if peer and power <= given.peer_up_to:
            compare(peer, power)
    if peer:
        peer.stop()


def show(sizes: list[int], found: list[dict[str, tuple[float, int]]]) -> None:
    print(f"\n{connection.vendor}; milliseconds of the whole page, CPU on SQLite (statements)")
    print(f"{'':<44}" + "".join(f"{f'10^{power}':>14}" for power, _column in zip(sizes, found, strict=False)))
    for name in found[0]:
        cells = (f"{column[name][0]:.0f} ({column[name][1]})" if name in column else "–" for column in found)
        print(f"{name:<44}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


def office() -> Region:
    load_calendars()
    load_sla_policies()
    load_categories()
    region = Region.objects.create(code="99.01", name="Ukur", kind=Region.Kind.REGENCY)
    root = save_agency(Agency(region=region, code="ukur", name="Pemerintah Ukur", short_name="Ukur"))
    ComplaintDesk.objects.create(region=region, prefix="UKR", coordinator=root)
    assign_role(user=User.objects.create(username="verifier"), role=Role.VERIFIER, region=region)
    User.objects.create(username="super", is_superuser=True)
    for number in range(OFFICES):
        unit = save_agency(
            Agency(region=region, parent=root, code=f"o{number}", name=f"Dinas {number}", short_name=f"D{number}")
        )
        assign_role(user=User.objects.create(username=f"petugas{number}"), role=Role.LIAISON, agency=unit)
    return region


def mark_one() -> None:
    """One case in the middle holds a word that no other holds."""
    last = Complaint.objects.order_by("-pk")[0]
    Complaint.objects.filter(body__startswith=RARE).update(body="-")
    Complaint.objects.filter(pk=last.pk // 2).update(body=f"{RARE} mampet")


def measured(region: Region) -> dict[str, tuple[float, int]]:
    busiest = Agency.objects.filter(region=region, code="o1").get()
    pages = {f"{tab}, {name}": f"tab={tab}{extra}" for tab in queue.TABS
             for name, extra in (("first page", ""), ("last page", "&last=1"))}  # fmt: skip
    pages |= {
        "open, one status": "tab=open&status=in_progress",
        "open, one topic": "tab=open&category=jalan",
        "open, one agency": f"tab=open&agency={busiest.pk}",
        "all, one agency, last page": f"tab=all&agency={busiest.pk}&last=1",
        "open, only late": "tab=open&overdue=on",
        "all, only late": "tab=all&overdue=on",
        "all, one status": "tab=all&status=verified",
        "open, without an officer": "tab=open&unassigned=on",
        "ended, without an officer": "tab=ended&unassigned=on",
        "open, news undelivered": "tab=open&undelivered=on",
        "search, one case": f"tab=all&q={RARE}",
        "search, a word in every case": "tab=all&q=laporan",
        "search, nothing found": "tab=all&q=tidakadakata",
        "search, in each report, open": "tab=open&q=laporan",
        "search, in no open case": "tab=open&q=memeriksa",
    }
    times = {}
    for person in ("verifier", "petugas1"):
        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get(username=person))
        for name, query in pages.items():
            times[f"{person}: {name}"] = median(lambda client=client, query=query: asked(client, query))
        times[f"{person}: dashboard"] = median(lambda client=client: shown(client, reverse("wagtailadmin_home")))
        times[f"{person}: dashboard numbers"] = median(lambda person=person: numbers(person))
    return times


def beside(peer: Peer, size: int) -> dict[str, tuple[float, int]]:
    """The peer's list, ticket of 500 follow-ups and dashboard."""
    peer("fill", size)
    kind = "cpu" if connection.vendor == "sqlite" else "seconds"
    results = {name: peer(name, 2) for name in ("queue", "case", "dashboard")}
    return {f"peer: {name}": (row[kind] * 1000 / row["times"], int(row["queries"])) for name, row in results.items()}


def compare(peer: Peer, power: int) -> None:
    """Our lists and the peer's in turns, so that both meet the same moods of the machine; how many times faster."""
    kind = "cpu" if connection.vendor == "sqlite" else "seconds"
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="verifier"))
    for query in ("tab=turn", "tab=open&last=1", "tab=all", "tab=all&overdue=on", "tab=all&q=laporan"):
        asked(client, query)
        ratios = []
        for _round in range(ROUNDS):
            row = peer("queue", 1)
            started = clock()
            asked(client, query)
            ratios.append(row[kind] / row["times"] / (clock() - started))
        print(f"10^{power}, verifier, {query}: {sorted(ratios)[ROUNDS // 2]:.1f} times the peer", flush=True)


def asked(client: Client, query: str) -> None:
    shown(client, f"{reverse('complaints:queue')}?{query}")


def shown(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def numbers(person: str) -> None:
    now = timezone.now()
    user = User.objects.get(username=person)
    queue.standing_counts(user, now, now)
    queue.due_now(user, size=5, now=now)


def median(work: Any) -> tuple[float, int]:
    """Milliseconds and statements. On SQLite CPU time, which other programs on the machine disturb least."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    counted: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        counted.append(sql)
        return execute(sql, *rest)

    work()
    with connection.execute_wrapper(count):
        work()
    times = []
    for _round in range(ROUNDS):
        started = clock()
        work()
        times.append((clock() - started) * 1000)
    return sorted(times)[ROUNDS // 2], len(counted)


if __name__ == "__main__":
    main()
