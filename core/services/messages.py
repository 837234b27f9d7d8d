"""What an address wants: stop, take up again, confirm; and a region's own wording of a message."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from core.letters import Editable, Words, check_words
from core.models import ConfirmedAddress, LetterVersion, MessageStop, Notification, Region, User
from core.notifications import address_hash
from core.stops import Stop

# What staff can stop; the first is a person's own business, the others are only for citizens.
STAFF_PURPOSES = (Notification.Purpose.WORK, Notification.Purpose.MENTION, Notification.Purpose.DIGEST)


def stop_messages(*, subject: Stop, now: datetime) -> None:
    """The owner of an address wants no more of this; what waits is not sent. Twice is once."""
    if subject.purpose == Notification.Purpose.SERVICE:
        return
    MessageStop.objects.get_or_create(**subject._asdict(), defaults={"at": now})


def resume_messages(*, subject: Stop) -> None:
    """The owner of an address wants this kind of message again, whatever it was about."""
    MessageStop.objects.filter(recipient_hash=subject.recipient_hash, purpose=subject.purpose).delete()


def confirm_address(*, subject: Stop, now: datetime) -> None:
    """The owner of an address has shown that it is theirs; what waited for a day may go."""
    ConfirmedAddress.objects.get_or_create(recipient_hash=subject.recipient_hash, defaults={"at": now})
    waiting = Notification.objects.filter(recipient_hash=subject.recipient_hash, sent_at__isnull=True, attempts=0)
    waiting.filter(failed_at__isnull=True, not_before__gt=now).update(not_before=now)


def wanted_by(user: User) -> set[str]:
    """The kinds of message a member of staff gets by e-mail."""
    stops = MessageStop.objects.filter(recipient_hash=address_hash(user.email), about="")
    return {str(purpose) for purpose in STAFF_PURPOSES} - set(stops.values_list("purpose", flat=True))


@transaction.atomic
def choose_messages(*, user: User, wanted: Collection[str], now: datetime) -> None:
    """Keep which kinds of message a member of staff wants by e-mail."""
    who = address_hash(user.email)
    MessageStop.objects.filter(recipient_hash=who, purpose__in=wanted, about="").delete()
    for purpose in set(STAFF_PURPOSES) - set(wanted):
        stop_messages(subject=Stop(who, purpose, ""), now=now)


@transaction.atomic
def word_letter(
    *, letter: Editable, region: Region, language: str, words: Words, author: User, now: datetime
) -> LetterVersion | None:
    """Write a new version of a region's wording; empty words go back to the program's.

    The wording that holds already makes no version. Raises ``ValidationError``.
    """
    check_words(letter, words)
    Region.objects.select_for_update().get(pk=region.pk)
    last = LetterVersion.objects.filter(region=region, code=letter.code, language=language).first()
    if words == (Words(last.subject, last.body) if last else Words("", "")):
        return last
    return LetterVersion.objects.create(
        region=region,
        code=letter.code,
        language=language,
        number=last.number + 1 if last else 1,
        subject=words.subject.strip(),
        body=words.body.strip(),
        author=author,
        at=now,
    )
