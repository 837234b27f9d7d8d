"""Freezing a questionnaire at publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from core.models import User
from surveys.definition import Definition, content_hash, semantic_hash
from surveys.drafting import define
from surveys.errors import DamagedVersion
from surveys.models import InstrumentVersion, QuestionnaireVersion, Survey

__all__ = ["damaged_versions", "define", "publish_version"]


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
    Raises DamagedVersion when a version of the survey is no longer what was published (a bad restore, a hand in the
    database): answers could not be told apart any more.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if damaged := damaged_versions(locked.versions.all()):
        raise DamagedVersion(damaged)
    version = _frozen(locked, definition, now, actor)
    if rendered is not None and version.rendered != rendered:
        version.rendered = dict(rendered)
        version.save(update_fields=["rendered"])
    locked.current_version = version
    locked.instrument_version = version.instrument_version
    locked.save(update_fields=["current_version", "instrument_version"])
    survey.current_version, survey.instrument_version = version, version.instrument_version
    return version


def damaged_versions(versions: QuerySet[QuestionnaireVersion]) -> list[str]:
    """Names of the versions whose text no longer has the hash it was published with."""
    rows = versions.select_related("survey").defer("rendered")
    return [str(version) for version in rows.iterator(chunk_size=200) if not version.is_intact]


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
