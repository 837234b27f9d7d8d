"""Take a table from a file somebody uploaded, distrusting the file.

Covers size limits, zip bombs, XML entities, formulas, encodings and delimiters. Leaves out what
the columns mean. Every refusal is an ``UploadRefused`` with a message for the person.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.exchange.formats import unguard

MAX_BYTES = 2 * 1024 * 1024
MAX_UNZIPPED_BYTES = 40 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 40
MAX_CELL = 2_000
ZIP_START = b"PK\x03\x04"
# Takes the values of a line and its number; gives what is kept of them.
CellsOf = Callable[[list[str], int], list[str]]


class UploadRefused(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Table:
    """Header cells and rows of text; ``lines`` are the row numbers a spreadsheet shows."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_table(content: bytes, *, longest_cell: int = MAX_CELL) -> Table:
    """Read CSV or XLSX; the content decides, not the name. ``longest_cell`` is in characters."""
    if len(content) > MAX_BYTES:
        raise UploadRefused(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2})
    cells_of = partial(_cells, longest=longest_cell)
    raw = _xlsx_rows(content, cells_of) if content.startswith(ZIP_START) else _csv_rows(content, cells_of)
    headers: list[str] | None = None
    rows, lines = [], []
    for line, cells in raw:
        if not any(cells):
            continue
        if headers is None:
            headers = [cell.strip().lower() for cell in cells]
            continue
        if len(rows) == MAX_ROWS:
            raise UploadRefused(_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS})
        rows.append((cells + [""] * len(headers))[: max(len(headers), len(cells))])
        lines.append(line)
    return _checked(headers, rows, lines)


def _checked(headers: list[str] | None, rows: list[list[str]], lines: list[int]) -> Table:
    if headers is None:
        raise UploadRefused(_("The file is empty."))
    while headers and not headers[-1]:
        headers.pop()
    for line, row in zip(lines, rows, strict=True):
        if any(row[len(headers) :]):
            raise UploadRefused(_("Row %(row)d has more cells than the header.") % {"row": line})
        del row[len(headers) :]
    return Table(headers, rows, lines)


def _cells(values: list[str], line: int, *, longest: int) -> list[str]:
    if len(values) > MAX_COLUMNS:
        raise UploadRefused(_("The file has more than %(limit)d columns.") % {"limit": MAX_COLUMNS})
    if any(len(value) > longest for value in values):
        raise UploadRefused(_("A cell in row %(row)d is too long.") % {"row": line})
    return [value.strip(" \xa0") for value in values]


def decode(content: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else Windows-1252 as Excel saves it."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UploadRefused(_("The file is neither a spreadsheet (XLSX) nor a text table (CSV, UTF-8)."))


def _csv_rows(content: bytes, cells_of: CellsOf) -> Iterator[tuple[int, list[str]]]:
    text = decode(content)
    if "\0" in text:
        raise UploadRefused(_("The file is neither a spreadsheet (XLSX) nor a text table (CSV, UTF-8)."))
    first = text.split("\n", 1)[0]
    # Excel writes semicolons where the comma is the decimal sign, as in Indonesian.
    delimiter = max(",;\t", key=first.count)
    try:
        for line, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield line, [unguard(value) for value in cells_of(values, line)]
    except csv.Error as error:
        raise UploadRefused(_("The text table is damaged: a quotation mark is not closed.")) from error


def _xlsx_rows(content: bytes, cells_of: CellsOf) -> Iterator[tuple[int, list[str]]]:
    _check_zip(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
    except Exception as error:  # openpyxl raises whatever its XML parser met
        raise UploadRefused(_("The spreadsheet is damaged or not an XLSX file.")) from error
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
        if line > MAX_ROWS * 2:
            raise UploadRefused(_("The file has more than %(limit)d rows.") % {"limit": MAX_ROWS})
        if any(cell.data_type == "f" for cell in cells):
            raise UploadRefused(_("Row %(row)d holds a formula. Save the values only.") % {"row": line})
        yield line, cells_of(_without_tail([_as_text(cell.value) for cell in cells]), line)


def _without_tail(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values.pop()
    return values


def _check_zip(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNZIPPED_BYTES:
                raise UploadRefused(_("The spreadsheet unpacks to too much data."))
            for entry in entries:
                with archive.open(entry) as part:
                    # A genuine workbook declares no document type; entities come only with one.
                    if b"<!DOCTYPE" in part.read():
                        raise UploadRefused(_("The spreadsheet is damaged or not an XLSX file."))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise UploadRefused(_("The spreadsheet is damaged or not an XLSX file.")) from error


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
