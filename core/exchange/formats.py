"""CSV and XLSX that no spreadsheet program executes, and that import back unchanged.

A cell that starts like a formula is a number or a command to Excel, LibreOffice and Google
Sheets. In CSV such a text gets a leading apostrophe, which the import takes away again; in XLSX
every text is typed as text. Values are never altered otherwise.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# The last four are full-width forms, which some locales of Excel read like the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def looks_like_formula(value: str) -> bool:
    """Also true behind apostrophes, so that guarding can be undone without ambiguity."""
    return value.lstrip("'").startswith(FORMULA_STARTS)


def guard(value: str) -> str:
    """Put an apostrophe before what a spreadsheet would execute."""
    return f"'{value}" if looks_like_formula(value) else value


def unguard(value: str) -> str:
    """Undo ``guard``; every other text stays as it is."""
    return value[1:] if value.startswith("'") and looks_like_formula(value) else value


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a byte-order mark, without which Excel garbles accents."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([guard(str(value)) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(list(headers))
    for row in rows:
        sheet.append([_text_cell(sheet, str(value)) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text_cell(sheet: object, value: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    # Keeps the text a text when somebody edits the cell.
    cell.quotePrefix = True
    return cell
