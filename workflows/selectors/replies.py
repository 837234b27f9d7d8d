"""Reply templates that a case may be answered with, and what stands in their places."""

from django.db.models import QuerySet
from django.utils.formats import date_format

from core.models import User
from workflows.models import Complaint, ReplyTemplate
from workflows.replying import filled


def templates_for(complaint: Complaint) -> QuerySet[ReplyTemplate]:
    """Current templates of the agency that holds the case, the units above it and its region (one query)."""
    rows = ReplyTemplate.objects.filter(is_current=True)
    if complaint.current_agency:
        return rows.applying_to(complaint.current_agency)
    return rows.filter(agency__isnull=True, region=complaint.region_id)


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
