"""Understanding a table of survey forms: which column is what, and what each row says.

Covers: column mapping, scores, dates, the identity of a row. Leaves out: reading the file (``sheets.py``), services,
what is already stored.

The instrument is never guessed: the table must bring exactly the elements of the survey's own version.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from surveys.sheets import Row, Sheet

DAY = "submitted_on"
SERVICE_CODE, SERVICE_NAME, ROW = "service_code", "service_name", "row"
_ALIASES = {"institution": SERVICE_NAME, "instansi": SERVICE_NAME, "tanggal": DAY, "no": ROW}
OPTIONAL = (ROW, DAY, SERVICE_CODE, SERVICE_NAME)
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_WHOLE = re.compile(r"(\d{1,3})(?:[.,]0+)?", re.ASCII)
# The first decree on satisfaction surveys is of 2004.
EARLIEST = date(2004, 1, 1)


class RowFault(StrEnum):
    """Why a row is refused; the sentences stand where the report is made."""

    COLUMNS = "columns"
    SCORE_MISSING = "score_missing"
    SCORE_OFF_SCALE = "score_off_scale"
    DAY_MISSING = "day_missing"
    DAY_UNREADABLE = "day_unreadable"
    DAY_OUT_OF_RANGE = "day_out_of_range"
    OTHER_SERVICE = "other_service"
    SERVICE_TOO_LONG = "service_too_long"


@dataclass(frozen=True)
class Refusal:
    """One thing wrong in one row: the line in the file, the column's own name and the value found there."""

    line: int
    column: str
    value: str
    fault: RowFault


class WrongColumns(ValueError):
    """The table does not fit the survey."""

    def __init__(self, expected: Sequence[str], found: Sequence[str], missing: Sequence[str], repeated: Sequence[str]):
        super().__init__(f"expected {', '.join(expected)}; found {', '.join(found)}")
        self.expected, self.found = tuple(expected), tuple(found)
        self.missing, self.repeated = tuple(missing), tuple(repeated)


@dataclass(frozen=True)
class ColumnMap:
    """How a foreign table names things: our name to theirs, values for columns it lacks, its way of writing a day."""

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    day_format: str = ""


@dataclass(frozen=True)
class Form:
    """One readable row. ``identity`` is the same whenever the same file is read again."""

    line: int
    on: date
    scores: dict[str, int]
    service_code: str
    service_name: str
    identity: str


@dataclass(frozen=True)
class Rules:
    """What the survey asks of a table: its elements in order, its scale, the last day a form may carry."""

    survey: str
    elements: tuple[str, ...]
    scale: tuple[int, int]
    latest: date
    # Forms with open elements are stored as incomplete instead of being refused.
    accept_incomplete: bool = False


@dataclass(frozen=True)
class Understood:
    """What a table holds: readable forms, refusals (several per row possible) and columns nobody asked for."""

    forms: tuple[Form, ...]
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]


def understand(sheet: Sheet, rules: Rules, names: ColumnMap = ColumnMap()) -> Understood:
    """Read every row. Raises WrongColumns when the header does not fit."""
    places = _places(sheet.headers, rules, names)
    reader = _RowReader(sheet, rules, names, places)
    forms = [form for row in sheet.rows if (form := reader.read(row)) is not None]
    used = set(places.values())
    ignored = tuple(header for place, header in enumerate(sheet.headers) if header and place not in used)
    return Understood(tuple(forms), tuple(reader.refusals), ignored)


def _places(headers: Sequence[str], rules: Rules, names: ColumnMap) -> dict[str, int]:
    """Our column name to its place in the table."""
    theirs = {_plain(their): our for our, their in names.columns.items()}
    known = {*rules.elements, *OPTIONAL}
    ours = []
    for header in headers:
        plain = _plain(header)
        name = theirs.get(plain) or _ALIASES.get(plain, plain)
        ours.append(name if name in known else "")
    repeated = [name for name, count in Counter(filter(None, ours)).items() if count > 1]
    missing = [code for code in rules.elements if code not in ours]
    lost = [their for our, their in names.columns.items() if our not in ours]
    if repeated or missing or lost:
        raise WrongColumns(rules.elements, [header for header in headers if header], [*missing, *lost], repeated)
    return {name: place for place, name in enumerate(ours) if name}


