"""Rows of an export in four formats. CSV and JSON Lines come in pieces as they are read; the others fill a file.

CSV and XLSX disarm what a spreadsheet would execute (see ``core.exchange.formats``); JSON Lines and Parquet change
nothing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, BinaryIO

from core.exchange.formats import guard

from .codebook import HEADINGS, NOTES, codebook, codebook_rows
from .layout import NOT_ASKED, Column, Layout
from .parquet import ParquetWriter, Type
from .xlsx import XlsxWriter

Rows = Iterable[list[Any]]
# Rows put together before they are sent or written on.
BATCH = 1_000
# Rows of a Parquet row group: as many as fit a few megabytes.
GROUP = 20_000
_TYPES = {"integer": Type.INTEGER, "boolean": Type.BOOLEAN, "day": Type.DAY, "moment": Type.MOMENT}
_EPOCH_DAY, _EPOCH = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
# Written by people; everything else is a code or a number of ours and is never executed.
_FREE = frozenset({"comment", "reason", "question"})


def csv_pieces(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark; the heading comes at once, before the first row is read."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    yield b"\xef\xbb\xbf" + _taken(text)
    flat = flattener(columns)
    for batch in _batches(rows, BATCH):
        writer.writerows([flat(row) for row in batch])
        yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return data


def flattener(columns: Sequence[Column]) -> Callable[[list[Any]], list[Any]]:
    """A row as spreadsheet cells: texts and whole numbers, nothing executable. The row itself is changed."""
    free = [place for place, column in enumerate(columns) if column.group in _FREE]
    # What may be missing in a version; our own columns and those above never are.
    maybe = [place for place, column in enumerate(columns) if column.group in ("profile", "element")]
    flags = [place for place, column in enumerate(columns) if column.kind == "boolean"]

    def flat(cells: list[Any]) -> list[Any]:
        for place in flags:
            cells[place] = +cells[place]
        for place in free:
            value = cells[place]
            if value is not None:
                cells[place] = _free_cell(value)
        for place in maybe:
            if cells[place] is NOT_ASKED:
                cells[place] = "not_asked"
        return cells

    return flat


def _free_cell(value: Any) -> Any:
    if value is NOT_ASKED:
        return "not_asked"
    if isinstance(value, list):
        value = "|".join(map(str, value))
    return guard(value) if isinstance(value, str) else value


def jsonl_pieces(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """One object a line; what was not asked is absent, what was left open is null."""
    names = [column.name for column in columns]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for batch in _batches(rows, BATCH):
        lines = [
            encode({name: value for name, value in zip(names, row, strict=True) if value is not NOT_ASKED})
            for row in batch
        ]
        yield ("\n".join(lines) + "\n").encode()


def write_xlsx(file: BinaryIO, layout: Layout, rows: Rows) -> None:
    """The answers, and the codebook as a second sheet."""
    columns = layout.columns
    with XlsxWriter(file) as book:
        book.sheet("answers", [column.name for column in columns], map(flattener(columns), rows))
        book.sheet("codebook", HEADINGS, ([guard(cell) for cell in row] for row in codebook_rows(layout)))


def write_parquet(file: BinaryIO, layout: Layout, rows: Rows) -> None:
    """Typed columns; the codebook is in the file's metadata, and ``not_asked`` names the columns a version lacked."""
    columns = layout.columns
    kinds = [(column.name, _TYPES.get(column.kind, Type.TEXT)) for column in columns]
    metadata = {"codebook": json.dumps(codebook(layout), ensure_ascii=False), "notes": json.dumps(dict(NOTES))}
    writer = ParquetWriter(file, [*kinds, ("not_asked", Type.TEXT)], metadata)
    casts = [_CASTS.get(column.kind, _as_text) for column in columns]
    for batch in _batches(rows, GROUP):
        missing = [_missing(columns, row) for row in batch]
        by_column = zip(*batch, strict=True)
        writer.write([*(_cast(cast, cells) for cast, cells in zip(casts, by_column, strict=True)), missing])
    writer.close()


def _missing(columns: Sequence[Column], row: Sequence[Any]) -> str | None:
    return " ".join(column.name for column, value in zip(columns, row, strict=True) if value is NOT_ASKED) or None


def _cast(cast: Callable[[Any], Any], cells: Iterable[Any]) -> list[Any]:
    return [None if cell is None or cell is NOT_ASKED else cast(cell) for cell in cells]


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_moment(value: str) -> int:
    return int((datetime.fromisoformat(value) - _EPOCH).total_seconds()) * 1_000_000


_CASTS: dict[str, Callable[[Any], Any]] = {
    "integer": int,
    "boolean": bool,
    "day": lambda value: (date.fromisoformat(value) - _EPOCH_DAY).days,
    "moment": _as_moment,
}


def _batches(rows: Rows, size: int) -> Iterator[list[list[Any]]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
