"""Publish a topic's own questions as a new version."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.models import User
from workflows.category_policies import administers
from workflows.models import Category, CategoryVersion
from workflows.questions import BadQuestions, Question, misused_ids, read_questions
from workflows.selectors.questions import ever_asked, version_of


def checked_questions(category: Category, rows: list[dict[str, Any]]) -> tuple[Question, ...]:
    """The questions a list asks. Raises ``ValidationError`` where it may not be published."""
    try:
        questions = read_questions(rows)
    except BadQuestions as problem:
        raise ValidationError(_("Question %(number)d is not complete.") % {"number": problem.args[0]}) from problem
    if misused_ids(questions, ever_asked(category)):
        message = _("A question cannot change the kind of its answer; add a new one instead.")
        raise ValidationError(message, code="kind")
    return questions


@transaction.atomic
def publish_questions(
    *, category: Category, rows: list[dict[str, Any]], actor: User, now: datetime | None = None
) -> CategoryVersion:
    """Let a topic ask these from now on; answers given before keep the version they were given under.

    Raises ``PermissionDenied``, or ``ValidationError`` for a list that breaks the schema or gives an old id to another
    kind of question. The same list again makes no version.
    """
    if not administers(actor, category.region_id):
        raise PermissionDenied("questions")
    Category.objects.select_for_update().get(pk=category.pk)
    checked_questions(category, rows)
    last = version_of(category)
    if last and last.questions == rows:
        return last
    version = CategoryVersion.objects.create(
        category=category,
        number=last.number + 1 if last else 1,
        questions=rows,
        published_at=now or timezone.now(),
        published_by=actor,
    )
    log(category, "workflows.questions", user=actor, data={"version": version.number})
    return version
