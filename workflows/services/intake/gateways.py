"""WhatsApp and SMS gateways: signed messages in, answers out through the outbox.

A gateway vouches for the number of its sender, so a message continues that number's case when it names its reference
or when the number has exactly one case here that it can mean; otherwise it is a new complaint. Media come inside the
message; addresses of media are never fetched.
"""

import base64
import binascii
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import outbound
from core.channels import Letter, Unreachable
from core.models import Notification, Region, User
from core.notifications import address_hash
from core.sealing import keyed_hash, seal, unseal
from core.services.messages import confirm_address, resume_messages, stop_messages
from core.stops import Stop
from workflows.contact import phone_of
from workflows.intake.mailparts import MailFile
from workflows.intake.reasons import Held, Ignored
from workflows.intake.replywords import is_reaction
from workflows.intake.signing import is_authentic, signed_headers
from workflows.models import Complaint, Gateway, InboundMessage
from workflows.permissions import may_route
from workflows.selectors.desk import desk_of
from workflows.services import throttles
from workflows.services.identity import Identity
from workflows.services.intake.machines import DAY, SENDER_PURPOSE, Incoming, take
from workflows.services.throttles import Limit
from workflows.states import OPEN_STATUSES, Status

MOST_BODY = 8 * 1024 * 1024
MOST_TEXT = 5000
MOST_MEDIA = 5
# Of one number, that a message may go on with.
MOST_CASES = 20
CONTINUED = (*OPEN_STATUSES, Status.FOLLOWED_UP)
NEW_WORDS = ("baru", "new")
# A message that is nothing but one of these is a wish about messages.
WISHES = dict.fromkeys(("stop", "berhenti"), Ignored.STOPPED) | dict.fromkeys(("mulai", "start"), Ignored.RESUMED)


class BadMessage(Exception):
    """Not ours, not signed, too late, over the limit, or not in the agreed form; ``args[0]`` is a code."""


def take_message(
    *, slug: str, timestamp: str, signature: str, body: bytes, now: datetime | None = None
) -> InboundMessage:
    """Take one signed message. Raises ``BadMessage``; the same id again gives the first answer."""
    at = now or timezone.now()
    gateway = Gateway.objects.active().select_related("region").filter(slug=slug[:30]).first()
    secret = unseal(gateway.secret_sealed) if gateway else ""
    # An unknown gateway and a wrong signature take the same work and get the same answer.
    if not is_authentic(secret or secrets.token_hex(16), timestamp, signature, body, at) or gateway is None:
        raise BadMessage("signature")
    limit = Limit("gateway", gateway.daily_limit, DAY)
    if throttles.is_over(limit, gateway.slug, at):
        raise BadMessage("limit")
    throttles.count(limit, gateway.slug, at)
    incoming = _incoming(gateway, _read(body), at)
    _heed(incoming, at)
    return take(incoming, now=at)


def _heed(incoming: Incoming, now: datetime) -> None:
    """Whoever writes from a number has shown that it is theirs, and may stop every message to it or take them up."""
    subject = Stop(address_hash(incoming.sender), Notification.Purpose.CASE, "")
    confirm_address(subject=subject, now=now)
    if incoming.ignore == Ignored.STOPPED:
        stop_messages(subject=subject, now=now)
    if incoming.ignore == Ignored.RESUMED:
        resume_messages(subject=subject)


