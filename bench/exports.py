"""Writing all answers of one survey in every format, beside a plain loop of cursor and csv writer.

    .venv/bin/python -m bench.exports [--size 6]                                    SQLite
    .venv/bin/python -m tests.postgres .venv/bin/python -m bench.exports            PostgreSQL

CPU seconds are of this process; extra memory is the peak above what was there before, as the kernel counts it.
"""

from __future__ import annotations

import argparse
import csv
import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from bench.setting import prepare

FOLDER = prepare()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402

from bench.answers import fill, office  # noqa: E402
from core.models import User  # noqa: E402
from surveys.exporting.layout import FIELDS  # noqa: E402
from surveys.exporting.writers import csv_pieces, jsonl_pieces, write_parquet, write_xlsx  # noqa: E402
from surveys.selectors.exports import Selection, export_layout, export_rows  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=6, help="power of ten")
    count = 10 ** parser.parse_args().size
    call_command("migrate", verbosity=0)
    made = office()
    survey = made.surveys[0]
    fill(replace(made, points=[point for point in made.points if point.survey_id == survey.pk]), count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    answers = Selection(survey).answers(User.objects.create(username="bench", is_superuser=True))
    layout = export_layout(survey)
    print(f"{connection.vendor}, {count} answers, {len(layout.columns)} columns")
    print(f"{'':<28}{'first byte s':>13}{'CPU s':>9}{'wall s':>9}{'extra MB':>10}{'file MB':>9}")
    columns, first = layout.columns, answers.order_by("pk").values_list("pk", flat=True)[0]
    some = answers.filter(pk__lt=first + 100_000)
    told("peer: cursor + csv writer", lambda out: plain(out, answers))
    told("CSV", lambda out: out.pieces(csv_pieces(columns, export_rows(layout, answers))))
    told("JSON Lines", lambda out: out.pieces(jsonl_pieces(columns, export_rows(layout, answers))))
    told("XLSX, 100,000 answers", lambda out: write_xlsx(out.file, layout, export_rows(layout, some)))
    told("Parquet", lambda out: write_parquet(out.file, layout, export_rows(layout, answers)))


class Out:
    def __init__(self, path: Path):
        self.file = path.open("wb")
        self.first = 0.0

    def pieces(self, source: Iterable[bytes]) -> None:
        for piece in source:
            self.file.write(piece)
            self.first = self.first or time.perf_counter()


def plain(out: Out, answers: object) -> None:
    """The floor: the same columns as they come, unread and undisguised."""
    sql, params = answers.order_by("submitted_at", "pk").values_list(*FIELDS).query.sql_with_params()  # type: ignore[attr-defined]
    with out.file, open(out.file.name, "w", newline="") as text, connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        writer = csv.writer(text)
        while rows := cursor.fetchmany(2000):
            writer.writerows(rows)


def told(name: str, work: Callable[[Out], object]) -> None:
    path = FOLDER / "export"
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    before, cpu, start = memory("VmRSS"), resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    out = Out(path)
    work(out)
    out.file.close()
    wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime
    first = f"{out.first - start:.3f}" if out.first else "–"
    extra, size = (memory("VmHWM") - before) / 1024, path.stat().st_size / 1e6
    print(f"{name:<28}{first:>13}{spent:>9.1f}{wall:>9.1f}{extra:>10.0f}{size:>9.0f}")


def memory(name: str) -> int:
    """Kilobytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


if __name__ == "__main__":
    main()
