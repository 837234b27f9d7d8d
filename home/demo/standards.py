"""Six real service standards and one complete example, as pages of the agencies that offer them."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from cms.blocks import ChannelBlock, Unit
from cms.models import AgencyPage, ServicePage
from core.models import Agency, Region, Service
from home.pages import publish_once

Kind = ChannelBlock.Kind
UNITS = {"menit": Unit.MINUTES, "jam": Unit.HOURS, "hari": Unit.DAYS, "hari kerja": Unit.WORKING_DAYS}
CHANNELS = {
    "tatap muka": Kind.COUNTER,
    "unit layanan terpadu": Kind.COUNTER,
    "kotak saran": Kind.BOX,
    "telepon": Kind.PHONE,
    "hotline": Kind.PHONE,
    "WhatsApp": Kind.WHATSAPP,
    "Facebook": Kind.SOCIAL,
    "situs web": Kind.WEBSITE,
    "surel": Kind.EMAIL,
    "surat kepada kepala": Kind.LETTER,
    "LAPOR!": Kind.LAPOR,
}
# Where the channel's own name says more than its kind.
DETAILED = {"hotline": "hotline", "unit layanan terpadu": "unit layanan terpadu", "Facebook": "Facebook"}


def load_standards(region: Region, complete: dict[str, Any]) -> int:
    """Publish the standards of agencies that have a page; returns how many pages were new."""
    text = Path(settings.FIXTURES_ROOT, "service_standards.json").read_text(encoding="utf-8")
    records = [_from_record(record) for record in json.loads(text)["standards"]]
    return sum(_publish(region, values) for values in (*records, complete))


def _publish(region: Region, values: dict[str, Any]) -> bool:
    values = dict(values)
    agency = Agency.objects.filter(region=region, code=values.pop("agency")).first()
    section = AgencyPage.objects.filter(agency=agency).first() if agency else None
    code = values.pop("code")
    if section is None:
        return False
    service, _created = Service.objects.get_or_create(
        agency=agency, code=code, defaults={"name": values["title"], "is_demo": True}
    )
    if ServicePage.objects.filter(service=service).exists():
        return False
    return publish_once(section, ServicePage(slug=code, service=service, **values))


def _from_record(record: dict[str, Any]) -> dict[str, Any]:
    parts = record["components"]
    return {
        **record["shown_as"],
        "decree_number": record["decree_number"] or "",
        "requirements": [
            ("requirement", _kept(row, "text", "condition", "form_code")) for row in parts["persyaratan"] or []
        ],
        "procedure": _steps(parts["prosedur"]),
        "products": [("product", name) for name in parts["produk"] or []],
        **_duration(parts["jangka_waktu"]),
        **_fee(parts["biaya"]),
        **_complaints(parts["pengaduan"]),
    }


def _kept(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names if row.get(name) is not None}


def _steps(rows: list[dict[str, Any]] | None) -> list[tuple[str, Any]]:
    return [("step", _kept(row, "actor", "text", "minutes")) for row in rows or []]


def _duration(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "duration_value": part["value"],
        "duration_unit": UNITS[part["unit"]],
        "duration_qualifier": part["qualifier"] or "",
        "duration_starts": part["starts"] or "",
    }


def _fee(part: dict[str, Any]) -> dict[str, Any]:
    return {"fee_kind": part["kind"], "fee_text": part["text"] if part["kind"] == "at_cost" else ""}


def _complaints(part: dict[str, Any]) -> dict[str, Any]:
    limits = [{"value": row["value"], "unit": UNITS[row["unit"]]} for row in part["limits"] or []]
    return {
        "complaint_channels": [
            ("channel", {"kind": CHANNELS[name], "detail": DETAILED.get(name, "")}) for name in part["channels"]
        ],
        "complaint_steps": _steps(part["steps"]),
        "complaint_limits": [("limit", row) for row in limits],
    }
