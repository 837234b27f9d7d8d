"""The dossier a reporter takes to the Ombudsman: what was said and done, with the fingerprints that prove it.

A ZIP of a PDF to read, a JSON file with every event's hash, and the case's public files. It holds what the reporter may
read anyway and nobody's identity: of an internal event only its fingerprint, of staff the office and the bare number of
the account. That number names nobody outside, and without it nobody could compute a fingerprint again without asking
the very desk the dossier may be about. The reporter's own name is added by hand.
"""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.files.storage import storages
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workflows.models import Attachment, ClockCycle, Complaint, ComplaintEvent
from workflows.selectors.complaints import timeline_of
from workflows.selectors.parts import with_answers
from workflows.states import Action

TEMPLATES = Path(__file__).resolve().parent.parent / "typst"
# Public files together; beyond it only their fingerprints are in the ZIP.
MOST_BYTES = 60 * 1024 * 1024


def dossier_zip(complaint: Complaint, now: datetime) -> bytes:
    """Everything in one ZIP; the same case at the same moment gives the same content."""
    events = with_answers(complaint, timeline_of(complaint, public_only=True))
    facts = dossier_facts(complaint, events, now)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{complaint.reference}.pdf", dossier_pdf(complaint, events, facts))
        archive.writestr(f"{complaint.reference}.json", json.dumps(facts, indent=2, ensure_ascii=False))
        _add_files(archive, files_of(events))
    return packed.getvalue()


def dossier_facts(complaint: Complaint, events: list[ComplaintEvent], now: datetime) -> dict[str, Any]:
    """The machine-readable part. ``chain`` covers every event; ``events`` only those the reporter may read."""
    return {
        "schema": 1,
        "reference": complaint.reference,
        "made_at": now.isoformat(),
        "region": complaint.region.full_name,
        "status": complaint.status,
        "closed_by": complaint.closed_by,
        "title": complaint.title,
        "body": complaint.body,
        "received_at": complaint.received_at.isoformat(),
        "events": [_event(event) for event in events],
        "clocks": [_clock(clock) for clock in complaint.clocks.order_by("started_at", "pk")],
        "files": [_file(file) for file in files_of(events)],
        "chain": {
            "method": "SHA-256 over [previous hash, facts] as JSON with sorted keys",
            "head": complaint.head_hash,
            "hashes": list(complaint.events.order_by("sequence").values_list("hash", flat=True)),
        },
    }


def dossier_pdf(complaint: Complaint, events: list[ComplaintEvent], facts: dict[str, Any]) -> bytes:
    """The part to read, in Indonesian. Texts reach the template as data; it can read no file and fetch nothing."""
    with translation.override(settings.LANGUAGE_CODE):
        data = _texts(complaint, events, facts)
    document: bytes = typst.compile(  # type: ignore[type-var]  # its stub wants a path; bytes are the source itself
        (TEMPLATES / "dossier.typ").read_bytes(),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    return document


def _texts(complaint: Complaint, events: list[ComplaintEvent], facts: dict[str, Any]) -> dict[str, Any]:
    agency = complaint.current_agency.name if complaint.current_agency else _("Complaint desk")
    rows = [
        (_("Complaint number"), complaint.reference),
        (_("Received"), _moment(complaint.received_at, complaint)),
        (_("Status"), str(complaint.public_status)),
        (_("Handled by"), agency),
        (_("Topic"), str(complaint.category or "–")),
        (_("Service"), str(complaint.service or "–")),
        (_("Place"), complaint.place or "–"),
    ]
    return {
        "title": _("Dossier of a complaint"),
        "region": complaint.region.full_name,
        "lead": _("For the Ombudsman, made by the reporter on %(date)s.")
        % {"date": date_format(datetime.fromisoformat(facts["made_at"]).astimezone(complaint.region.zone), "j F Y")},
        "subject": complaint.title,
        "body": complaint.body,
        "rows": rows,
        "events_title": _("What has happened"),
        "events": [_told(event, complaint) for event in events],
        "proof_title": _("Fingerprints"),
        "proof": _(
            "Each step has a fingerprint made of its facts and the fingerprint before it. "
            "The file %(name)s in the same ZIP holds all of them."
        )
        % {"name": f"{complaint.reference}.json"},
        "head": complaint.head_hash,
        "files_title": _("Files"),
        "files": [{"name": file["name"], "hash": file["sha256"]} for file in facts["files"]],
        "name_line": _("Name and signature of the reporter"),
    }


def files_of(events: list[ComplaintEvent]) -> list[Attachment]:
    """The public files of these events, those of an agency's own answer included."""
    told = (one for event in events for one in (event, getattr(event, "answer", None)) if one)
    return [file for one in told for file in one.attachments.all()]


def _told(event: ComplaintEvent, complaint: Complaint) -> dict[str, Any]:
    words = [message.body for message in getattr(event, "answer", event).messages.all()]
    who = {"reporter": _("Reporter"), "system": _("Automatic")}.get(event.actor_kind, _("Officer"))
    office = f": {event.agency.name}" if event.agency else ""
    return {
        "title": f"{Action(event.action).label}{office}",
        "meta": f"{_moment(event.at, complaint)} · {who}",
        "words": words,
        "hash": event.hash[:16],
    }


def _moment(at: datetime, complaint: Complaint) -> str:
    return date_format(at.astimezone(complaint.region.zone), "j F Y, H.i")


def _event(event: ComplaintEvent) -> dict[str, Any]:
    return {
        "facts": {**event.facts(), "at": event.at.astimezone(UTC).isoformat(timespec="microseconds")},
        "prev_hash": event.prev_hash,
        "hash": event.hash,
        "words": [{"text": message.body, "salt": message.salt} for message in event.messages.all()],
        # Of an agency that answered for its part: the event itself, whose hash stands in the facts above.
        **({"answer": _event(event.answer)} if hasattr(event, "answer") else {}),
    }


def _clock(clock: ClockCycle) -> dict[str, Any]:
    moments = {name: getattr(clock, name) for name in ("started_at", "due_at", "stopped_at")}
    return {
        "kind": clock.kind,
        "cycle": clock.cycle,
        "outcome": clock.outcome,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def _file(file: Attachment) -> dict[str, Any]:
    return {"name": file.download_name, "type": file.content_type, "size": file.size, "sha256": file.sha256}


def _add_files(archive: zipfile.ZipFile, files: list[Attachment]) -> None:
    room = MOST_BYTES
    for file in files:
        room -= file.size
        if room > 0 and storages["private"].exists(file.name):
            with file.open() as content:
                archive.writestr(f"berkas/{file.download_name}", content.read())
