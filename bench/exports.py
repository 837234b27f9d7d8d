"""All answers of one survey in every format, beside a plain loop of cursor and csv writer and Wagtail's own export.

    .venv/bin/python -m bench.exports [--size 6] [--only CSV XLSX]                  SQLite
    .venv/bin/python -m tests.postgres .venv/bin/python -m bench.exports            PostgreSQL

CPU seconds are of this process; what the database server used is told beside them. Extra memory is the peak above what
was there before, as the kernel counts it. "First" is when the first answers leave; the heading is earlier. The survey
asks for profile, comment, reasons and one question of its own, and one answer of eight says something.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.setting import prepare

FOLDER = prepare()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.utils.encoding import force_bytes  # noqa: E402
from wagtail.admin.views.mixins import SpreadsheetExportMixin  # noqa: E402

from bench.answers import OWN, fill, office  # noqa: E402
from bench.clock import server_seconds  # noqa: E402
from core.models import User  # noqa: E402
from surveys.exporting.layout import FIELDS, Layout  # noqa: E402
from surveys.exporting.writers import csv_pieces, jsonl_pieces, write_parquet, write_xlsx  # noqa: E402
from surveys.models import Response  # noqa: E402
from surveys.selectors.exports import Selection, export_layout, export_rows  # noqa: E402
from surveys.services.versions import define, publish_version  # noqa: E402

# Of the stock export: enough to see what an answer costs.
FEW = 10_000
HUNDRED_THOUSAND = 100_000


class Stock(SpreadsheetExportMixin):
    """What Wagtail's list views do with ``export``."""

    list_export = list(FIELDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=6, help="power of ten")
    parser.add_argument("--only", nargs="*", help="beginnings of the lines wanted")
    options = parser.parse_args()
    answers, layout = prepared(10**options.size)
    columns, first = layout.columns, answers.order_by("pk").values_list("pk", flat=True)[0]
    some, few = (answers.filter(pk__lt=first + count) for count in (HUNDRED_THOUSAND, FEW))
    print(f"{connection.vendor}, {10**options.size} answers, {len(columns)} columns")
    print(f"{'':<34}{'first s':>9}{'CPU s':>8}{'server':>8}{'wall s':>8}{'extra MB':>9}{'file MB':>9}{'us/answer':>11}")
    read = partial(export_rows, layout)
    works: dict[str, tuple[int, Callable[[Out], object]]] = {
        "peer: cursor + csv writer": (10**options.size, lambda out: plain(out, answers)),
        "CSV": (10**options.size, lambda out: out.pieces(csv_pieces(columns, read(answers)))),
        "JSON Lines": (10**options.size, lambda out: out.pieces(jsonl_pieces(columns, read(answers)))),
        "Parquet": (10**options.size, lambda out: write_parquet(out.file, layout, read(answers))),
        "XLSX, 100,000 answers": (
            HUNDRED_THOUSAND,
            lambda out: write_xlsx(out.file, layout, read(some)),
        ),
        "peer: Wagtail's CSV, 10,000": (FEW, lambda out: out.pieces(map(force_bytes, Stock().stream_csv(few)))),
        "peer: Wagtail's XLSX, 10,000": (FEW, lambda out: Stock().write_xlsx(few, out.file)),
    }
    for name, (count, work) in works.items():
        if not options.only or name.startswith(tuple(options.only)):
            told(name, count, work)


def prepared(count: int) -> tuple[QuerySet[Response], Layout]:
    """A survey with that many answers, all of its columns and the right to take them out."""
    call_command("migrate", verbosity=0)
    made = office()
    survey = made.surveys[0]
    choices = [{"code": code, "label": {"id": code.upper()}} for code in "ab"]
    own = {"id": OWN, "code": "p1", "type": "multiple", "required": False, "label": {"id": "Apa"}, "choices": choices}
    definition = define(
        instrument_version=survey.instrument_version,
        questions=[own],
        comment={"label": {"id": "Saran"}},
        asks_reason=True,
    )
    publish_version(survey=survey, definition=definition, now=datetime(2019, 1, 1, tzinfo=UTC))
    fill(replace(made, points=[point for point in made.points if point.survey_id == survey.pk]), count, words=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = User.objects.create(username="bench", is_superuser=True)
    return Selection(survey).answers(person), export_layout(survey)


class Out:
    def __init__(self, path: Path):
        self.file = path.open("wb")
        self.first = 0.0

    def pieces(self, source: Iterable[bytes]) -> None:
        for number, piece in enumerate(source):
            self.file.write(piece)
            if number == 1:
                self.first = time.perf_counter()


def plain(out: Out, answers: object) -> None:
    """The floor: the same columns as they come, unread and undisguised."""
    sql, params = answers.order_by("submitted_at", "pk").values_list(*FIELDS).query.sql_with_params()  # type: ignore[attr-defined]
    with out.file, open(out.file.name, "w", newline="") as text, connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        writer = csv.writer(text)
        while rows := cursor.fetchmany(2000):
            writer.writerows(rows)


def told(name: str, count: int, work: Callable[[Out], object]) -> None:
    path = FOLDER / "export"
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before, cpu, others, start = memory("VmRSS"), time.process_time(), server_seconds(), time.perf_counter()
    out = Out(path)
    work(out)
    out.file.close()
    wall, spent, others = time.perf_counter() - start, time.process_time() - cpu, server_seconds() - others
    first = f"{out.first - start:.2f}" if out.first else "–"
    extra, size = (memory("VmHWM") - before) / 1024, path.stat().st_size / 1e6
    print(f"{name:<34}{first:>9}{spent:>8.1f}{others:>8.1f}{wall:>8.1f}{extra:>9.0f}{size:>9.1f}"
          f"{(spent + others) / count * 1e6:>11.1f}", flush=True)  # fmt: skip


def memory(name: str) -> int:
    """Kilobytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


if __name__ == "__main__":
    main()
