"""What the case screen shows beside the case: the latest steps, however many there are, and short lists."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from core.models import Agency, Notification, User
from core.rows import Rows
from core.selectors import undelivered
from workflows.models import AnswerCheck, Category, Complaint, ComplaintEvent, IdentityAccess, Leg
from workflows.replying import TOO_LIKE, TOO_MANY_SAME
from workflows.selectors.complaints import timeline_of
from workflows.selectors.parts import with_answers
from workflows.states import Action

STEPS = 25
AGENCY = ("id", "name", "path")
TOPIC = ("id", "code", "name", "name_en")
PERSON = ("id", "name", "username")
LEG = ("id", "agency_id", "forwarded_at", "returned_at", "return_reason", "answered_at", "due_at", "agency__short_name")
ACCESS = ("id", "reason", "at", "user_id", "user__name", "user__username")
STUCK = ("id", "channel", "created_at", "failed_at")
CHECK = ("id", "likeness", "same_answers", "template_id", "template__name")


class CaseLists(NamedTuple):
    """Rows with the columns the screen shows: what its forms offer, forwardings, who opened the identity, answers that
    say little of their own, and messages that did not reach the reporter."""

    agencies: list[Agency]
    topics: list[Category]
    people: list[User]
    legs: list[Leg]
    accesses: list[IdentityAccess]
    doubtful: list[AnswerCheck]
    undelivered: list[Notification]


def latest_steps(complaint: Complaint, *, before: int | None = None) -> tuple[list[ComplaintEvent], int | None]:
    """The latest steps, oldest first, and from where the earlier ones go on (three queries, whatever the number; three
    more where an agency wrote to the reporter of a split case)."""
    events = timeline_of(complaint, public_only=False)
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.order_by("-sequence")[: STEPS + 1])
    shown = found[:STEPS]
    # What an agency asked or wrote for its part; its answer stands with the part.
    with_answers(complaint, (event for event in shown if event.action != Action.PART_ANSWERED))
    return shown[::-1], shown[-1].sequence if len(found) > STEPS else None


def lists_of(complaint: Complaint, *, people: QuerySet[User], today: date) -> CaseLists:
    """Everything short beside a case (one statement); ``people`` are those it may be given to."""
    little = Q(likeness__gte=TOO_LIKE) | Q(same_answers__gte=TOO_MANY_SAME)
    agencies = Agency.objects.active(today).filter(region=complaint.region_id).in_tree_order()
    lists = (
        Rows(agencies, *AGENCY),
        Rows(Category.objects.for_region(complaint.region).active(today), *TOPIC),
        Rows(people, *PERSON),
        Rows(Leg.objects.filter(complaint=complaint), *LEG),
        Rows(IdentityAccess.objects.filter(reporter__complaint=complaint), *ACCESS),
        Rows(AnswerCheck.objects.filter(little, complaint=complaint).order_by("at"), *CHECK),
        Rows(undelivered(f"complaint:{complaint.pk}").filter(purpose=Notification.Purpose.CASE), *STUCK),
    )
    found = Complaint.objects.values_list(*lists).get(pk=complaint.pk)
    return CaseLists(*(rows.partials(values) for rows, values in zip(lists, found, strict=True)))
