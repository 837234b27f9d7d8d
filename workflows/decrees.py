"""Read a holiday decree as people have it: pasted lines, a CSV table, or an iCalendar file.

Lines are ``19 Mei 2026 Hari jadi``, ``19, 20 dan 21 April 2023: Cuti bersama``, ``26-28 Mei 2026`` or ``2026-05-19 …``;
a leading minus, or the word ``hapus`` or ``dicabut``, takes a day back. CSV has the columns date, name, kind, change
(Indonesian names work too). iCalendar gives whole days. Leaves out whether the days are right and what they do.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from workflows.calendar import LayerKind

ADD, REMOVE = "add", "remove"
MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari january jan", "februari february feb pebruari", "maret march mar", "april apr", "mei may",
         "juni june jun", "juli july jul", "agustus august agu aug ags", "september sep sept",
         "oktober october okt oct", "november nov nopember", "desember december des dec"), start=1
    )
    for name in names.split()
}  # fmt: skip
REMOVING = re.compile(r"^\s*(?:[-–−]\s*(?=\D|\d{1,2}\s)|(?:hapus|dicabut|cabut|batal|remove)\b:?\s*)", re.IGNORECASE)
ISO = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})\b")
DAYS = re.compile(
    r"^\s*(?P<days>\d{1,2}(?:\s*(?:,|&|dan|and|-|–|s\.?d\.?|sampai)\s*\d{1,2})*)\s+(?P<month>[A-Za-z]+)\s*(?P<year>\d{4})?",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    r"^\s*(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad|mon|tues|wednes|thurs|fri|satur|sun)\w*\s*,?\s+", re.I
)
COLUMNS = {
    "date": ("date", "tanggal", "on"),
    "name": ("name", "nama", "keterangan", "summary"),
    "kind": ("kind", "jenis", "layer"),
    "change": ("change", "perubahan", "aksi"),
}
KINDS = {
    "national": LayerKind.NATIONAL, "nasional": LayerKind.NATIONAL, "libur nasional": LayerKind.NATIONAL,
    "joint_leave": LayerKind.JOINT_LEAVE, "cuti bersama": LayerKind.JOINT_LEAVE, "joint leave": LayerKind.JOINT_LEAVE,
    "local": LayerKind.LOCAL, "lokal": LayerKind.LOCAL, "libur daerah": LayerKind.LOCAL,
    "closure": LayerKind.CLOSURE, "penutupan": LayerKind.CLOSURE, "tutup": LayerKind.CLOSURE,
}  # fmt: skip
LONGEST_STRETCH = 366


class DecreeDay(NamedTuple):
    """One day a document adds to or takes from the closed days."""

    on: date
    name: str
    kind: str
    change: str = ADD

    def as_row(self) -> dict[str, str]:
        return {"on": self.on.isoformat(), "name": self.name, "kind": str(self.kind), "change": self.change}


class Unreadable(ValueError):
    """A line that says no day; ``line`` counts from 1."""

    def __init__(self, line: int, text: str):
        super().__init__(f"line {line}: {text}")
        self.line, self.text = line, text


def read_decree(text: str, *, kind: str, year: int | None = None) -> list[DecreeDay]:
    """Every day of a document, in order and each once. ``kind`` and ``year`` hold where a line names none.

    Raises Unreadable with the first line that cannot be read.
    """
    text = text.lstrip("\ufeff")
    if "BEGIN:VCALENDAR" in text.upper():
        found = list(_from_ical(text, kind))
    elif _is_table(text):
        found = list(_from_table(text, kind, year))
    else:
        found = list(_from_lines(text, kind, year))
    unique = {(day.on, day.kind, day.change): day for day in found}
    return sorted(unique.values(), key=lambda day: (day.on, day.kind, day.change))


def _from_lines(text: str, kind: str, year: int | None) -> Iterator[DecreeDay]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield from _line(number, line, kind, year)


def _line(number: int, line: str, kind: str, year: int | None) -> Iterator[DecreeDay]:
    removing = REMOVING.match(line)
    rest = WEEKDAY.sub("", line[removing.end() :] if removing else line)
    days, name = _days_and_rest(number, rest, year)
    name = name.strip(" \t:;,.–-|")
    change = REMOVE if removing else ADD
    for on in days:
        yield DecreeDay(on, name[:120], _kind_in(name) or kind, change)


def _days_and_rest(number: int, text: str, year: int | None) -> tuple[list[date], str]:
    if found := ISO.match(text):
        return [_date(number, text, *(int(part) for part in found.groups()))], text[found.end() :]
    found = DAYS.match(text)
    month = MONTHS.get(found["month"].lower()) if found else None
    in_year = int(found["year"]) if found and found["year"] else year
    if found is None or month is None or in_year is None:
        raise Unreadable(number, text.strip()[:80])
    days = [_date(number, text, in_year, month, day) for day in _numbers(found["days"])]
    return days, text[found.end() :]


def _numbers(text: str) -> Iterator[int]:
    """``19, 20 dan 24-26`` gives 19, 20, 24, 25, 26."""
    for part in re.split(r",|&|\bdan\b|\band\b", text, flags=re.IGNORECASE):
        ends = [int(each) for each in re.findall(r"\d+", part)]
        yield from range(ends[0], ends[-1] + 1) if ends else ()


def _is_table(text: str) -> bool:
    head = text.strip().split("\n", 1)[0].lower()
    cells = {cell.strip(' "\r') for cell in re.split(r"[,;\t]", head)}
    return bool(cells & set(COLUMNS["date"]))


def _from_table(text: str, kind: str, year: int | None) -> Iterator[DecreeDay]:
    head = text.strip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text.strip()), delimiter=delimiter)
    for number, row in enumerate(rows, start=2):
        cells = {(key or "").strip().lower(): (value or "").strip() for key, value in row.items() if key}
        said = {field: next((cells[name] for name in names if name in cells), "") for field, names in COLUMNS.items()}
        change = REMOVE if REMOVING.match(said["change"] + " ") or said["change"] == REMOVE else ADD
        row_kind = KINDS.get(said["kind"].lower()) or _kind_in(said["name"]) or kind
        days, _rest = _days_and_rest(number, said["date"], year)
        for on in days:
            yield DecreeDay(on, said["name"][:120], row_kind, change)


def _from_ical(text: str, kind: str) -> Iterator[DecreeDay]:
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for number, event in enumerate(re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", unfolded, re.S | re.I), start=1):
        fields = dict(re.findall(r"^([A-Z-]+)[^:\r\n]*:(.*?)\r?$", event, re.M))
        first = _ical_date(number, fields.get("DTSTART", ""))
        # DTEND is the first day after; an event without one is a single day.
        end = _ical_date(number, fields["DTEND"]) if "DTEND" in fields else first + timedelta(days=1)
        name = re.sub(r"\\([,;\\])", r"\1", fields.get("SUMMARY", "")).strip()
        change = REMOVE if fields.get("STATUS", "").strip().upper() == "CANCELLED" else ADD
        length = min(max((end - first).days, 1), LONGEST_STRETCH)
        for offset in range(length):
            yield DecreeDay(first + timedelta(days=offset), name[:120], _kind_in(name) or kind, change)


def _ical_date(number: int, text: str) -> date:
    found = re.match(r"(\d{4})(\d{2})(\d{2})", text.strip())
    if not found:
        raise Unreadable(number, text[:80])
    return _date(number, text, *(int(part) for part in found.groups()))


def _kind_in(name: str) -> str:
    lower = name.lower()
    return LayerKind.JOINT_LEAVE if "cuti bersama" in lower or "joint leave" in lower else ""


def _date(number: int, text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable(number, text.strip()[:80]) from error
