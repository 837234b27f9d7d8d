"""What the case screen shows beside the case: the latest steps, however many there are, and short lists."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from core.keeping import Shelf
from core.models import Agency, Notification, Region, User
from core.rows import Rows
from core.selectors import undelivered
from core.statements import Reading
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
    """Everything short beside a case (one statement); ``people`` are those of its office it may be given to."""
    key = complaint.region_id, complaint.current_agency and complaint.current_agency.path, today
    rows, reading = _kept.kept(key, lambda: _compiled(people, today))
    (found,) = reading.all(complaint.region_id, complaint.pk, f"complaint:{complaint.pk}")
    return CaseLists(*(listed.partials(getattr(found, name)) for name, listed in rows.items()))


Compiled = tuple[dict[str, Rows], Reading[Any]]
# By office and day: building the statement costs ten times what asking it does.
_kept: Shelf[Compiled] = Shelf(200)


def _compiled(people: QuerySet[User], today: date) -> Compiled:
    def beside(region: int, case: int, about: str) -> QuerySet[Any]:
        return Region.objects.only("pk").filter(pk=region).annotate(**_rows(people, today, region, case, about))

    return _rows(people, today, 0, 0, ""), Reading(beside, int, int, str)


def _rows(people: QuerySet[User], today: date, region: Any, case: int, about: str) -> dict[str, Rows]:
    """In the order of ``CaseLists``."""
    little = Q(likeness__gte=TOO_LIKE) | Q(same_answers__gte=TOO_MANY_SAME)
    agencies = Agency.objects.active(today).filter(region=region).in_tree_order()
    return {
        "list_agencies": Rows(agencies, *AGENCY),
        "list_topics": Rows(Category.objects.for_region(region).active(today), *TOPIC),
        "list_people": Rows(people, *PERSON),
        "list_legs": Rows(Leg.objects.filter(complaint=case), *LEG),
        "list_accesses": Rows(IdentityAccess.objects.filter(reporter__complaint=case), *ACCESS),
        "list_doubtful": Rows(AnswerCheck.objects.filter(little, complaint=case).order_by("at"), *CHECK),
        "list_undelivered": Rows(undelivered(about).filter(purpose=Notification.Purpose.CASE), *STUCK),
    }
