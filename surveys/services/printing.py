"""What is printed besides posters: the paper form of a questionnaire, and sheets of visit slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.pdf import compiled
from surveys import qr
from surveys.definition import SECTION, Definition, text_in
from surveys.models import QuestionnaireVersion, ServicePoint
from surveys.services.posters import TEMPLATES, point_url, spoken_url
from surveys.services.publishing import PROFILE_CHOICES
from surveys.services.visits import Slip
from surveys.visitcodes import grouped

# The two halves of a working day on the official questionnaire.
HOURS = ("08.00–12.00", "13.00–17.00")
MOST_COPIES = 100
# Longer lists of answers stand in one running line.
_TWO_COLUMNS = 4
_LINES = {"text": 1, "long_text": 3, "number": 1, "date": 1}


def paper_form_pdf(
    version: QuestionnaireVersion,
    point: ServicePoint,
    *,
    brand_colour: str,
    logo: bytes = b"",
    logo_format: str = "png",
    copies: int = 1,
    first_serial: int | None = None,
) -> bytes:
    """The questionnaire on A4; every sheet bears version, place, QR and code. With ``first_serial`` each copy gets the
    next number, 1 to 100 copies; without, one copy to multiply."""
    serials = [""]
    if first_serial is not None:
        serials = [f"{first_serial + copy:05}" for copy in range(min(max(copies, 1), MOST_COPIES))]
    brand = {"colour": brand_colour, "logo": list(logo), "logo_format": logo_format, "serials": serials}
    return compiled(TEMPLATES / "paper.typ", paper_texts(version, point) | brand)


def paper_texts(version: QuestionnaireVersion, point: ServicePoint) -> dict[str, Any]:
    """Everything on the sheet, in Indonesian."""
    definition = version.definition
    with translation.override(settings.LANGUAGE_CODE):
        about = {
            "profile_title": _("About you"),
            "profile": [_profile(name) for name in definition["profile"]],
            "service_label": _("Service received"),
            "service": _service(version, point),
            "comment": _comment(definition),
            "thanks": _("Thank you. Nobody can see who answered: please write no name."),
        }
        return _heading(point) | _foot(version, point) | _questions(definition) | about


def _heading(point: ServicePoint) -> dict[str, Any]:
    return {
        "title": _("Questionnaire of the public satisfaction survey"),
        "agency": point.agency.name,
        "region": point.agency.region.full_name,
        "date": _("Date of the survey"),
        "hour": _("Hour of the survey"),
        "hours": list(HOURS),
    }


def _foot(version: QuestionnaireVersion, point: ServicePoint) -> dict[str, Any]:
    return {
        "place": point.name,
        "number": _("Service point no. %(number)s") % {"number": point.pk},
        "version": _("Version %(number)s") % {"number": version.number},
        "serial_label": _("Sheet"),
        "page": _("Page"),
        "online": _("Or on your phone:"),
        "address": spoken_url(point),
        "code": point.printed_code,
        "qr": qr.svg(point_url(point)).decode(),
    }


def _questions(definition: Definition) -> dict[str, Any]:
    elements = [_element(number, row, definition) for number, row in enumerate(definition["elements"], start=1)]
    asked = len(elements)
    own = []
    for question in definition["questions"]:
        if question["type"] == "photo":
            continue
        asked += question["type"] != SECTION
        own.append(_own(asked, question))
    return {
        "questions_title": _("Your opinion of the service."),
        "how": _("Cross the box of one answer per question."),
        "questions": elements,
        "own_title": _("More questions"),
        "own": own,
    }


def _row(**given: Any) -> dict[str, Any]:
    return {"kind": "", "number": "", "hint": "", "options": [], "wide": False, "lines": 0, "reason": ""} | given


def _element(number: int, element: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    scale = definition["scale"]
    points = range(scale["min"], scale["max"] + 1)
    below = element.get("ask_reason_below") or 0
    return _row(
        number=str(number),
        label=text_in(element["question"], "id"),
        options=[f"{point} {text_in(element['options'][str(point)], 'id')}" for point in points],
        reason=_("Why, if below %(score)s?") % {"score": below} if below > scale["min"] else "",
    )


def _own(number: int, question: Mapping[str, Any]) -> dict[str, Any]:
    kind = question["type"]
    label = text_in(question["label"], "id")
    if kind == SECTION:
        return _row(kind=SECTION, label=label)
    options = _numbered(_labels(question))
    several = _("More than one answer is possible.") if kind == "multiple" else ""
    hints = [text_in(question.get("help", {}), "id"), several]
    return _row(
        number=str(number),
        label=label,
        hint=" ".join(filter(None, hints)),
        options=options if kind not in ("rating", "scale") else _labels(question),
        wide=len(options) > _TWO_COLUMNS or kind == "rating",
        lines=_LINES.get(kind, 0),
    )


def _labels(question: Mapping[str, Any]) -> list[str]:
    kind = question["type"]
    if kind in ("rating", "scale"):
        points, words = range(question.get("min") or 0, (question.get("max") or 10) + 1), question.get("options", {})
        return [f"{point} {text_in(words.get(str(point), {}), 'id')}".strip() for point in points]
    fixed = {"yes_no": [_("Yes"), _("No")], "consent": [_("I agree")]}
    return fixed.get(kind) or [text_in(choice["label"], "id") for choice in question.get("choices", ())]


def _numbered(labels: Sequence[str]) -> list[str]:
    """Whoever types the sheet later types the number."""
    return [f"{number} {label}" for number, label in enumerate(labels, start=1)]


def _profile(name: str) -> dict[str, Any]:
    titles = {"sex": _("Sex"), "age_band": _("Age"), "education": _("Education"), "occupation": _("Occupation")}
    return {"label": titles[name], "options": _numbered([str(label) for _code, label in PROFILE_CHOICES[name]])}


def _service(version: QuestionnaireVersion, point: ServicePoint) -> str:
    service = point.service or version.survey.service
    return service.name if service else ""


def _comment(definition: Definition) -> str:
    comment = definition["comment"]
    if not comment:
        return ""
    return text_in(comment.get("label") or {}, "id") or _("Suggestion or comment")


def visit_url(slip: Slip) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return settings.BASE_URL.rstrip("/") + reverse("surveys:visit", args=[slip.code])


def slips_pdf(slips: Sequence[Slip], point: ServicePoint, *, brand_colour: str) -> bytes:
    """Ten slips to an A4 sheet, to cut apart."""
    with translation.override(settings.LANGUAGE_CODE):
        rows = [
            {
                "qr": qr.svg(visit_url(slip)).decode(),
                "address": visit_url(slip),
                "code": grouped(slip.code),
                "until": date_format(slip.expires_on, "j F Y"),
            }
            for slip in slips
        ]
        data = {
            "title": _("How were you served?"),
            "agency": point.agency.name,
            "place": point.name,
            "lead": _("Scan and answer in two minutes, without a name. This slip is good for one answer."),
            "until": _("Good until"),
            "host": settings.BASE_URL.split("://", 1)[-1].rstrip("/"),
            "colour": brand_colour,
            "slips": rows,
        }
    return compiled(TEMPLATES / "slips.typ", data)
