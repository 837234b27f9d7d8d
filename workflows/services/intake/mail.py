"""Complaints by e-mail: file a new one, add an answer to its case, never believe a sender's name alone.

An answer belongs to a case only through the token in the address it went to, and only when it comes from the person
the token was made for. A subject or a Message-ID proves nothing.
"""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from core.models import Notification
from core.notifications import address_hash
from core.sealing import unseal
from core.services.messages import confirm_address
from core.stops import Stop
from workflows.intake.mailparts import Mail, Unreadable, own_words, read_mail
from workflows.intake.mailtrust import fails_dmarc, machine_reason, passes_dmarc
from workflows.intake.reasons import Held, Ignored
from workflows.intake.replytokens import find_token, is_genuine, reply_address
from workflows.models import Complaint, ComplaintDesk, InboundMessage
from workflows.services.identity import Identity
from workflows.services.intake.machines import Incoming, take
from workflows.states import Channel

SOURCE = "mail"
UNKNOWN = "unknown"


def take_mail(raw: bytes, *, now: datetime) -> InboundMessage | None:
    """Take one mail from the mailbox; None for what cannot be read or is addressed to no desk."""
    desks = list(ComplaintDesk.objects.exclude(mail_address="").select_related("region"))
    try:
        mail = read_mail(raw)
    except Unreadable:
        return None
    desk = _desk_of(mail, desks)
    if desk is None:
        return None
    incoming = _incoming(mail, desk, desks)
    _note_owner(mail, incoming, now)
    return take(incoming, now=now)


def _note_owner(mail: Mail, incoming: Incoming, now: datetime) -> None:
    """Whoever our server vouches for, or answers what only its owner got, has shown that the address is theirs."""
    if incoming.ignore or incoming.doubt:
        return
    if incoming.case or passes_dmarc(mail, settings.MAIL_AUTHSERV_ID):
        confirm_address(subject=Stop(address_hash(mail.sender), Notification.Purpose.CASE, ""), now=now)


def _desk_of(mail: Mail, desks: list[ComplaintDesk]) -> ComplaintDesk | None:
    """The desk the mail was written to; the only one where a mail list hides the address."""
    by_address = {desk.mail_address.lower(): desk for desk in desks}
    for address in mail.recipients:
        if found := by_address.get(_without_token(address)):
            return found
    return desks[0] if len(desks) == 1 else None


def _without_token(address: str) -> str:
    local, _at, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _incoming(mail: Mail, desk: ComplaintDesk, desks: list[ComplaintDesk]) -> Incoming:
    token = find_token(mail.recipients)
    case = _case_of(token[0], desk) if token else None
    is_genuine_answer = case is not None and token is not None and _is_from_reporter(case, mail, token[1])
    doubtful = fails_dmarc(mail, settings.MAIL_AUTHSERV_ID) or (token is not None and not is_genuine_answer)
    return Incoming(
        region=desk.region,
        source=SOURCE,
        fingerprint=mail.fingerprint,
        channel=Channel.EMAIL,
        sender=mail.sender,
        title=mail.subject,
        text=own_words(mail.text) if token else mail.text,
        identity=Identity(name=mail.sender_name, email=mail.sender if len(mail.sender) <= 120 else ""),
        files=mail.files,
        case=case if is_genuine_answer else None,
        doubt=Held.UNVERIFIED if doubtful else "",
        ignore=_machine(mail, desks),
    )


def _machine(mail: Mail, desks: list[ComplaintDesk]) -> str:
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    reason = machine_reason(mail, {ours, *(desk.mail_address.lower() for desk in desks)})
    return str(Ignored(reason)) if reason else ""


def _case_of(pk: int, desk: ComplaintDesk) -> Complaint | None:
    cases = Complaint.objects.select_related("reporter").filter(region=desk.region)
    return cases.filter(pk=pk).first() if pk < 2**63 else None


def _is_from_reporter(case: Complaint, mail: Mail, given: str) -> bool:
    person = unseal(case.reporter.email_sealed).strip().lower()
    return mail.sender == person and is_genuine(case.pk, person, given)


def reply_to(about: str, person: str) -> str:
    """Where answers to a message about a case go; empty where the region takes no mail."""
    kind, _colon, number = about.partition(":")
    if kind != "complaint" or not number.isdecimal():
        return ""
    desk = ComplaintDesk.objects.filter(region__complaints=int(number)).exclude(mail_address="").first()
    return reply_address(desk.mail_address, int(number), person) if desk else ""
