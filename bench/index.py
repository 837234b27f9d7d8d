"""Reading an index from tallies beside a plain scan of the typed answers, from 10^4 answers upwards.

    .venv/bin/python -m bench.index                                     SQLite, a file that is removed afterwards
    .venv/bin/python -m tests.postgres .venv/bin/python -m bench.index  PostgreSQL, a cluster that is removed afterwards
    … --sizes 4 5 6 7                                                   powers of ten

The made-up regency has 40 agencies, 200 services and 400 points over five years. Milliseconds are medians of CPU, of
this process and the database's; what decides is growth from the first size to the last, and the ratio to the scan.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

_ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
_FOLDER = tempfile.TemporaryDirectory(prefix="suara-bench-")
if not _ON_POSTGRES:
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(_FOLDER.name) / 'bench.sqlite3'}"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")

import django  # noqa: E402 - after the environment it reads

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.template import Context, Template  # noqa: E402

from bench.answers import AGENCIES, END, START, empty, fill, office  # noqa: E402
from bench.clock import seconds  # noqa: E402
from core.periods import PeriodKind  # noqa: E402
from surveys.index import Compose  # noqa: E402
from surveys.models import Response, TallyCell  # noqa: E402
from surveys.selectors import cells  # noqa: E402
from surveys.selectors.counting import grouped, names_for, numbers  # noqa: E402
from surveys.selectors.index import Subject, index_for  # noqa: E402
from surveys.selectors.ranking import agency_ranking  # noqa: E402
from surveys.selectors.tallies import catalogue  # noqa: E402
from surveys.selectors.trends import trend_for  # noqa: E402
from surveys.services import tallies  # noqa: E402

ROUNDS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 5, 6], help="powers of ten")
    sizes = parser.parse_args().sizes
    call_command("migrate", verbosity=0)
    made = office()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Work handed to other processes would be missing in the CPU seconds.
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    columns: list[dict[str, float]] = []
    for power in sizes:
        empty()
        fill(made, 10**power)
        started, spent = time.perf_counter(), seconds()
        tallies.rebuild()
        took = {"rebuild, seconds": time.perf_counter() - started, "rebuild, CPU seconds": seconds() - spent}
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        columns.append(measured(made) | took | {"cells": TallyCell.objects.count()})
    report(sizes, columns)


def measured(made: Any) -> dict[str, float]:
    """Milliseconds by what was done."""
    region, agency, service, point = made.region, made.agencies[1], made.services[7], made.points[7]
    quarter = {"start": date(2023, 4, 1), "end": date(2023, 7, 1)}
    custom = {"start": date(2023, 4, 11), "end": date(2024, 2, 20)}
    subjects = {"agency": {"agency": agency}, "service": {"service": service}, "point": {"point": point}}
    found = {f"SQL index of {name}": sql(Subject(**parts)) for name, parts in subjects.items()}
    found["SQL index of agency, custom days"] = sql(Subject(agency=agency), **custom)
    found["SQL index of service, custom days"] = sql(Subject(service=service), **custom)
    found["SQL region by sex, custom days"] = sql(Subject(region=region), dimension="sex", **custom)
    found["SQL agency by sex, quarter"] = sql(Subject(agency=agency), dimension="sex", **quarter)
    found["SQL region, units of a mean"] = sql(Subject(region=region), "agency_id")
    found["SQL region, pooled"] = sql(Subject(region=region))
    found["scan: index of agency"] = scan(Subject(agency=agency))
    found["scan: index of service"] = scan(Subject(service=service))
    found["scan: region pooled"] = scan(Subject(region=region))
    found["index of agency"] = median(lambda: index_for(agency=agency))
    found["index of region, mean"] = median(lambda: index_for(region=region, compose=Compose.MEAN))
    found["ranking of a quarter"] = median(lambda: agency_ranking(region=region, on=date(2024, 1, 1), **quarter))
    found["trend of agency, quarters"] = median(lambda: trend_for(agency=agency, kind=PeriodKind.QUARTER))
    found["trend of region, years"] = median(lambda: trend_for(region=region))
    found["page: agency's results"] = median(lambda: page("{% agency_index subject %}", agency))
    found["page: region's results and ranking"] = median(
        lambda: page("{% region_index subject %}{% region_ranking subject %}", region)
    )
    return found


def sql(subject: Subject, unit: str | None = None, **how: Any) -> float:
    """Only the statement and fetching its rows."""
    question = subject.question(catalogue(), unit, **how)
    statement, params = cells._union(cells._branches(question)).query.sql_with_params()
    return median(lambda: fetched(statement, params))


def scan(subject: Subject) -> float:
    """The peer: the same numbers from the typed answers, through the index that fits."""
    known = catalogue()
    counted = numbers(known.elements, names_for(known.slots))
    rows = Response.objects.filter(**_columns(subject.where))
    statement, params = grouped(rows, {"of_version": F("instrument_version_id")}, counted).query.sql_with_params()
    return median(lambda: fetched(statement, params), rounds=3)


def _columns(where: dict[str, object]) -> dict[str, object]:
    return {name.replace("point_id", "service_point_id"): value for name, value in where.items()}


def fetched(statement: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def page(text: str, subject: Any) -> str:
    return Template("{% load surveys_tags %}" + text).render(Context({"subject": subject}))


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of CPU, of the server as well; the first round only warms up."""
    work()
    times = []
    for _ in range(rounds):
        started = seconds()
        work()
        times.append((seconds() - started) * 1000)
    return statistics.median(times)


def report(sizes: Sequence[int], columns: Sequence[dict[str, float]]) -> None:
    heads = "".join(f"{f'10^{power}':>12}" for power in sizes)
    print(f"\n{connection.vendor}, {AGENCIES} agencies, {START} to {END}; milliseconds of CPU")
    print(f"{'':<38}{heads}{'growth':>10}")
    for name in columns[0]:
        values = [column[name] for column in columns]
        cellsof = "".join(f"{value:>12.2f}" for value in values)
        print(f"{name:<38}{cellsof}{values[-1] / values[0]:>9.2f}x")
    for kind in ("agency", "service"):
        ratio = columns[-1][f"scan: index of {kind}"] / columns[-1][f"SQL index of {kind}"]
        print(f"scan / tally at the last size, {kind}: {ratio:.0f}x")


if __name__ == "__main__":
    main()
