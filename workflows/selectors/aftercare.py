"""What the reporter's page shows beside the conversation: stars, privacy, messages, dossier, fingerprint."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.models import MessageStop, Notification, Region
from core.notifications import address_hash
from core.sealing import unseal
from core.selectors import undelivered
from workflows.actors import ActorKind
from workflows.calendar import NoWorkingTime
from workflows.contact import MESSENGERS
from workflows.models import Attachment, Complaint, Reporter, ReporterPolicy, Satisfaction, WorkingHours
from workflows.selectors.calendars import calendar_for
from workflows.selectors.complaints import pauses_of
from workflows.selectors.desk import desk_of
from workflows.sla import due_in_working_days
from workflows.states import ClosedBy, Status

# Of the reporter, in all messages together; a single message takes five.
MOST_CASE_FILES = 30
# A number shorter than this is not shown even in part.
HIDDEN_PART = 7


@dataclass(frozen=True, slots=True)
class Aftercare:
    """``rating``: of this cycle. ``dossier_from``: None where no calendar tells, or the reporter was content.

    ``way``: by which news goes to the reporter, empty where none does; ``gets_news``: unless it was stopped;
    ``is_stuck``: messages by a messenger found no way out.
    """

    rating: Satisfaction | None
    may_rate: bool
    dossier_from: datetime | None
    has_dossier: bool
    way: str
    gets_news: bool
    is_stuck: bool
    shows_officer: bool


def aftercare_of(complaint: Complaint, now: datetime, *, is_in_time: bool = False) -> Aftercare:
    """Everything at once (at most eight queries); ``complaint.reporter`` and ``region`` should be selected.

    ``is_in_time``: it follows a case whose answer is not late, so there is nothing to take to the Ombudsman yet.
    """
    policy, offered = policy_of(complaint.region), None
    if complaint.closed_by != ClosedBy.REPORTER and not is_in_time:
        offered = dossier_from(complaint, policy, now)
    is_closed = complaint.status == Status.CLOSED
    rated = Satisfaction.objects.filter(complaint=complaint, cycle=complaint.cycle) if is_closed else ()
    way, address = reporters_address(complaint)
    return Aftercare(
        rating=next(iter(rated), None),
        may_rate=is_closed,
        dossier_from=offered,
        has_dossier=offered is not None and now > offered,
        way=way,
        gets_news=bool(address) and not _is_stopped(complaint, address),
        is_stuck=way in MESSENGERS and undelivered(f"complaint:{complaint.pk}").filter(channel=way).exists(),
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


def _is_stopped(complaint: Complaint, who: str) -> bool:
    stops = MessageStop.objects.filter(recipient_hash=who, purpose=Notification.Purpose.CASE)
    return stops.filter(about__in=("", f"complaint:{complaint.pk}")).exists()


def reporters_address(complaint: Complaint) -> tuple[str, str]:
    """By which way the reporter gets news, and the keyed hash of that address; both empty where there is none."""
    way, sealed = complaint.reporter.contact(complaint.channel)
    return way, address_hash(unseal(sealed)) if sealed else ""


def addresses_on_file(reporter: Reporter) -> list[str]:
    """What a reporter has given, as far as it may be shown on a screen somebody else may see."""
    given = (unseal(sealed) for sealed in (reporter.email_sealed, reporter.phone_sealed))
    return [hint for address in given if (hint := hint_of(address))]


def hint_of(address: str) -> str:
    """Enough of an address to know it again and too little to use it, e.g. ``s…@example.org`` or ``…7890``."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"…{address[-4:]}" if len(address) > HIDDEN_PART else ""


def room_for_files(complaint_id: int) -> int:
    """How many more files the reporter may add to a case (one query)."""
    own = Attachment.objects.filter(uploaded_by=ActorKind.REPORTER.value, is_public=True)
    own = own.filter(Q(complaint=complaint_id) | Q(complaint__part_of__whole=complaint_id))
    return max(0, MOST_CASE_FILES - own.count())