def _plain(header: str) -> str:
    return " ".join(header.lower().split())


class _RowReader:
    """Reads rows one by one; remembers what it refused and how often equal rows came."""

    def __init__(self, sheet: Sheet, rules: Rules, names: ColumnMap, places: Mapping[str, int]):
        self.width = len(sheet.headers)
        self.headers, self.rules, self.names, self.places = sheet.headers, rules, names, places
        self.refusals: list[Refusal] = []
        self.seen: Counter[str] = Counter()

    def read(self, row: Row) -> Form | None:
        before = len(self.refusals)
        if len(row.cells) > self.width:
            self._refuse(row, "", str(len(row.cells)), RowFault.COLUMNS)
            return None
        scores = self._scores(row)
        on = self._day(row)
        service = self._cell(row, SERVICE_CODE), self._cell(row, SERVICE_NAME)
        if len(service[0]) > 40 or len(service[1]) > 200:
            self._refuse(row, SERVICE_NAME, service[1][:40], RowFault.SERVICE_TOO_LONG)
        if on is None or len(self.refusals) > before:
            return None
        return Form(row.line, on, scores, *service, self._identity(row, on, service, scores))

    def _cell(self, row: Row, name: str) -> str:
        place = self.places.get(name)
        if place is None:
            return self.names.defaults.get(name, "")
        return row.cells[place] if place < len(row.cells) else ""

    def _refuse(self, row: Row, name: str, value: str, fault: RowFault) -> None:
        column = self.headers[self.places[name]] if name in self.places else name
        self.refusals.append(Refusal(row.line, column, value[:40], fault))

    def _scores(self, row: Row) -> dict[str, int]:
        scores = {}
        for code in self.rules.elements:
            text = self._cell(row, code)
            score = read_score(text, self.rules.scale)
            if score is not None:
                scores[code] = score
            elif text:
                self._refuse(row, code, text, RowFault.SCORE_OFF_SCALE)
            elif not self.rules.accept_incomplete:
                self._refuse(row, code, text, RowFault.SCORE_MISSING)
        if not scores and self.rules.accept_incomplete:
            self._refuse(row, self.rules.elements[0], "", RowFault.SCORE_MISSING)
        return scores

    def _day(self, row: Row) -> date | None:
        text = self._cell(row, DAY)
        if not text:
            self._refuse(row, DAY, "", RowFault.DAY_MISSING)
            return None
        day = read_day(text, self.names.day_format)
        if day is None:
            self._refuse(row, DAY, text, RowFault.DAY_UNREADABLE)
        elif not EARLIEST <= day <= self.rules.latest:
            self._refuse(row, DAY, text, RowFault.DAY_OUT_OF_RANGE)
        return day

    def _identity(self, row: Row, on: date, service: tuple[str, str], scores: Mapping[str, int]) -> str:
        """Survey, content and the row's own number; without one, the how-manieth equal row of the file it is.

        So the same file read again is recognised, and equal forms of different people in one file all count.
        """
        parts = (self.rules.survey, on.isoformat(), *service, *(f"{code}={scores[code]}" for code in sorted(scores)))
        content = "\x1f".join(parts)
        number = self._cell(row, ROW)
        if not number:
            self.seen[content] += 1
            number = f"equal-{self.seen[content]}"
        return hashlib.sha256(f"{content}\x1f{number}".encode()).hexdigest()


def read_score(text: str, scale: tuple[int, int]) -> int | None:
    """A whole number on the scale, also when a spreadsheet wrote ``3.0`` or ``3,0``."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        return None
    score = int(match[1])
    return score if scale[0] <= score <= scale[1] else None


def read_day(text: str, day_format: str = "") -> date | None:
    """A day as written in Indonesia (day first) or ISO; a time behind it is ignored."""
    plain = text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0] if not day_format else text
    for pattern in (day_format,) if day_format else _DAY_FORMATS:
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
