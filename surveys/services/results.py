"""Making a result public: freeze it once, correct it by a new revision, never change it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.models import Region, User
from core.periods import Period
from core.permissions import scope_of
from surveys.index import MINIMUM_ANSWERS
from surveys.models import PublishedIndex
from surveys.permissions import RESULT_PUBLISHERS
from surveys.selectors.freezing import Content, content_hash, frozen_content
from surveys.selectors.results import ResultSubject, valid_result


class Refusal(StrEnum):
    NOT_OVER = "not_over"
    NOT_ENOUGH = "not_enough"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOTHING_CHANGED = "nothing_changed"
    NO_REASON = "no_reason"


class ResultRefused(Exception):
    """Why a result was not published; the sentence is the view's."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class Draft:
    """What would be frozen now. ``refusal`` says why it cannot be."""

    subject: ResultSubject
    period: Period
    content: Content
    content_hash: str
    current: PublishedIndex | None
    refusal: Refusal | None

    @property
    def is_correction(self) -> bool:
        return self.current is not None


def may_publish(user: User, subject: ResultSubject) -> bool:
    """The head of the agency or the administrator of the region; of a whole region only the latter."""
    scope = scope_of(user)
    if subject.agency is None:
        return scope.covers_region(RESULT_PUBLISHERS, subject.region.pk)
    return scope.covers(RESULT_PUBLISHERS, subject.agency)


def draft_result(*, subject: ResultSubject, period: Period, now: datetime) -> Draft:
    """The result as it would be published at ``now``, for a preview."""
    content = frozen_content(subject, period)
    found, current = content_hash(content), valid_result(subject, period)
    refusal = _refusal(subject, period, content, now)
    if refusal is None and current is not None and current.content_hash == found:
        refusal = Refusal.NOTHING_CHANGED
    return Draft(subject, period, content, found, current, refusal)


def _refusal(subject: ResultSubject, period: Period, content: Content, now: datetime) -> Refusal | None:
    if now.astimezone(subject.region.zone).date() < period.end:
        return Refusal.NOT_OVER
    # A mean of agencies with nobody in it has no index however many answers were collected.
    enough = content["figure"]["n"] >= MINIMUM_ANSWERS and content["figure"]["index"] is not None
    return None if enough else Refusal.NOT_ENOUGH


@transaction.atomic
def publish_result(
    *, subject: ResultSubject, period: Period, actor: User, now: datetime, expected_hash: str = ""
) -> PublishedIndex:
    """Freeze the result of a period that is over.

    ``expected_hash`` is that of the preview the person agreed to; when answers arrived since, nothing is published.
    Raises PermissionDenied, and ResultRefused with the reason.
    """
    draft = _checked(subject, period, actor, now, expected_hash)
    if draft.current is not None:
        raise ResultRefused(Refusal.PUBLISHED)
    return _stored(draft, actor, now, revision=1, reason="")


@transaction.atomic
def correct_result(
    *, subject: ResultSubject, period: Period, reason: str, actor: User, now: datetime, expected_hash: str = ""
) -> PublishedIndex:
    """A further revision of a published result with the reason for it; the earlier ones stay visible.

    Raises PermissionDenied, and ResultRefused with the reason (also when no figure would be different).
    """
    draft = _checked(subject, period, actor, now, expected_hash)
    if draft.current is None:
        raise ResultRefused(Refusal.NOT_PUBLISHED)
    if not reason.strip():
        raise ResultRefused(Refusal.NO_REASON)
    return _stored(draft, actor, now, revision=draft.current.revision + 1, reason=reason.strip())


def _checked(subject: ResultSubject, period: Period, actor: User, now: datetime, expected_hash: str) -> Draft:
    if not may_publish(actor, subject):
        raise PermissionDenied
    # One publisher at a time in a region; the unique key would refuse the second one less kindly.
    Region.objects.select_for_update().get(pk=subject.region.pk)
    draft = draft_result(subject=subject, period=period, now=now)
    if draft.refusal:
        raise ResultRefused(draft.refusal)
    if expected_hash and draft.content_hash != expected_hash:
        raise ResultRefused(Refusal.CHANGED_MEANWHILE)
    return draft


def _stored(draft: Draft, actor: User, now: datetime, *, revision: int, reason: str) -> PublishedIndex:
    subject, figure = draft.subject, draft.content["figure"]
    return PublishedIndex.objects.create(
        region=subject.region,
        agency=subject.agency,
        service=subject.service,
        subject=subject.key,
        period=draft.period.key,
        start=draft.period.start,
        end=draft.period.end,
        revision=revision,
        reason=reason,
        n=figure["n"],
        index=Decimal(figure["index"]),
        grade=figure["grade"],
        content=draft.content,
        content_hash=draft.content_hash,
        published_at=now,
        published_by=actor,
    )
