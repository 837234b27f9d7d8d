"""What the reporter's page shows beside the conversation: stars, privacy, messages, dossier, fingerprint."""

from dataclasses import dataclass
from datetime import datetime

from core.models import MessageStop, Notification, Region
from core.notifications import address_hash
from core.sealing import unseal
from workflows.actors import ActorKind
from workflows.calendar import NoWorkingTime
from workflows.models import Attachment, Complaint, Reporter, ReporterPolicy, Satisfaction, WorkingHours
from workflows.selectors.calendars import calendar_for
from workflows.selectors.complaints import pauses_of
from workflows.selectors.desk import desk_of
from workflows.sla import due_in_working_days
from workflows.states import ClosedBy, Status

# Of the reporter, in all messages together; a single message takes five.
MOST_CASE_FILES = 30


@dataclass(frozen=True, slots=True)
class Aftercare:
    """``rating``: of this cycle. ``dossier_from``: None where no calendar tells, or the reporter was content."""

    rating: Satisfaction | None
    may_rate: bool
    dossier_from: datetime | None
    has_dossier: bool
    gets_mail: bool | None
    shows_officer: bool


def aftercare_of(complaint: Complaint, now: datetime) -> Aftercare:
    """Everything at once (at most seven queries); ``complaint.reporter`` and ``region`` should be selected."""
    policy, offered = policy_of(complaint.region), None
    if complaint.closed_by != ClosedBy.REPORTER:
        offered = dossier_from(complaint, policy, now)
    is_closed = complaint.status == Status.CLOSED
    rated = Satisfaction.objects.filter(complaint=complaint, cycle=complaint.cycle) if is_closed else ()
    return Aftercare(
        rating=next(iter(rated), None),
        may_rate=is_closed,
        dossier_from=offered,
        has_dossier=offered is not None and now > offered,
        gets_mail=gets_mail(complaint.reporter),
        shows_officer=policy.shows_officer,
    )


def policy_of(region: Region) -> ReporterPolicy:
    """The region's settings; an unsaved row with the defaults where nobody has changed them."""
    return ReporterPolicy.objects.filter(region=region).first() or ReporterPolicy(region=region)


def dossier_from(complaint: Complaint, policy: ReporterPolicy, now: datetime) -> datetime | None:
    """When the dossier is offered: after so many working days of the desk, without the reporter's own time."""
    try:
        calendar = calendar_for(desk_of(complaint.region).coordinator)
        pauses = pauses_of(complaint, now)
        return due_in_working_days(calendar, complaint.received_at, policy.dossier_after_days, pauses=pauses).due
    except (WorkingHours.DoesNotExist, NoWorkingTime):
        return None


def gets_mail(reporter: Reporter) -> bool | None:
    """Whether the case's news goes to the reporter by e-mail; None where no address was given."""
    who = address_of(reporter)
    if not who:
        return None
    stops = MessageStop.objects.filter(recipient_hash=who, purpose=Notification.Purpose.CASE)
    return not stops.filter(about__in=("", f"complaint:{reporter.complaint_id}")).exists()


def address_of(reporter: Reporter) -> str:
    """The keyed hash of the reporter's address; empty without one."""
    return address_hash(unseal(reporter.email_sealed)) if reporter.email_sealed else ""


def room_for_files(complaint_id: int) -> int:
    """How many more files the reporter may add to a case (one query)."""
    own = Attachment.objects.filter(complaint=complaint_id, uploaded_by=ActorKind.REPORTER.value)
    return max(0, MOST_CASE_FILES - own.count())
