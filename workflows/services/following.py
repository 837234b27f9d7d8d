"""Follow somebody else's published case by e-mail: asked for, confirmed by a button in the mail, stopped by a click."""

from datetime import datetime, timedelta

from django.db import transaction

from core import notifications
from core.models import MessageStop, Notification
from core.notifications import address_hash
from core.sealing import SEALED_PREFIX, seal
from core.services.messages import confirm_address
from core.stops import Stop, read_token, token_of
from workflows.models import ComplaintEvent, Follower, PublicEntry
from workflows.services.throttles import Limit

FOLLOW_NETWORK = Limit("follow-network", 10, timedelta(hours=1))
FOLLOW = Notification.Purpose.FOLLOW
# A request nobody confirmed is forgotten; news older than this is told no more.
UNCONFIRMED_KEPT = timedelta(days=3)
NEWS = timedelta(days=7)


@transaction.atomic
def ask_to_follow(*, entry: PublicEntry, email: str, language: str, now: datetime) -> Follower:
    """Send one mail with a button; the answer to the visitor is the same whether the address follows already or not."""
    who = address_hash(email)
    follower, _is_new = Follower.objects.get_or_create(
        complaint_id=entry.complaint_id,
        recipient_hash=who,
        defaults={"email_sealed": seal(email.strip()), "language": language, "asked_at": now},
    )
    if follower.confirmed_at:
        return follower
    MessageStop.objects.filter(recipient_hash=who, purpose=FOLLOW, about=_about(follower)).delete()
    _tell(follower, "follow_confirm", f"follow:{follower.pk}:{now:%Y%m%d}", entry, token=token_of(_stop(follower)))
    return follower


def follower_of(token: str) -> Follower | None:
    """Whose button this is; None for a token that is not ours, or a request forgotten meanwhile."""
    stop = read_token(token)
    if stop is None or stop.purpose != FOLLOW:
        return None
    rows = Follower.objects.filter(recipient_hash=stop.recipient_hash, complaint=_case_of(stop.about))
    return rows.select_related("complaint__region").first()


@transaction.atomic
def confirm_follower(*, follower: Follower, now: datetime) -> None:
    """The owner of the address pressed the button. Twice is once."""
    confirm_address(subject=_stop(follower), now=now)
    if follower.confirmed_at is None:
        follower.confirmed_at = now
        follower.save(update_fields=["confirmed_at"])


def tell_followers(now: datetime) -> int:
    """Tell confirmed followers of published cases the newest change of status; how many messages were queued.

    Each change is told once, however often this runs and however long it stood still.
    """
    told = 0
    entries = PublicEntry.objects.published().filter(complaint__followers__confirmed_at__isnull=False).distinct()
    for entry in entries.select_related("complaint"):
        event = _news(entry, now)
        if event is None:
            continue
        for follower in entry.complaint.followers.filter(confirmed_at__lt=event.at):
            _tell(follower, "follow_news", f"follow:{follower.pk}:e{event.sequence}", entry)
            told += 1
    return told


def forget_followers(now: datetime) -> int:
    """Delete requests nobody confirmed, and addresses that pressed stop; how many."""
    unconfirmed = Follower.objects.filter(confirmed_at__isnull=True, asked_at__lt=now - UNCONFIRMED_KEPT)
    count = unconfirmed.delete()[0]
    for stop in MessageStop.objects.filter(purpose=FOLLOW, about__startswith="complaint:"):
        rows = Follower.objects.filter(recipient_hash=stop.recipient_hash, complaint=_case_of(stop.about))
        count += rows.delete()[0]
    return count


def _news(entry: PublicEntry, now: datetime) -> ComplaintEvent | None:
    """The last public change of status of a case, while it is news."""
    events = ComplaintEvent.objects.filter(complaint=entry.complaint_id, is_public=True, at__gt=now - NEWS)
    return next((one for one in events.order_by("-sequence")[:20] if one.before != one.after), None)


def _tell(follower: Follower, template: str, key: str, entry: PublicEntry, **context: str) -> None:
    notifications.enqueue(
        template,
        to=SEALED_PREFIX + follower.email_sealed,
        dedupe_key=key,
        context={"reference": entry.complaint.reference, **context},
        language=follower.language,
        purpose=FOLLOW,
        about=_about(follower),
        region_id=entry.complaint.region_id,
    )


def _stop(follower: Follower) -> Stop:
    return Stop(follower.recipient_hash, FOLLOW, _about(follower))


def _about(follower: Follower) -> str:
    return f"complaint:{follower.complaint_id}"


def _case_of(about: str) -> int:
    number = about.partition(":")[2]
    return int(number) if number.isdecimal() else 0
