"""The table that goes to and comes from SP4N-LAPOR!: its columns, words, numbers and dates.

Covers reading a row and writing one. Leaves out what a row does to a case: ``services/bridge.py``. The national system
publishes no layout for such a file, so columns are found by any of several names; the status words are its public
counters (belum terverifikasi, belum ditindaklanjuti, proses, selesai, tertunda, diarsipkan), the classes those of
PermenPANRB 62/2018, chapter VI.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from workflows.states import Klass, Status


class Sp4nStatus(StrEnum):
    """The six public counters; the values are the words of the national site."""

    UNVERIFIED = "belum terverifikasi"
    UNANSWERED = "belum ditindaklanjuti"
    IN_PROGRESS = "proses"
    FINISHED = "selesai"
    POSTPONED = "tertunda"
    ARCHIVED = "diarsipkan"


S = Sp4nStatus
STATUS_THERE: dict[str, Sp4nStatus] = {
    Status.RECEIVED: S.UNVERIFIED,
    Status.NEEDS_INFO: S.POSTPONED,
    Status.VERIFIED: S.UNANSWERED,
    Status.FORWARDED: S.UNANSWERED,
    Status.IN_PROGRESS: S.IN_PROGRESS,
    Status.ON_HOLD: S.IN_PROGRESS,
    Status.FOLLOWED_UP: S.IN_PROGRESS,
    Status.IN_REVIEW: S.IN_PROGRESS,
    Status.CLOSED: S.FINISHED,
    Status.REFERRED_OUT: S.ARCHIVED,
    Status.DUPLICATE: S.ARCHIVED,
    Status.REJECTED: S.ARCHIVED,
}
# What has ended there has ended: it is kept as history and never judged by the local calendar.
ENDED_THERE: dict[Sp4nStatus, Status] = {S.FINISHED: Status.CLOSED, S.ARCHIVED: Status.REJECTED}
# Other words seen for the same counters.
OTHER_WORDS = {
    "menunggu verifikasi": S.UNVERIFIED,
    "terverifikasi": S.UNANSWERED,
    "terdisposisi": S.UNANSWERED,
    "ditindaklanjuti": S.IN_PROGRESS,
    "ditindaklanjuti oleh instansi": S.IN_PROGRESS,
    "ditanggapi oleh pelapor": S.IN_PROGRESS,
    "selesai otomatis": S.FINISHED,
    "ditunda": S.POSTPONED,
    "arsip": S.ARCHIVED,
}
CLASS_THERE = {
    Klass.COMPLAINT: "pengaduan",
    Klass.ASPIRATION: "aspirasi",
    Klass.INFORMATION_REQUEST: "permintaan informasi",
}
COLUMNS = {
    "tracking": ("nomor sp4n", "tracking id", "trackingid", "nomor laporan", "id laporan"),
    "reference": ("nomor lokal", "nomor aduan"),
    "received_on": ("tanggal terima", "tanggal laporan", "tanggal"),
    "klass": ("klasifikasi", "jenis laporan"),
    "category": ("kategori",),
    "title": ("judul", "judul laporan"),
    "body": ("isi", "isi laporan"),
    "place": ("lokasi",),
    "agency": ("instansi", "instansi tujuan", "disposisi"),
    "status": ("status", "status laporan"),
    "closed_on": ("tanggal selesai",),
    "answer": ("tindak lanjut",),
}
REQUIRED = ("tracking", "received_on", "title", "status")
LONGEST_CELL = 20_000
_TRACKING = re.compile(r"#?([0-9]{4,15})")
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


@dataclass(frozen=True, slots=True)
class Sp4nRow:
    """One report as the national system tells it."""

    tracking: str
    received_on: date
    title: str
    status: Sp4nStatus
    reference: str = ""
    klass: str = Klass.COMPLAINT
    category: str = ""
    body: str = ""
    place: str = ""
    agency: str = ""
    closed_on: date | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED_THERE

    @property
    def digest(self) -> str:
        """The same for the same row, so that a file read twice changes nothing."""
        content = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def columns_of(headers: Sequence[str]) -> dict[str, int]:
    """Where each known column stands in a table with these headers (lower case)."""
    places = {header.replace("_", " ").strip(): index for index, header in reversed(list(enumerate(headers)))}
    found = {}
    for name, words in COLUMNS.items():
        index = next((places[word] for word in words if word in places), None)
        if index is not None:
            found[name] = index
    return found


def missing_columns(columns: Mapping[str, int]) -> list[str]:
    """The required columns a table lacks, by their first name."""
    return [COLUMNS[name][0] for name in REQUIRED if name not in columns]


def tracking_number(typed: str) -> str | None:
    """The digits of a number with or without its ``#``; None for anything else."""
    found = _TRACKING.fullmatch(typed.strip())
    return found[1] if found else None


def read_row(cells: Sequence[str], columns: Mapping[str, int]) -> tuple[Sp4nRow | None, list[str]]:
    """The report of a row, or what is wrong with it in words for the person."""
    typed = {name: cells[index].strip() for name, index in columns.items()}
    problems: list[str] = []
    tracking = tracking_number(typed["tracking"])
    if tracking is None:
        problems.append(_("“%(value)s” is no SP4N number.") % {"value": typed["tracking"][:40]})
    received, closed = (_day(typed.get(name, ""), problems) for name in ("received_on", "closed_on"))
    status, klass = _status(typed["status"], problems), _klass(typed.get("klass", ""), problems)
    if not typed["title"]:
        problems.append(_("The title is missing."))
    if received is None and not typed["received_on"]:
        problems.append(_("The date of receipt is missing."))
    if received and closed and closed < received:
        problems.append(_("The report ends before it begins."))
    if problems or tracking is None or received is None or status is None:
        return None, problems
    texts = {name: typed.get(name, "") for name in ("category", "body", "place", "agency")}
    reference = typed.get("reference", "").upper()
    row = Sp4nRow(
        tracking, received, typed["title"][:150], status, reference=reference, klass=klass, closed_on=closed, **texts
    )
    return row, []


def _day(value: str, problems: list[str]) -> date | None:
    if not value:
        return None
    for shape in _DATES:
        try:
            return datetime.strptime(value[:10], shape).date()  # noqa: DTZ007  a date, no moment
        except ValueError:
            continue
    problems.append(_("“%(value)s” is no date; write 31/12/2026.") % {"value": value[:40]})
    return None


def _status(value: str, problems: list[str]) -> Sp4nStatus | None:
    word = " ".join(value.lower().split())
    # "Terdisposisi ke Dinas …" and "Selesai otomatis dalam 10 hari" go on after the words that count.
    known = {**{status.value: status for status in Sp4nStatus}, **OTHER_WORDS}
    for words in sorted(known, key=len, reverse=True):
        if word == words or word.startswith(f"{words} "):
            return known[words]
    problems.append(_("“%(value)s” is no status of SP4N-LAPOR!.") % {"value": value[:40]})
    return None


def _klass(value: str, problems: list[str]) -> str:
    word = " ".join(value.lower().split())
    if not word:
        return Klass.COMPLAINT
    for klass, there in CLASS_THERE.items():
        if word.startswith(there):
            return klass
    problems.append(_("“%(value)s” is no class of SP4N-LAPOR!.") % {"value": value[:40]})
    return Klass.COMPLAINT
