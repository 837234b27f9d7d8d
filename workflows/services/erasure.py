"""Erase what a reporter gave, when its time is over or the reporter asks, and prove that it is gone.

Erased: identity, the report's words and place, answers to own questions, the reporter's messages and files, the public
text, followers, addresses in the outbox, the trace of how it came in, waiting files that name the reporter; the
reporter's name, number and address in what officers wrote. Kept: class, category, office, dates, clocks, stars and the
event chain, whose words are salted digests that die with their salt.
Backups forget within their own time (docs/operations.md). Proof: the same places searched again for what was known.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from core.models import Notification, User
from core.sealing import unseal
from workflows.actors import SYSTEM, ActorKind
from workflows.acts import Act
from workflows.masking import MASK, findings, masked
from workflows.models import (
    Attachment,
    CaseAnswers,
    Complaint,
    ErasureReport,
    Follower,
    IdentityAccess,
    Message,
    PublicEntry,
    Reporter,
    RetentionRule,
)
from workflows.selectors.parts import lock_parts, parts_of
from workflows.services.kept_files import arrivals_left, delete_files_naming, files_naming, forget_arrival
from workflows.services.privacy import about_of
from workflows.services.steps import Step, begin_act, lock, record, require_words
from workflows.states import FINAL_STATUSES, Action
from workflows.texts import CASE_WORDS, MESSAGE_WORDS

ERASED_TITLE = MASK
BATCH = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What would betray the reporter; held in memory while erasing, never stored."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, reporter: Reporter) -> "Known":
        name, phone, email = (unseal(t) for t in (reporter.name_sealed, reporter.phone_sealed, reporter.email_sealed))
        digits = re.sub(r"\D", "", phone)
        return cls(tuple(text for text in (name, phone, digits, digits[-8:], email) if len(text) > 3))

    def hide(self, text: str) -> str:
        return masked(text, self.names)

    def stands_in(self, text: str) -> bool:
        return any(one.kind == "name" for one in findings(text, self.names))


def erase_due(now: datetime) -> int:
    """Erase what the regions' rules no longer let us keep; how many cases. At most a batch per run."""
    erased = 0
    for rule in RetentionRule.objects.filter(is_active=True).select_related("region"):
        for pk in _due(rule, now)[: BATCH - erased]:
            erase_reporter(complaint_id=pk, actor=SYSTEM, reason=f"retention: {rule.days} days", now=now)
            erased += 1
    for pk in _incomplete()[: BATCH - erased]:
        erase_reporter(complaint_id=pk, actor=SYSTEM, reason="files left by an earlier version", now=now)
        erased += 1
    return erased


def _incomplete() -> QuerySet:
    """Cases erased while the files that an officer had typed in with them counted as the officer's."""
    files = Attachment.objects.filter(uploaded_by=ActorKind.REPORTER.value, event__action=Action.FILED)
    files = files.filter(complaint__reporter__erased_at__isnull=False)
    return files.order_by("complaint").values_list("complaint", flat=True).distinct()


def _due(rule: RetentionRule, now: datetime) -> QuerySet:
    cases = Complaint.objects.whole().filter(
        region=rule.region, status__in=FINAL_STATUSES, reporter__erased_at__isnull=True
    )
    if rule.category_id:
        cases = cases.filter(category=rule.category_id)
    else:
        own = RetentionRule.objects.filter(region=rule.region, category__isnull=False).values("category")
        cases = cases.filter(Q(category__isnull=True) | ~Q(category__in=own))
    ended = cases.annotate(last=Max("events__at")).filter(last__lt=now - timedelta(days=rule.days))
    return ended.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def erase_reporter(*, complaint_id: int, actor: object, reason: str, now: datetime | None = None) -> ErasureReport:
    """Erase one case's reporter and keep the proof.

    By the clock when a rule says so, or by a regional administrator whom the reporter has asked. Raises
    ``PermissionDenied``, ``MoveNotAllowed`` for a part, or ``ValidationError`` without a reason.
    """
    require_words("reason", reason)
    lock_parts(complaint_id)
    step = begin_act(Act.ERASE, complaint_id=complaint_id, actor=actor, version=None, now=now)
    complaint, at = step.complaint, step.at
    # History taken over by an earlier version has no reporter, but words.
    reporter, _is_new = Reporter.objects.get_or_create(complaint=complaint)
    known = Known.of(reporter)
    files = list(_own_files(complaint))
    erased = {name: erase(complaint, known, at) for name, erase in PLACES.items()}
    record(step, Action.ERASED)
    names = [file.name for file in files]
    for name in names:
        storages["private"].delete(name)
    return ErasureReport.objects.create(
        complaint=complaint,
        actor=actor if isinstance(actor, User) else None,
        reason=reason.strip()[:250],
        at=at,
        erased={**erased, "files": len(names)},
        left=left_of(complaint, known, names),
    )


def _identity(complaint: Complaint, known: Known, at: datetime) -> int:
    rows = Reporter.objects.filter(complaint=complaint)
    rows.update(name_sealed="", phone_sealed="", email_sealed="", erased_at=at)
    accesses = IdentityAccess.objects.filter(reporter__complaint=complaint)
    for access in accesses:
        access.reason = known.hide(access.reason)
        access.save(update_fields=["reason"])
    return len(known.names)


