"""A published result on one A4 page, for the notice board: the public medium besides the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core.pdf import compiled
from surveys import qr
from surveys.models import PublishedIndex
from surveys.services.posters import TEMPLATES


class Sheet(Protocol):
    """What a poster reads of a result; ``surveys.views.result_sheet.ResultSheet`` has it."""

    name: Any
    agency: Any
    region: Any
    period_words: Any
    index: Any
    grade: Any
    grade_word: Any
    lines: Any
    profile: Any
    interval: Any
    sample: Any
    figure: Any


def public_url(result: PublishedIndex) -> str:
    """The absolute Indonesian address of a result; printed, so without a language prefix."""
    parts = {"unit": result.agency.code if result.agency else result.region.code, "period": result.period}
    if result.service:
        parts["service"] = result.service.code
    name = "surveys:service_result" if result.service else "surveys:result"
    with translation.override(settings.LANGUAGE_CODE):
        return settings.BASE_URL.rstrip("/") + reverse(name, kwargs=parts)


def poster_texts(result: PublishedIndex, sheet: Sheet) -> dict[str, Any]:
    """Everything on the poster in words, in Indonesian."""
    with translation.override(settings.LANGUAGE_CODE):
        address = public_url(result)
        return {
            "region": sheet.region,
            "agency": sheet.agency or sheet.name,
            "service": sheet.name if sheet.agency else "",
            "title": _("Public satisfaction index"),
            "period": sheet.period_words,
            "index": sheet.index,
            "grade": sheet.grade,
            "word": sheet.grade_word,
            "respondents": _("%(n)s respondents") % {"n": number_format(sheet.figure["n"], force_grouping=True)},
            "elements_title": _("The nine elements") if len(sheet.lines) == 9 else _("The elements"),
            "elements": [[str(line["number"]), line["name"], line["index"], line["grade"]] for line in sheet.lines],
            "groups": [[title, _people(rows)] for title, rows in sheet.profile],
            "notes": [note for note in (sheet.sample, sheet.interval) if note],
            "published": _published(result),
            "address": address.split("://", 1)[-1],
            "qr": qr.svg(address).decode(),
        }


def _published(result: PublishedIndex) -> str:
    words = {"day": date_format(result.published_at.astimezone(result.region.zone), "j F Y"), "number": result.revision}
    if result.is_correction:
        return _("Published on %(day)s, revision %(number)s. Details and method at") % words
    return _("Published on %(day)s. Details and method at") % words


def _people(rows: Sequence[Any]) -> str:
    counts = ("–" if row.n is None else number_format(row.n, force_grouping=True) for row in rows)
    return " · ".join(f"{row.name}: {count}" for row, count in zip(rows, counts, strict=True))


def result_poster_pdf(
    texts: dict[str, Any], *, brand_colour: str, logo: bytes = b"", logo_format: str = "png"
) -> bytes:
    """One A4 page."""
    data = texts | {"colour": brand_colour, "logo": list(logo), "logo_format": logo_format}
    return compiled(TEMPLATES / "result.typ", data)
