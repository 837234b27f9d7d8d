"""Reply templates that a case may be answered with, and what stands in their places."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.formats import date_format

from core.keeping import Shelf
from core.models import Region, User
from core.rows import RowCount, Rows
from core.statements import Reading
from workflows.models import AnswerCheck, Complaint, ReplyTemplate
from workflows.replying import filled

# Older answers do not count against a new one; counted from the beginning of the day.
MEMORY = timedelta(days=180)
MOST_TEMPLATES, MOST_ANSWERS = 100, 1000


def templates_for(complaint: Complaint) -> QuerySet[ReplyTemplate]:
    """Current templates of the agency that holds the case, the units above it and its region (one query)."""
    rows = ReplyTemplate.objects.filter(is_current=True)
    if complaint.current_agency:
        return rows.applying_to(complaint.current_agency)
    return rows.filter(agency__isnull=True, region=complaint.region_id)


class Comparison(NamedTuple):
    """What an answer is compared with: templates, of which name and text are known, and answers of the same words."""

    templates: list[ReplyTemplate]
    same_answers: int


def comparison_for(complaint: Complaint, fingerprint: str, now: datetime) -> Comparison:
    """What stands beside an answer to this case with this fingerprint (one query)."""
    since = (now - MEMORY).replace(hour=0, minute=0, second=0, microsecond=0)
    office = complaint.current_agency
    key = complaint.region_id, office and (office.region_id, office.path), since
    reading = _compared.kept(key, lambda: Reading(partial(_comparison, complaint, since), int, int, str))
    (row,) = reading.all(complaint.region_id, complaint.pk, fingerprint)
    return Comparison(_templates(ReplyTemplate.objects.all()).partials(row.templates), row.same_answers)


def _comparison(complaint: Complaint, since: datetime, region: int, own: int, fingerprint: str) -> QuerySet[Any]:
    same = AnswerCheck.objects.filter(fingerprint=fingerprint, at__gte=since).exclude(complaint=own)
    return Region.objects.only("pk").filter(pk=region).annotate(
        templates=_templates(templates_for(complaint)[:MOST_TEMPLATES]), same_answers=RowCount(same[:MOST_ANSWERS])
    )  # fmt: skip


def _templates(rows: QuerySet[ReplyTemplate]) -> Rows:
    return Rows(rows, "id", "name", "body")


# By the office whose templates are offered, because building the query costs more than asking.
_compared: Shelf[Reading[Any]] = Shelf(200)


def current_templates(user: User) -> QuerySet[ReplyTemplate]:
    """Templates in use that the person may read, with whom they hold for."""
    rows = ReplyTemplate.objects.visible_to(user).filter(is_current=True)
    return rows.select_related("region", "agency", "made_by").order_by("name", "pk").distinct()


def filled_for(complaint: Complaint, body: str) -> str:
    """A template with the case's own facts in its places; nothing that identifies the reporter is among them."""
    zone = complaint.region.zone
    received, due = complaint.received_at.astimezone(zone), complaint.due_at and complaint.due_at.astimezone(zone)
    agency = complaint.current_agency or complaint.region
    return filled(body, {
        "nomor": complaint.reference,
        "judul": complaint.title,
        "tanggal_masuk": date_format(received, "j F Y"),
        "instansi": str(agency),
        "layanan": str(complaint.service or ""),
        "tempat": complaint.place,
        "tenggat": date_format(due, "j F Y") if due else "",
    })  # fmt: skip


SAMPLE = {
    "nomor": "BKL-2026-000123",
    "judul": "Lampu jalan padam",
    "tanggal_masuk": "4 Mei 2026",
    "instansi": "Dinas Perhubungan",
    "layanan": "Penerangan jalan",
    "tempat": "Depan pasar",
    "tenggat": "11 Mei 2026",
}
