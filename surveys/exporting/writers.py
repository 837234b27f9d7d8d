"""Rows of an export in four formats. CSV and JSON Lines come in pieces as they are read; the others fill a file.

CSV and XLSX disarm what a spreadsheet would execute (see ``core.exchange.formats``); JSON Lines and Parquet change
nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import compress, islice
from operator import add, getitem
from typing import Any, BinaryIO

from core.exchange.formats import guard

from .codebook import HEADINGS, NOTES, codebook, codebook_rows
from .layout import NOT_ASKED, SYSTEM, Column, Layout, Row
from .parquet import ParquetWriter, Type
from .written import Written
from .xlsx import XlsxWriter

Rows = Iterable[Row]
# Stands in every export, whatever else is asked for.
_VERSION = [column.name for column in SYSTEM].index("version")
# What RFC 4180 wants in quotes.
_QUOTED = re.compile('[",\r\n]')
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
    cell = Written(_csv_cell).__getitem__
    yield b"\xef\xbb\xbf" + (",".join([cell(column.name) for column in columns]) + "\r\n").encode()
    flat = flattener(columns)
    for batch in _batches(rows, BATCH):
        lines = [",".join(map(cell, flat(row))) for row in batch]
        yield ("\r\n".join(lines) + "\r\n").encode()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def flattener(columns: Sequence[Column]) -> Callable[[Row], Row]:
    """A row as spreadsheet cells: texts and whole numbers, nothing executable. A list is changed in place."""
    free = [place for place, column in enumerate(columns) if column.group in _FREE]

    def flat(cells: Row) -> Row:
        if isinstance(cells, list):
            for place in free:
                if (value := cells[place]) is not None:
                    cells[place] = _free_cell(value)
        return cells

    return flat


def _free_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "|".join(map(str, value))
    return guard(value) if isinstance(value, str) else value


def jsonl_pieces(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """One object a line; what was not asked is absent, what was left open is null."""
    names = [column.name for column in columns]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    heads = [f"{encode(name)}:" for name in names]
    plain, yes_no = Written(encode), {1: "true", 0: "false"}
    written = [yes_no if column.kind == "boolean" else plain for column in columns]
    # Two versions may not have asked the same; one version is the same for all its answers.
    asked: dict[str, list[bool]] = {}

    def line(row: Row) -> str:
        version = row[_VERSION]
        if version not in asked:
            asked[version] = [value is not NOT_ASKED for value in row]
        cells = map(add, heads, map(getitem, written, map(_hashable, row) if isinstance(row, list) else row))
        return "{" + ",".join(compress(cells, asked[version])) + "}"

    for batch in _batches(rows, BATCH):
        yield ("\n".join(map(line, batch)) + "\n").encode()


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


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
    casts = [_CASTS.get(column.kind) for column in columns]
    for batch in _batches(rows, GROUP):
        missing = _missing(columns, batch)
        by_column = zip(*batch, strict=True)
        writer.write([*(_cast(cast, cells) for cast, cells in zip(casts, by_column, strict=True)), missing])
    writer.close()


def _missing(columns: Sequence[Column], rows: Sequence[Row]) -> list[str | None]:
    """Names of what was not asked, row by row: the same for all answers of a version."""
    known: dict[str, str | None] = {}
    for row in rows:
        if row[_VERSION] not in known:
            absent = [column.name for column, value in zip(columns, row, strict=True) if value is NOT_ASKED]
            known[row[_VERSION]] = " ".join(absent) or None
    return [known[row[_VERSION]] for row in rows]


def _cast(cast: Callable[[Any], Any] | None, cells: Sequence[Any]) -> Sequence[Any]:
    """Values as the file has them. Most columns repeat few values, so each of a group is turned only once."""
    if cast is None:
        return [None if cell is NOT_ASKED else cell for cell in cells] if NOT_ASKED in cells else cells
    return [None if cell is None or cell is NOT_ASKED else cast(cell) for cell in cells]


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=512)
def _as_day(value: str) -> int:
    return (date.fromisoformat(value) - _EPOCH_DAY).days


def _as_moment(value: str) -> int:
    return int((datetime.fromisoformat(value) - _EPOCH).total_seconds()) * 1_000_000


# Numbers, yes and no, and our own texts are as the file wants them.
_CASTS: dict[str, Callable[[Any], Any]] = {"value": _as_text, "day": _as_day, "moment": _as_moment}


def _batches(rows: Rows, size: int) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
