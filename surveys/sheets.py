"""Reading a table somebody typed: CSV in any usual encoding and delimiter, or XLSX.

Covers: UTF-8 with and without BOM, UTF-16 with BOM, Windows-1252; comma, semicolon, tab; the first sheet of a workbook;
limits on size, rows and unpacked size. Every cell comes back as stripped text.
Leaves out: what the columns mean.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAXIMUM_BYTES = 20 * 1024 * 1024
MAXIMUM_UNPACKED = 200 * 1024 * 1024
MAXIMUM_ROWS = 100_000
MAXIMUM_COLUMNS = 200
MAXIMUM_CELL = 10_000
_DELIMITERS = ",;\t"
_ZIP = b"PK\x03\x04"
# A lone cell in the last possible row makes a sheet of a million empty ones.
_LAST_LINE = 2 * MAXIMUM_ROWS
# What the zip, XML and workbook readers raise on a damaged or encrypted file.
_DAMAGE = (
    zipfile.BadZipFile,
    InvalidFileException,
    LookupError,
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    zlib.error,
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Trouble(StrEnum):
    """Why a file cannot be read at all; the sentences stand where the report is made."""

    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    EMPTY = "empty"
    NOT_A_TABLE = "not_a_table"
    MIXED_ENCODINGS = "mixed_encodings"
    UNKNOWN_ENCODING = "unknown_encoding"
    BROKEN = "broken"


class UnreadableFile(ValueError):
    """``line`` is the first line in trouble, where one can be named."""

    def __init__(self, trouble: Trouble, line: int | None = None):
        super().__init__(f"{trouble.value} (line {line})" if line else trouble.value)
        self.trouble, self.line = trouble, line


@dataclass(frozen=True)
class Row:
    """One row under the header; ``line`` is its number in the file as a person sees it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes) -> Sheet:
    """The table in this file, told apart by content, not by name. Raises UnreadableFile."""
    if len(content) > MAXIMUM_BYTES:
        raise UnreadableFile(Trouble.TOO_LARGE)
    lines = _xlsx(content) if content.startswith(_ZIP) else _csv(_decoded(content))
    found = _taken(lines)
    if not found:
        raise UnreadableFile(Trouble.EMPTY)
    return Sheet(found[0].cells, tuple(found[1:]))


def _taken(lines: Iterator[Row]) -> list[Row]:
    rows: list[Row] = []
    for row in lines:
        if not any(row.cells):
            continue
        if len(rows) > MAXIMUM_ROWS:
            raise UnreadableFile(Trouble.TOO_MANY_ROWS)
        if len(row.cells) > MAXIMUM_COLUMNS or any(len(cell) > MAXIMUM_CELL for cell in row.cells):
            raise UnreadableFile(Trouble.NOT_A_TABLE, row.line)
        rows.append(row)
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        return _strictly(content, "utf-16")
    if b"\x00" in content:
        raise UnreadableFile(Trouble.NOT_A_TABLE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse_mixture(content)
        return _strictly(content, "cp1252")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(Trouble.UNKNOWN_ENCODING, line) from error


def _refuse_mixture(content: bytes) -> None:
    """Two files glued together: some lines are proper UTF-8, others are not; either reading would spoil names."""
    proper, other = None, None
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode()
            proper = proper or number
        except UnicodeDecodeError:
            other = other or number
    if proper is not None and other is not None:
        raise UnreadableFile(Trouble.MIXED_ENCODINGS, max(proper, other))


def _csv(text: str) -> Iterator[Row]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield Row(reader.line_num, _trimmed([cell.strip() for cell in cells]))
    except csv.Error as error:
        raise UnreadableFile(Trouble.BROKEN, reader.line_num) from error


def _xlsx(content: bytes) -> Iterator[Row]:
    try:
        _refuse_bomb(content)
        # Values only: no formula is evaluated, no link followed.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        rows = book.worksheets[0].iter_rows(max_row=_LAST_LINE, max_col=MAXIMUM_COLUMNS + 1, values_only=True)
        for number, cells in enumerate(rows, start=1):
            if number == _LAST_LINE:
                raise UnreadableFile(Trouble.TOO_MANY_ROWS)
            yield Row(number, _trimmed([_text(cell) for cell in cells]))
    except UnreadableFile:
        raise
    except _DAMAGE as error:
        raise UnreadableFile(Trouble.BROKEN) from error


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAXIMUM_UNPACKED:
            raise UnreadableFile(Trouble.TOO_LARGE)


def _trimmed(texts: list[str]) -> tuple[str, ...]:
    """Spreadsheets remember empty columns on the right; they are not cells of the table."""
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
