"""An XLSX file, written row by row: only text and numbers, no formulas, no styles, bounded memory.

A library would build every cell as an object; at a hundred thousand answers that is minutes. Text stands in its cell
(``inlineStr``), so nothing is collected for the end of the file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from itertools import chain
from types import TracebackType
from typing import Any, BinaryIO, Self

from .written import Written

# XML 1.0 has no way to write these.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
SHEET_ROWS = 1_048_576
CELL_LENGTH = 32_767
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class XlsxWriter:
    """``with XlsxWriter(file) as book: book.sheet("answers", headings, rows)``; a long table goes on in a next one."""

    def __init__(self, file: BinaryIO):
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self.names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        if error is None:
            self._finish()
        self.zip.close()

    def sheet(self, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Cells are whole numbers or texts; None is an empty cell."""
        source = iter(rows)
        for part in range(1, 1000):
            if not self._part(name if part == 1 else f"{name} {part}", headings, source):
                return

    def _part(self, name: str, headings: Sequence[str], source: Any) -> bool:
        """One sheet; whether it became full."""
        self.names.append(name)
        with self.zip.open(f"xl/worksheets/sheet{len(self.names)}.xml", "w", force_zip64=True) as out:
            out.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
                      f'<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>'
                      .encode())  # fmt: skip
            cell = Written(_cell).__getitem__
            written = 0
            for row in chain([headings], source):
                out.write(f"<row>{''.join(map(cell, row))}</row>".encode())
                written += 1
                if written == SHEET_ROWS:
                    break
            out.write(b"</sheetData></worksheet>")
        return written == SHEET_ROWS

    def _finish(self) -> None:
        count = range(1, len(self.names) + 1)
        sheets = "".join(
            f'<sheet name="{_text(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(count, self.names, strict=True)
        )
        self._add(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in count
        )
        self._add("xl/_rels/workbook.xml.rels", _relationships(links))
        book = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        self._add("_rels/.rels", _relationships(book))
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in count
        )
        self._add(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{parts}</Types>',
        )

    def _add(self, path: str, xml: str) -> None:
        self.zip.writestr(path, _HEAD + xml)


def _relationships(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int):
        return f"<c><v>{int(value)}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    return _ILLEGAL.sub("", value[:CELL_LENGTH]).translate(_ESCAPED)