def _report(complaint: Complaint, known: Known, at: datetime) -> int:
    """Saved with the event that follows."""
    complaint.title, complaint.body, complaint.place = ERASED_TITLE, "", ""
    tasks = sum(_task(part.pk, known, at) for part in parts_of(complaint.pk))
    return 3 + tasks + CaseAnswers.objects.filter(complaint=complaint).delete()[0]


def _task(part_id: int, known: Known, at: datetime) -> int:
    """What the desk wrote to an agency that worked on a part: only what betrays the reporter goes."""
    part = lock(part_id)
    words = known.hide(part.title), known.hide(part.body)
    if words == (part.title, part.body):
        return 0
    part.title, part.body = words
    record(Step(part, SYSTEM, at, part.status), Action.ERASED, is_public=False)
    return 1


def words_of(complaint: Complaint) -> QuerySet[Message]:
    """Everything written in a case and its parts."""
    return Message.objects.filter(Q(complaint=complaint) | Q(complaint__part_of__whole=complaint))


def _messages(complaint: Complaint, known: Known, at: datetime) -> int:
    """The reporter's words go; in an officer's only what betrays the reporter. The salt goes with either."""
    own = words_of(complaint).filter(author_kind=ActorKind.REPORTER.value)
    changed = own.update(body="", salt="", erased_at=at)
    for message in words_of(complaint).exclude(author_kind=ActorKind.REPORTER.value):
        if known.hide(message.body) != message.body:
            message.body, message.salt, message.erased_at = known.hide(message.body), "", at
            message.save(update_fields=["body", "salt", "erased_at"])
            changed += 1
    return changed


def _files(complaint: Complaint, known: Known, at: datetime) -> int:
    return _own_files(complaint).delete()[0]


def _public(complaint: Complaint, known: Known, at: datetime) -> int:
    entries = PublicEntry.objects.filter(complaint=complaint)
    followers = Follower.objects.filter(complaint=complaint).delete()[0]
    return followers + entries.update(title=ERASED_TITLE, body="", answer="", withdrawn_at=at)


def _mails(complaint: Complaint, known: Known, at: datetime) -> int:
    """What waits is not sent; of what was sent only that and when remains."""
    rows = Notification.objects.filter(about=about_of(complaint))
    rows.filter(sent_at__isnull=True, failed_at__isnull=True).update(failed_at=at, last_error="erased")
    return rows.exclude(recipient="").update(recipient="", recipient_hash="")


def _arrivals(complaint: Complaint, known: Known, at: datetime) -> int:
    """How it came in: the sender's fingerprint, and what an officer typed."""
    return forget_arrival(complaint)


def _kept_files(complaint: Complaint, known: Known, at: datetime) -> int:
    return delete_files_naming(known.names)


PLACES: dict[str, Callable[[Complaint, Known, datetime], int]] = {
    "identity": _identity,
    "report": _report,
    "messages": _messages,
    "attachments": _files,
    "public": _public,
    "mails": _mails,
    "arrivals": _arrivals,
    "exports": _kept_files,
}


def _own_files(complaint: Complaint) -> QuerySet[Attachment]:
    files = Attachment.objects.filter(uploaded_by=ActorKind.REPORTER.value)
    return files.filter(complaint__in=[complaint.pk, *parts_of(complaint.pk).values_list("pk", flat=True)])


def left_of(complaint: Complaint, known: Known, files: list[str]) -> dict[str, int]:
    """Search every place again; read from the database, not from what this process remembers. All zero is the proof."""
    case = Complaint.objects.get(pk=complaint.pk)
    reporter = Reporter.objects.get(complaint=case)
    words = words_of(case)
    texts = [case.title, case.body, case.place, *words.values_list("body", flat=True)]
    texts += [text for part in parts_of(case.pk) for text in (part.title, part.body)]
    texts += IdentityAccess.objects.filter(reporter=reporter).values_list("reason", flat=True)
    texts += [str(data) for data in case.events.values_list("data", flat=True)]
    # By what they came with, not by the mark that erasing goes by.
    handed_over = case.attachments.filter(event__action=Action.FILED).exclude(uploaded_by=ActorKind.REPORTER.value)
    public = PublicEntry.objects.filter(complaint=case)
    mails = Notification.objects.filter(about=about_of(case))
    return {
        "identity": sum(bool(t) for t in (reporter.name_sealed, reporter.phone_sealed, reporter.email_sealed)),
        "report": sum(bool(text) for text in (case.body, case.place))
        + CaseAnswers.objects.filter(complaint=case).count(),
        "messages": words.filter(author_kind=ActorKind.REPORTER.value).exclude(body="").count(),
        "texts": sum(known.stands_in(text) for text in texts),
        "files": _own_files(case).count()
        + handed_over.count()
        + sum(storages["private"].exists(name) for name in files),
        "search": sum(_is_found(case, name) for name in known.names),
        "public": public.exclude(body="", answer="").count() + Follower.objects.filter(complaint=case).count(),
        "mails": mails.exclude(recipient="").count() + sum(known.stands_in(str(m.context)) for m in mails),
        "arrivals": arrivals_left(case),
        "exports": len(files_naming(known.names)),
    }


def _is_found(complaint: Complaint, words: str) -> bool:
    rows = Complaint.objects.filter(pk=complaint.pk)
    return any(index.matching(rows, words).exists() for index in (CASE_WORDS, MESSAGE_WORDS))
