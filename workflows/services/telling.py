"""Letters to staff when a reporter writes, objects or has a case opened again: at most one a day, person and case.

To the officer who has the case, else to all of its agency; to the desk where the case waits there, or where it is
answered or ended; to whoever answered when it is opened again. The letter holds the number and no word of the reporter.
"""

from django.db.models import Exists, Q, QuerySet

from core import notifications
from core.models import Notification, User
from core.permissions import Role
from workflows.actors import ActorKind
from workflows.models import Complaint, ComplaintEvent, ConflictOfInterest
from workflows.states import AGENCY_STATUSES, Action, Status

TEMPLATE = "case_reporter_wrote"
AGAIN = (Action.NOT_SOLVED, Action.REOPENED, Action.REVIEW_STARTED)


def tell_staff(event: ComplaintEvent) -> None:
    """Tell who has to know of the reporter's step (two statements); nothing for a step of somebody else."""
    case = event.complaint
    if event.actor_kind != ActorKind.REPORTER:
        return
    day = event.at.astimezone(case.region.zone).date().isoformat()
    notifications.post(
        notifications.letter(
            TEMPLATE,
            to=person.email,
            dedupe_key=f"{TEMPLATE}:{case.pk}:{person.pk}:{day}",
            context={"reference": case.reference, "again": event.action in AGAIN},
            purpose=Notification.Purpose.WORK,
            region_id=case.region_id,
        )
        for person in _people(event)
    )


def _people(event: ComplaintEvent) -> list[User]:
    case = event.complaint
    named = ConflictOfInterest.objects.filter(complaint=case)
    wanted = _wanted(event).exclude(email="").annotate(is_delicate=Exists(named)).distinct().order_by("pk")
    found: list[User] = [*wanted]
    if not any(person.is_delicate for person in found):  # type: ignore[attr-defined]
        return found
    return [person for person in found if Complaint.objects.visible_to(person).filter(pk=case.pk).exists()]


def _wanted(event: ComplaintEvent) -> QuerySet[User]:
    case, who = event.complaint, Q(pk__in=())
    if case.current_agency_id and case.status in (*AGENCY_STATUSES, Status.FOLLOWED_UP):
        at_work = {"role_assignments__role": Role.LIAISON, "role_assignments__agency": case.current_agency_id}
        who |= Q(pk=case.assignee_id) if case.assignee_id else Q(**at_work)
    if case.status not in AGENCY_STATUSES or not case.current_agency_id:
        who |= Q(role_assignments__role=Role.VERIFIER, role_assignments__region=case.region_id)
    if event.action in AGAIN and case.handled_by_id:
        who |= Q(pk=case.handled_by_id)
    return User.objects.filter(who, is_active=True)
