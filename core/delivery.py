"""Send what waits in the outbox.

Delivery is at least once: a row is claimed, sent, then marked. A server that dies between the
last two steps sends that message again, under the same key. A provider that is down loses nothing: its channel rests
and its messages wait, up to a week. Leaves out how a message looks (``letters``) and leaves the house (``channels``).
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from core import channels
from core.alarms import tell_administrators
from core.capping import DAY, TO_CITIZENS, free_from
from core.channels import Letter, Unreachable
from core.letters import Beside, Words, beside, editable_of, fill, shipped
from core.models import ConfirmedAddress, LetterVersion, MessageStop, Notification
from core.sealing import open_recipient
from core.stops import Stop, confirm_url, stop_url

logger = logging.getLogger(__name__)

BATCH = 100
MOST_ATTEMPTS = 6
# Minutes until the next attempt at a message that fails: 1, 5, 25, 125, 625.
RETRY_BASE = 5
# While a provider is down its messages are tried again this often, and given up after a week.
REST = timedelta(minutes=15)
PATIENCE = timedelta(days=7)


def deliver_due(now: datetime) -> int:
    """Send one batch per channel of what is due; how many were sent. A channel without a provider is left waiting."""
    return sum(_deliver_channel(channel, now) for channel in channels.connected())


def _deliver_channel(channel: str, now: datetime) -> int:
    waiting = Notification.objects.filter(sent_at__isnull=True, failed_at__isnull=True, not_before__lte=now)
    sent, resting = 0, set()
    for row in waiting.filter(channel=channel)[:BATCH]:
        house = _house_of(row)
        if house in resting:
            continue
        try:
            sent += _is_wanted(row, now) and _claim(row, now) and _deliver(row, now)
        except Unreachable as problem:
            _rest(channel, house, problem, now)
            resting.add(house)
    return sent


def _house_of(row: Notification) -> int | None:
    """Whose provider takes the message: one mail server for all, a gateway for each region."""
    return None if row.channel == channels.EMAIL else row.region_id


def _is_wanted(row: Notification, now: datetime) -> bool:
    """Whether the message may go out now; one that may not is put off or ended."""
    if row.purpose == Notification.Purpose.SERVICE:
        return True
    stops = MessageStop.objects.filter(recipient_hash=row.recipient_hash, purpose=row.purpose)
    if stops.filter(about__in=("", row.about)).exists():
        return _end(row, "stopped", now)
    if row.purpose not in TO_CITIZENS:
        return True
    return _within_caps(row, now) if is_confirmed(row.recipient_hash) else _first_of_the_day(row, now)


def is_confirmed(recipient_hash: str) -> bool:
    return ConfirmedAddress.objects.filter(recipient_hash=recipient_hash).exists()


def _within_caps(row: Notification, now: datetime) -> bool:
    """No more than a person needs, whoever answers whom; beyond it silence, and an alarm once a day."""
    until = free_from(row, now)
    if until is None:
        return True
    context = {"reference": str(row.context.get("reference", "")), "day": now.date().isoformat()}
    tell_administrators("messages_capped", f"capped:{row.recipient_hash[:16]}:{now.date()}", context, row.region_id)
    same = Notification.objects.filter(recipient_hash=row.recipient_hash, purpose=row.purpose, about=row.about)
    return _put_off(row, same, until, now)


def _first_of_the_day(row: Notification, now: datetime) -> bool:
    """At most one message a day to an address nobody confirmed; of those that wait only the newest is kept."""
    same = Notification.objects.filter(recipient_hash=row.recipient_hash, purpose__in=TO_CITIZENS)
    last = same.filter(sent_at__gt=now - DAY).order_by("-sent_at").values_list("sent_at", flat=True).first()
    if last is None:
        return True
    return _put_off(row, same, last + DAY, now)


def _put_off(row: Notification, same: QuerySet[Notification], until: datetime, now: datetime) -> bool:
    """Let a message wait; of those that wait for the same only the newest is kept."""
    waiting = same.filter(sent_at__isnull=True, failed_at__isnull=True)
    if waiting.filter(pk__gt=row.pk).exists():
        return _end(row, "superseded", now)
    waiting.filter(pk__lt=row.pk).update(failed_at=now, last_error="superseded")
    Notification.objects.filter(pk=row.pk).update(not_before=until)
    return False


def _end(row: Notification, why: str, now: datetime) -> bool:
    Notification.objects.filter(pk=row.pk, sent_at__isnull=True).update(failed_at=now, last_error=why)
    return False


def _claim(row: Notification, now: datetime) -> bool:
    """Take the row for this attempt; false when another worker was faster."""
    taken = Notification.objects.filter(pk=row.pk, attempts=row.attempts, sent_at__isnull=True).update(
        attempts=F("attempts") + 1, not_before=now + timedelta(minutes=RETRY_BASE ** min(row.attempts, 4))
    )
    row.attempts += 1
    return bool(taken)


def _deliver(row: Notification, now: datetime) -> bool:
    send = channels.sender_of(row.channel)
    try:
        send and send(letter_of(row))
    except Unreachable as problem:
        _note_silence(row, problem, now)
        raise
    except Exception as problem:  # noqa: BLE001  one bad message must not hold up the others
        _note_failure(row, problem, now)
        return False
    Notification.objects.filter(pk=row.pk).update(sent_at=timezone.now(), last_error="")
    return True


def letter_of(row: Notification) -> Letter:
    """The message in the recipient's language and the region's wording, with the links its kind needs."""
    also = beside(row)
    words = _words(row, also)
    subject = Stop(row.recipient_hash, row.purpose, row.about)
    may_stop = row.purpose != Notification.Purpose.SERVICE
    asks = row.purpose in TO_CITIZENS and not is_confirmed(row.recipient_hash)
    stop, confirm = stop_url(subject) if may_stop else "", confirm_url(subject) if asks else ""
    links = {"stop_url": stop, "confirm_url": confirm}
    return Letter(
        to=open_recipient(row.recipient),
        subject=words.subject,
        body=_joined(
            words.body,
            also.words(words.body, row.language) if also else "",
            shipped("footer", links, row.language).body if may_stop else "",
        ),
        key=f"{row.pk}-{row.dedupe_key}",
        channel=row.channel,
        stop_url=stop,
        confirm_url=confirm,
        about=row.about,
        region_id=row.region_id,
    )


def _joined(*parts: str) -> str:
    """With an empty line between them: a link at the end of one must not run into the next."""
    *firsts, last = [part for part in parts if part] or [""]
    return "\n\n".join([*(part.rstrip("\n") for part in firsts), last])


def _words(row: Notification, also: Beside | None) -> Words:
    letter = editable_of(row.template)
    own = LetterVersion.objects.filter(region=row.region_id, code=row.template, language=row.language).first()
    if letter and row.region_id and own and own.body:
        own_words, link = Words(own.subject, own.body), also.link if also else ""
        return fill(letter, own_words, row.context, row.language, link)
    return shipped(row.template, row.context, row.language)


def _rest(channel: str, house: int | None, problem: Unreachable, now: datetime) -> None:
    """Put off everything that needs a provider which is down, so that nothing waits for it in vain, and say so.

    Each message is marked, which staff see at its case at once; administrators hear of a silent gateway once a day.
    """
    waiting = Notification.objects.filter(sent_at__isnull=True, failed_at__isnull=True, channel=channel)
    if house is not None:
        waiting = waiting.filter(region=house)
    count = waiting.filter(not_before__lt=now + REST).update(not_before=now + REST, last_error=_kind_of(problem))
    logger.warning("%s is unreachable: %s messages wait", channel, count)
    if channel != channels.EMAIL:
        context = {"channel": channel, "day": now.date().isoformat()}
        tell_administrators("messages_waiting", f"waiting:{channel}:{house}:{now.date()}", context, house)


def _note_silence(row: Notification, problem: Unreachable, now: datetime) -> None:
    """An attempt at a closed door is none; a message nobody could take for a week has failed."""
    given_up = now if now - row.created_at > PATIENCE else None
    Notification.objects.filter(pk=row.pk).update(
        attempts=row.attempts - 1, last_error=_kind_of(problem), failed_at=given_up
    )


def _kind_of(problem: Unreachable) -> str:
    return str(problem)[:80] or type(problem).__name__


def _note_failure(row: Notification, problem: Exception, now: datetime) -> None:
    """Keep the kind of error only: messages of mail servers repeat addresses."""
    kind = type(problem).__name__
    logger.warning("Notification %s (%s) failed, attempt %s: %s", row.pk, row.template, row.attempts, kind)
    failed_at = now if row.attempts >= MOST_ATTEMPTS else None
    Notification.objects.filter(pk=row.pk).update(last_error=kind, failed_at=failed_at)
