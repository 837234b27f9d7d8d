"""Freezing a questionnaire at publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.models import User
from surveys.definition import PROFILE_FIELDS, Definition, build, content_hash, semantic_hash
from surveys.models import InstrumentVersion, QuestionnaireVersion, Survey


def define(
    *,
    instrument_version: InstrumentVersion,
    questions: Sequence[Mapping[str, Any]] = (),
    profile: Sequence[str] = PROFILE_FIELDS,
    comment: Mapping[str, Any] | None = None,
) -> Definition:
    """The definition a survey would publish: the locked official elements and its own questions."""
    elements = [
        {
            "code": element.code,
            "slot": element.slot,
            "required": True,
            "name": {"id": element.name, "en": element.name_en},
            "question": element.question,
            "options": element.options,
        }
        for element in instrument_version.elements.order_by("questionnaire_order")
    ]
    return build(
        instrument=instrument_version.code,
        scale=(instrument_version.scale_min, instrument_version.scale_max),
        elements=elements,
        questions=questions,
        profile=profile,
        comment=comment,
    )


@transaction.atomic
def publish_version(
    *,
    survey: Survey,
    definition: Definition,
    now: datetime,
    actor: User | None = None,
    rendered: Mapping[str, str] | None = None,
) -> QuestionnaireVersion:
    """Make this definition the survey's current version.

    The same content again reactivates its version; new wording counts the minor number up, a new meaning the major
    one. ``rendered`` holds the questions as HTML per language and may be refreshed, it is a copy of the definition.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    version = _frozen(locked, definition, now, actor)
    if rendered is not None and version.rendered != rendered:
        version.rendered = dict(rendered)
        version.save(update_fields=["rendered"])
    locked.current_version = version
    locked.instrument_version = version.instrument_version
    locked.save(update_fields=["current_version", "instrument_version"])
    survey.current_version, survey.instrument_version = version, version.instrument_version
    return version


def _frozen(survey: Survey, definition: Definition, now: datetime, actor: User | None) -> QuestionnaireVersion:
    digest = content_hash(definition)
    stored = survey.versions.select_related("instrument_version").filter(content_hash=digest).first()
    if stored is not None:
        return stored
    instrument = InstrumentVersion.objects.get(code=definition["instrument"])
    InstrumentVersion.objects.filter(pk=instrument.pk, is_locked=False).update(is_locked=True)
    meaning = semantic_hash(definition)
    major, minor = _next_number(survey, meaning)
    return QuestionnaireVersion.objects.create(
        survey=survey,
        instrument_version=instrument,
        major=major,
        minor=minor,
        definition=definition,
        semantic_hash=meaning,
        content_hash=digest,
        published_at=now,
        published_by=actor,
    )


def _next_number(survey: Survey, meaning: str) -> tuple[int, int]:
    same = survey.versions.filter(semantic_hash=meaning).order_by("-major", "-minor").first()
    if same is not None:
        return same.major, same.minor + 1
    highest: int = survey.versions.aggregate(highest=Max("major"))["highest"] or 0
    return highest + 1, 0
