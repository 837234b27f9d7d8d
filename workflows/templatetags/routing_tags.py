"""The routing suggestion on a staff screen, and answers to the topic's own questions for staff and reporter."""

from typing import Any

from django import template
from django.utils.translation import get_language

from core.models import User
from workflows.models import Complaint
from workflows.permissions import is_desk
from workflows.questions import answered, read_questions
from workflows.selectors.suggestions import Suggestion, suggestion_for
from workflows.states import DESK_STATUSES, Status

register = template.Library()
# Where somebody of the desk is about to choose an agency or a topic.
CHOOSING = {*DESK_STATUSES, Status.IN_REVIEW}


@register.inclusion_tag("workflows/staff/suggestion.html")
def routing_suggestion(case: Complaint, user: User) -> dict[str, Any]:
    """What to propose to the desk; nothing for anybody else and in other states (at most four queries)."""
    wanted = case.status in CHOOSING and is_desk(case, user)
    found = suggestion_for(case) if wanted else Suggestion()
    return {"proposals": [proposal for proposal in (found.agency, found.category) if proposal], "case": case}


@register.simple_tag
def answers_of(case: Complaint) -> list[tuple[str, str]]:
    """What the reporter answered to the topic's own questions (no query where the case brings them along)."""
    kept = getattr(case, "own_answers", None)
    if kept is None:
        return []
    return answered(read_questions(kept.version.questions), kept.answers, (get_language() or "id")[:2])


@register.inclusion_tag("workflows/staff/own_answers.html")
def own_answers(case: Complaint) -> dict[str, Any]:
    """The same as a list for staff."""
    return {"answers": answers_of(case)}
