"""What hangs on the wall: address, QR and poster of a service point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.pdf import compiled
from surveys import qr
from surveys.models import ServicePoint

TEMPLATES = Path(__file__).resolve().parent.parent / "typst"


def point_url(point: ServicePoint) -> str:
    """The address in the code, always the Indonesian one: the language is chosen on the screen."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.BASE_URL.rstrip("/") + reverse("surveys:point", args=[point.code])


def spoken_url(point: ServicePoint) -> str:
    """The same to read and type: no scheme, the code in groups."""
    address = point_url(point).split("://", 1)[-1].rstrip("/")
    return address.replace(point.code, point.printed_code)


def poster_texts(point: ServicePoint) -> dict[str, Any]:
    """Everything on the poster in words, in Indonesian."""
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "region": point.agency.region.full_name,
            "agency": point.agency.name,
            "service": point.service.name if point.service else "",
            "title": _("How were you served?"),
            "lead": _("Tell us in two minutes. Without a name, without an account."),
            "steps": [
                _("Open the camera of your phone and point it at the code."),
                _("Tap the address that appears."),
                _("Answer the questions and press send."),
            ],
            "or_type": _("Or type this address"),
            "place": point.name,
            "number": _("Service point no. %(number)s") % {"number": point.pk},
            "warning": _("Is there a sticker over this code? Please tell an officer."),
            "address": spoken_url(point),
        }


def poster_pdf(point: ServicePoint, *, brand_colour: str, logo: bytes = b"", logo_format: str = "png") -> bytes:
    """One A4 page."""
    data = poster_texts(point) | {
        "qr": qr.svg(point_url(point)).decode(),
        "colour": brand_colour,
        "logo": list(logo),
        "logo_format": logo_format,
    }
    return compiled(TEMPLATES / "poster.typ", data)
