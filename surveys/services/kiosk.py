"""What a device keeps to ask its questions without network: one pack with every language and every screen in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info

from core.models import Service
from surveys.definition import Definition, element_field, languages_of, question_field
from surveys.device_tokens import DeviceForm
from surveys.models import Device, QuestionnaireVersion, Survey
from surveys.opening import Opening, opening
from surveys.selectors.forms import services_offered
from surveys.services.publishing import kept_questions

TEMPLATE = "surveys/kiosk/screens.html"
# Seconds on a clock that runs evenly. A tablet is in an officer's hand, so it waits longer before it forgets.
THANKS_SECONDS, WARNING_SECONDS, PAUSE_SECONDS, TABLET_IDLE_SECONDS = 4, 10, 10, 300
_TEXT_TYPES = {"text", "long_text", "number", "date"}


def pack_for(*, device: Device, now: datetime) -> dict[str, Any]:
    """The pack of a device loaded with ``for_sending``. ``etag`` changes with everything but the moment."""
    survey = device.service_point.survey
    version = survey.current_version
    pack = _settings_of(device, now) | {"is_open": version is not None and _is_open(device, survey, now)}
    if version is not None:
        pack |= _questionnaire(device, survey, version, now)
    digest = hashlib.sha256(json.dumps(pack, sort_keys=True, default=str).encode()).hexdigest()
    return pack | {"etag": digest[:24]}


def form_for(*, device: Device, now: datetime) -> str:
    """A fresh signed form token; empty while the point's survey was never published."""
    version_id = device.service_point.survey.current_version_id
    return str(DeviceForm(version_id, device.service_point_id, device.kind, now)) if version_id else ""


def _settings_of(device: Device, now: datetime) -> dict[str, Any]:
    offset = device.local(now).utcoffset() or timedelta()
    is_tablet = device.kind == Device.Kind.TABLET
    return {
        "device": device.name,
        "kind": device.kind,
        "pin": "" if is_tablet else device.pin,
        "hours": device.hours,
        "zone_minutes": int(offset.total_seconds() // 60),
        "idle": TABLET_IDLE_SECONDS if is_tablet else device.idle_seconds,
        "warning": WARNING_SECONDS,
        "thanks": THANKS_SECONDS,
        "pause": 0 if is_tablet else PAUSE_SECONDS,
    }


def _day(device: Device, moment: datetime) -> Any:
    return device.local(moment).date()


def _is_open(device: Device, survey: Survey, now: datetime) -> bool:
    page = getattr(survey, "page", None)
    first = page.opens_on if page else None
    state = opening(is_open=survey.is_open, opens_on=first, closes_on=_last_day(device), on=_day(device, now))
    return device.service_point.is_active and state is Opening.OPEN


def _last_day(device: Device) -> date | None:
    """Of the survey, or of the service where that ends sooner: nobody stands beside a kiosk to say what is rated there
    now. An officer with a tablet knows."""
    survey = device.service_point.survey
    page, service = getattr(survey, "page", None), device.service_point.service or survey.service
    days = [page.closes_on if page else None]
    if device.kind == Device.Kind.KIOSK and service is not None and service.active_until is not None:
        days.append(service.active_until - timedelta(days=1))
    return min((day for day in days if day is not None), default=None)


def _questionnaire(device: Device, survey: Survey, version: QuestionnaireVersion, now: datetime) -> dict[str, Any]:
    last = _last_day(device)
    languages = spoken_by(device, version)
    services = [] if device.service_point.service_id else services_offered(survey, _day(device, now))
    return {
        "version": version.number,
        "last_day": last.isoformat() if last else None,
        "languages": [{"code": code, "name": get_language_info(code)["name_local"]} for code in languages],
        "screens": {code: _screens(device, version, services, code, languages) for code in languages},
        "rules": rules_of(version.definition),
        "conditions": conditions_of(version.definition),
    }


def spoken_by(device: Device, version: QuestionnaireVersion) -> list[str]:
    """The languages of the questionnaire this device offers; all of them when none was chosen for it."""
    spoken = languages_of(version.definition)
    return [code for code in spoken if code in device.languages] or spoken


def _screens(
    device: Device, version: QuestionnaireVersion, services: list[Service], language: str, languages: list[str]
) -> str:
    """Every screen in one language. Words and questions change together, so no word is in the script."""
    survey, point = device.service_point.survey, device.service_point
    page = getattr(survey, "page", None)
    with translation.override(language):
        context = {
            "device": device,
            "is_tablet": device.kind == Device.Kind.TABLET,
            "title": _text_of(page, "title", language) or survey.title,
            "closing": _text_of(page, "closing", language),
            "agency": survey.agency,
            "service": point.service or survey.service,
            "point": point,
            "services": services,
            "languages": [get_language_info(code) for code in languages],
            "language": language,
            "asked": len(version.definition["elements"]) + len(version.definition["questions"]),
            "questions": mark_safe(kept_questions(version, language)),  # noqa: S308  our own template, escaped there
        }
        return " ".join(render_to_string(TEMPLATE, context).split())


def _text_of(page: Any, name: str, language: str) -> str:
    if page is None:
        return ""
    english = getattr(page, f"{name}_en", "") if language == "en" else ""
    return english or getattr(page, name)


def rules_of(definition: Definition) -> dict[str, Mapping[str, Any]]:
    """What a device checks before it keeps an answer, by field: nobody can be asked again once it was sent."""
    rules: dict[str, Mapping[str, Any]] = {}
    for element in definition["elements"]:
        rules[element_field(element["code"])] = {"required": element.get("required", True)}
    for question in definition["questions"]:
        rule = {"required": bool(question.get("required")), "type": question["type"]}
        limits = {name: question[name] for name in ("min", "max", "max_length") if question.get(name) is not None}
        rules[question_field(question["id"])] = rule | (limits if question["type"] in _TEXT_TYPES else {})
    if definition["comment"]:
        rules["comment"] = {"type": "long_text", "max_length": definition["comment"]["max_length"]}
    return rules


def conditions_of(definition: Definition) -> dict[str, Mapping[str, Any]]:
    """When a question is asked: ``{"q_…": {"field": "e_…", "any_of": ["1", "2"]}}``; the others always are."""
    return {
        question_field(question["id"]): question["show_if"]
        for question in definition["questions"]
        if question.get("show_if")
    }
