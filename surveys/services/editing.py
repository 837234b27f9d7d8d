"""Edits of a page that no form makes: confirmed publication, a question begun anew, questions from the library."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import uuid4

from django.db import transaction
from wagtail.models import Revision

from core.models import Agency, User
from surveys.copying import copied, free_code, recoded
from surveys.errors import PublishingRefused
from surveys.models import QuestionSet, Survey, SurveyPage
from surveys.services.effects import effect_of


class NotWhatWasShown(Exception):
    """Draft or questionnaire changed since the person looked: somebody else was quicker."""


def draft_of(page: SurveyPage) -> SurveyPage:
    """The newest draft, with its unsaved fields."""
    draft: SurveyPage = page.get_latest_revision_as_object()
    return draft


@transaction.atomic
def publish_confirmed(*, page: SurveyPage, token: str, actor: User) -> SurveyPage:
    """Publish (or schedule) the newest draft as it was shown with ``token``.

    The survey is locked meanwhile: of two editors one publishes, the other gets NotWhatWasShown and looks again. Raises
    PublishingRefused when the draft must not be published at all.
    """
    Survey.objects.select_for_update().filter(pk=page.survey_id).first()
    draft = draft_of(page)
    effect = effect_of(draft)
    if effect.refusals:
        raise PublishingRefused(effect.refusals)
    if effect.token != token:
        raise NotWhatWasShown
    page.latest_revision.publish(user=actor)
    return page


@transaction.atomic
def begin_anew(*, page: SurveyPage, identifiers: Collection[str], actor: User) -> Revision:
    """Give questions a new id and code in the draft: what they mean changed, so their answers must not be mixed."""
    draft = draft_of(page)
    rows = _rows(draft)
    used = {code.lower() for code in _codes(rows)} | _published_codes(page.survey)
    for row in rows:
        if row["id"] not in identifiers:
            continue
        old_id, old_code = row["id"], row["value"].get("code") or ""
        row["id"], row["value"]["code"] = str(uuid4()), free_code(used)
        used.add(row["value"]["code"])
        draft.question_origins = {**draft.question_origins, row["id"]: old_id}
        _redirect_conditions(rows, old_code, row["value"]["code"])
    return _keep(draft, rows, actor)


def _redirect_conditions(rows: Iterable[dict[str, Any]], old: str, new: str) -> None:
    for row in rows:
        condition = row["value"].get("show_if") or {}
        if old and (condition.get("question") or "").lower() == old.lower():
            condition["question"] = new


@transaction.atomic
def insert_question_sets(*, page: SurveyPage, sets: Iterable[QuestionSet], actor: User) -> Revision:
    """Put copies of the sets' questions at the end of the draft: new ids, free codes, and where they came from."""
    draft = draft_of(page)
    rows = _rows(draft)
    for question_set in sets:
        block = question_set._meta.get_field("questions").stream_block
        copies, origins = copied(block.get_prep_value(question_set.questions), uuid4())
        taken = {*_codes(rows), *_published_codes(page.survey)}
        rows += recoded(copies, taken)
        draft.question_origins = {**draft.question_origins, **origins}
    return _keep(draft, rows, actor)


@transaction.atomic
def save_as_question_set(*, page: SurveyPage, agency: Agency, title: str, note: str = "") -> QuestionSet:
    """A library set with copies of the draft's own questions."""
    rows, _origins = copied(_rows(draft_of(page)), uuid4())
    question_set = QuestionSet(agency=agency, title=title, note=note)
    question_set.questions = question_set._meta.get_field("questions").stream_block.to_python(rows)
    question_set.full_clean(exclude=["questions"])
    question_set.save()
    return question_set


def _rows(page: SurveyPage) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = page._meta.get_field("questions").stream_block.get_prep_value(page.questions)
    return rows


def _codes(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["value"].get("code") or "" for row in rows]


def _published_codes(survey: Survey | None) -> set[str]:
    """Codes of retired questions are never given out again."""
    definitions = survey.versions.values_list("definition", flat=True) if survey else ()
    return {question["code"].lower() for definition in definitions for question in definition["questions"]}


def _keep(draft: SurveyPage, rows: list[dict[str, Any]], actor: User) -> Revision:
    draft.questions = draft._meta.get_field("questions").stream_block.to_python(rows)
    revision: Revision = draft.save_revision(user=actor, log_action=True)
    return revision