def _read(body: bytes) -> dict[str, Any]:
    """``{"id": …, "from": "+62…", "text": …, "media": [{"name": …, "data": base64}]}``; anything else is refused."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadMessage("json") from problem
    if not isinstance(message, dict) or set(message) - {"id", "from", "text", "name", "media"}:
        raise BadMessage("shape")
    texts = [message.get(name, "") for name in ("id", "from", "text", "name")]
    if (
        not all(isinstance(text, str) for text in texts)
        or not message.get("id")
        or not isinstance(message.get("media", []), list)
    ):
        raise BadMessage("shape")
    return message


def _incoming(gateway: Gateway, message: dict[str, Any], now: datetime) -> Incoming:
    phone = _sender_of(message)
    text = "".join(c for c in message.get("text", "")[:MOST_TEXT] if c == "\n" or c.isprintable()).strip()
    wish = WISHES.get(text.lower().strip(":.! "))
    case, doubt, text = (None, "", text) if wish else _case_of(gateway, phone, text, now)
    return Incoming(
        region=gateway.region,
        source=gateway.source,
        fingerprint=message["id"][:200],
        channel=gateway.kind,
        sender=phone,
        text=text,
        identity=Identity(name=message.get("name", "")[:120], phone=phone),
        files=_media(message.get("media", [])),
        case=case,
        doubt=doubt,
        ignore=wish or "",
    )


def _sender_of(message: dict[str, Any]) -> str:
    try:
        return phone_of(message.get("from", ""))
    except ValueError as problem:
        raise BadMessage("sender") from problem


def _case_of(gateway: Gateway, phone: str, text: str, now: datetime) -> tuple[Complaint | None, str, str]:
    """The case this message goes on with, among those the same number filed here, or why that is in doubt; its words.

    Named by its number, else the only one that waits for such words, the only open one, or the only one that has ended
    lately. "Not solved" that fits several waits for the desk, which knows better than to open a new case.
    """
    first, _space, rest = text.partition(" ")
    if first.lower().strip(":.!") in NEW_WORDS:
        return None, "", rest.strip()
    cases = list(_cases_of(gateway, phone, now))
    fitting = [case for case in cases if case.reference in text.upper()][:1]
    if not fitting and is_reaction(text):
        fitting = [case for case in cases if case.status == Status.FOLLOWED_UP]
    fitting = fitting or [case for case in cases if case.status in CONTINUED] or cases
    if len(fitting) == 1:
        return fitting[0], "", text
    return None, Held.WHICH if fitting and is_reaction(text) else "", text


def _cases_of(gateway: Gateway, phone: str, now: datetime) -> QuerySet[Complaint]:
    """Cases of this number that are open, follow an open one, or may still be opened again; the latest first."""
    own = InboundMessage.objects.filter(source=gateway.source, sender_hash=keyed_hash(SENDER_PURPOSE, phone))
    ended = now - timedelta(days=desk_of(gateway.region).reopen_days)
    follows = Q(status=Status.DUPLICATE, parent__closed_at__isnull=True)
    known = Complaint.objects.filter(pk__in=own.exclude(complaint=None).values("complaint"))
    going_on = known.filter(Q(status__in=CONTINUED) | follows | Q(closed_at__gte=ended))
    return going_on.filter(reporter__erased_at=None).order_by("-pk")[:MOST_CASES]


def _media(rows: list[Any]) -> list[MailFile]:
    files = []
    for row in rows[:MOST_MEDIA]:
        data = row.get("data") if isinstance(row, dict) else None
        try:
            content = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
        except (binascii.Error, ValueError):
            content = b""
        if content:
            files.append(MailFile(str(row.get("name", ""))[:80], content))
    return files


# --- Out ------------------------------------------------------------------------------------------


def send(letter: Letter) -> None:
    """Deliver one message of the outbox by the region's gateway of its kind. ``Unreachable`` while there is none."""
    gateways = Gateway.objects.active().sending().filter(region=letter.region_id, kind=letter.channel)
    gateway = gateways.order_by("-is_simulator", "pk").first()
    if gateway is None:
        raise Unreachable("no gateway")
    if gateway.is_simulator:
        return
    body = json.dumps({"id": letter.key, "to": letter.to, "text": letter.body.strip()}).encode()
    try:
        outbound.post(gateway.outbound_url, body, signed_headers(unseal(gateway.secret_sealed), body, timezone.now()))
    except outbound.NoAnswer as problem:
        raise Unreachable(str(problem)) from problem


def make_gateway(*, region: Region, actor: User, **values: Any) -> tuple[Gateway, str]:
    """Add a gateway; its secret is told once, to whoever sets up the other side."""
    if not may_route(region.pk, actor):
        raise PermissionDenied("gateway")
    secret = secrets.token_urlsafe(32)
    return Gateway.objects.create(region=region, secret_sealed=seal(secret), **values), secret


def renew_secret(*, gateway: Gateway, actor: User) -> str:
    """A new secret; the old one stops at once."""
    if not may_route(gateway.region_id, actor):
        raise PermissionDenied("gateway")
    secret = secrets.token_urlsafe(32)
    gateway.secret_sealed = seal(secret)
    gateway.save(update_fields=["secret_sealed"])
    return secret
