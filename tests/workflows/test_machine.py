"""Every move: allowed from here, refused from there, refused to that person, exactly one event."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from core.permissions import Role
from tests.factories import AgencyFactory, StaffFactory
from tests.workflows.factories import FILED_AT, WORDS, kept_file, make_complaint, make_receipt
from workflows.actors import SYSTEM, ReporterGrant
from workflows.models import Complaint, ComplaintEvent
from workflows.services import agency as at_agency
from workflows.services import closing, conversation, desk, merging, taking_back
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.states import Action, Reason, Status

pytestmark = pytest.mark.django_db
S = Status
LATER = FILED_AT + timedelta(days=2)
MUCH_LATER = FILED_AT + timedelta(days=60)
EXPLAINED = "Penjelasan yang cukup panjang untuk pelapor."

# move → (service, where it starts, who may, what it needs, where it leads, its event, when)
MOVES = {
    "verify": (desk.verify_complaint, {S.RECEIVED}, {"verifier", "admin"}, {}, S.VERIFIED, Action.VERIFIED),
    "request_info": (
        desk.request_info,
        {S.RECEIVED, S.VERIFIED, S.FORWARDED, S.IN_PROGRESS, S.IN_REVIEW},
        {"verifier", "admin", "officer"},
        {"question": EXPLAINED},
        S.NEEDS_INFO,
        Action.INFO_REQUESTED,
    ),
    "reply_info": (
        conversation.reply_info,
        {S.NEEDS_INFO},
        {"reporter"},
        {"words": EXPLAINED},
        S.RECEIVED,
        Action.INFO_GIVEN,
    ),
    "end_wait": (desk.end_wait, {S.NEEDS_INFO}, {"verifier", "admin", "system"}, {}, S.RECEIVED, Action.WAIT_ENDED),
    "forward": (
        desk.forward_complaint,
        {S.VERIFIED, S.IN_REVIEW},
        {"verifier", "admin"},
        {"agency": None},
        S.FORWARDED,
        Action.FORWARDED,
    ),
    "accept": (at_agency.accept_complaint, {S.FORWARDED}, {"officer"}, {}, S.IN_PROGRESS, Action.ACCEPTED),
    "return": (
        at_agency.return_to_coordinator,
        {S.FORWARDED, S.IN_PROGRESS},
        {"officer"},
        {"reason": Reason.NOT_OURS, "explanation": EXPLAINED},
        S.VERIFIED,
        Action.RETURNED,
    ),
    "take_back": (
        taking_back.take_back,
        {S.FORWARDED, S.IN_PROGRESS},
        {"verifier", "admin"},
        {"words": EXPLAINED},
        S.VERIFIED,
        Action.TAKEN_BACK,
    ),
    "hold": (
        at_agency.hold_complaint,
        {S.IN_PROGRESS},
        {"head", "verifier", "admin"},
        {"reason": Reason.BUDGET, "until": (LATER + timedelta(days=9)).date(), "explanation": EXPLAINED},
        S.ON_HOLD,
        Action.HELD,
    ),
    "resume": (
        at_agency.resume_complaint,
        {S.ON_HOLD},
        {"officer", "head", "verifier", "admin", "system"},
        {},
        S.IN_PROGRESS,
        Action.RESUMED,
    ),
    "follow_up": (
        at_agency.follow_up,
        {S.IN_PROGRESS},
        {"officer"},
        {"answer": WORDS, "no_evidence_reason": EXPLAINED},
        S.FOLLOWED_UP,
        Action.FOLLOWED_UP,
    ),
    "confirm": (closing.confirm_solved, {S.FOLLOWED_UP}, {"reporter"}, {}, S.CLOSED, Action.CONFIRMED),
    "not_solved": (
        closing.say_not_solved,
        {S.FOLLOWED_UP},
        {"reporter"},
        {"words": EXPLAINED},
        S.IN_REVIEW,
        Action.NOT_SOLVED,
    ),
    "close": (
        closing.close_complaint,
        {S.VERIFIED, S.FOLLOWED_UP, S.IN_REVIEW},
        {"verifier", "admin"},
        {"result": WORDS, "no_evidence_reason": EXPLAINED},
        S.CLOSED,
        Action.CLOSED,
    ),
    "close_by_silence": (
        closing.close_by_silence,
        {S.FOLLOWED_UP},
        {"system"},
        {"now": MUCH_LATER},
        S.CLOSED,
        Action.CLOSED_BY_SILENCE,
    ),
    "reopen": (closing.reopen_complaint, {S.CLOSED}, {"reporter"}, {"words": EXPLAINED}, S.IN_REVIEW, Action.REOPENED),
    "start_review": (
        closing.start_review,
        {S.CLOSED, S.REJECTED},
        {"admin"},
        {"words": EXPLAINED},
        S.IN_REVIEW,
        Action.REVIEW_STARTED,
    ),
    "refer_out": (
        desk.refer_out,
        {S.RECEIVED, S.VERIFIED, S.IN_REVIEW},
        {"verifier", "admin"},
        {"reason": Reason.OTHER_GOVERNMENT, "body": "Provinsi", "explanation": EXPLAINED},
        S.REFERRED_OUT,
        Action.REFERRED_OUT,
    ),
    "mark_duplicate": (
        desk.mark_duplicate,
        {S.RECEIVED, S.NEEDS_INFO, S.VERIFIED},
        {"verifier", "admin"},
        {"parent": None},
        S.DUPLICATE,
        Action.MARKED_DUPLICATE,
    ),
    "unmerge": (
        merging.unmerge_complaint,
        {S.DUPLICATE},
        {"verifier", "admin"},
        {},
        S.RECEIVED,
        Action.UNMERGED,
    ),
    "reject": (
        desk.reject_complaint,
        {S.RECEIVED, S.NEEDS_INFO, S.VERIFIED},
        {"verifier", "admin"},
        {"reason": Reason.ABUSIVE, "explanation": EXPLAINED},
        S.REJECTED,
        Action.REJECTED,
    ),
}
EVERYBODY = (
    "verifier",
    "admin",
    "officer",
    "head",
    "auditor",
    "editor",
    "other_officer",
    "reporter",
    "stranger",
    "system",
)


@pytest.fixture
def everybody(people, auditor, editor, other_officer):
    return {**people, "auditor": auditor, "editor": editor, "other_officer": other_officer, "system": SYSTEM}


def make_move(name, complaint, actor, **changes):
    service, _sources, _who, details, _target, _action = MOVES[name]
    details = {"now": LATER, **details, **changes}
    if "parent" in details:
        details["parent"] = details["parent"] or make_receipt(complaint.region).complaint
    if "agency" in details:
        details["agency"] = details["agency"] or AgencyFactory(region=complaint.region)
    return service(complaint_id=complaint.pk, actor=actor, **details)


def actor_named(name, everybody, complaint):
    if name == "reporter":
        return ReporterGrant(complaint.pk)
    if name == "stranger":
        return ReporterGrant(complaint.pk + 1)
    return everybody[name]


@contextlib.contextmanager
def undone():
    """Whatever happens inside leaves the database as it was, so one case serves many tries."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("source", Status)
def test_each_move_starts_only_where_the_design_says(source, everybody):
    complaint = make_complaint(source)
    tried = set()
    for name, (_service, sources, who, _details, target, action) in MOVES.items():
        in_agency = source in (S.FORWARDED, S.IN_PROGRESS) and "officer" in who
        person = "officer" if in_agency else sorted(who - {"officer"} or who)[0]
        actor = actor_named(person, everybody, complaint)
        with undone():
            if source not in sources:
                with pytest.raises(MoveNotAllowed):
                    make_move(name, complaint, actor)
                continue
            make_move(name, complaint, actor)
            new = list(complaint.events.filter(sequence__gt=complaint.version))
            assert [(event.action, event.before, event.after) for event in new] == [(action, source, target)]
            assert Complaint.objects.get(pk=complaint.pk).version == complaint.version + 1
            tried.add(name)
    assert tried == {name for name, move in MOVES.items() if source in move[1]}


def allowed_here(name, source):
    """Who may make a move from one state, where that differs from state to state."""
    who = MOVES[name][2]
    if name == "request_info":
        # Whoever has the next move asks: a forwarded case is the office's.
        return {"officer"} if source in (S.FORWARDED, S.IN_PROGRESS) else who - {"officer"}
    return who | {"reporter"} if (name, source) == ("start_review", S.REJECTED) else who


@pytest.mark.parametrize("source", Status)
def test_each_move_is_open_to_some_and_refused_to_everybody_else(source, everybody):
    complaint = make_complaint(source)
    for name in (name for name, move in MOVES.items() if source in move[1]):
        for person in EVERYBODY:
            actor = actor_named(person, everybody, complaint)
            with undone():
                if person in allowed_here(name, source):
                    assert make_move(name, complaint, actor).version == complaint.version + 1
                    continue
                with pytest.raises(PermissionDenied):
                    make_move(name, complaint, actor)


def test_the_second_writer_is_told_who_was_first(people):
    complaint = make_complaint(S.VERIFIED)
    first = desk.forward_complaint(
        complaint_id=complaint.pk,
        agency=people["agency"],
        actor=people["verifier"],
        version=complaint.version,
        now=LATER,
    )
    with pytest.raises(ConcurrentUpdate) as refused:
        desk.forward_complaint(
            complaint_id=complaint.pk,
            agency=people["agency"],
            actor=people["admin"],
            version=complaint.version,
            now=LATER,
        )
    assert refused.value.last_event.actor == people["verifier"]
    assert first.legs.count() == 1


def test_a_note_between_reading_and_saving_is_noticed_too(people):
    complaint = make_complaint(S.RECEIVED)
    conversation.send_message(
        complaint_id=complaint.pk, actor=people["admin"], words="Mohon diprioritaskan.", is_public=False, now=LATER
    )
    with pytest.raises(ConcurrentUpdate):
        desk.verify_complaint(complaint_id=complaint.pk, actor=people["verifier"], version=complaint.version, now=LATER)


def test_an_answer_goes_back_to_whoever_asked(people):
    complaint = make_complaint(S.IN_PROGRESS)
    desk.request_info(complaint_id=complaint.pk, actor=people["officer"], question=EXPLAINED, now=LATER)
    conversation.reply_info(
        complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), words="Di Desa Tunjung.", now=LATER
    )
    moved = Complaint.objects.get(pk=complaint.pk)
    assert (moved.status, moved.current_agency) == (S.IN_PROGRESS, people["agency"])


def test_after_two_returns_only_the_arbiter_forwards_and_it_binds(people, other_agency):
    complaint = make_complaint(S.FORWARDED)
    for _round in range(2):
        make_move("return", complaint, people["officer"])
        if Complaint.objects.get(pk=complaint.pk).return_count < 2:
            make_move("forward", complaint, people["verifier"], agency=people["agency"])
    with pytest.raises(PermissionDenied):
        make_move("forward", complaint, people["verifier"], agency=people["agency"])
    make_move("forward", complaint, people["admin"], agency=people["agency"])
    with pytest.raises(PermissionDenied):
        make_move("return", complaint, people["officer"])
    legs = Complaint.objects.get(pk=complaint.pk).legs
    assert [leg.is_binding for leg in legs.all()] == [False, False, True]


def test_nobody_reviews_the_own_answer(people):
    complaint = make_complaint(S.FOLLOWED_UP)
    closing.close_complaint(
        complaint_id=complaint.pk, actor=people["verifier"], result=WORDS, no_evidence_reason=EXPLAINED, now=LATER
    )
    closing.reopen_complaint(complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), words=EXPLAINED, now=LATER)
    with pytest.raises(PermissionDenied):
        make_move("close", complaint, people["verifier"])
    assert make_move("close", complaint, people["admin"]).status == S.CLOSED


def test_nobody_reviews_what_they_closed_in_any_cycle_unless_nobody_else_is_left(people, region):
    complaint = make_complaint(S.FOLLOWED_UP)
    for person in ("verifier", "admin"):
        make_move("close", complaint, people[person])
        make_move("reopen", complaint, ReporterGrant(complaint.pk))
    with pytest.raises(PermissionDenied):
        make_move("close", complaint, people["verifier"])
    with undone():
        assert make_move("close", complaint, people["admin"]).status == S.CLOSED
    fresh = StaffFactory(username="verifier2", grants=[(Role.VERIFIER, region)])
    with pytest.raises(PermissionDenied):
        make_move("close", complaint, people["admin"])
    assert make_move("close", complaint, fresh).status == S.CLOSED


def test_a_rejected_reporter_may_appeal_within_the_window_only(people):
    complaint = make_complaint(S.REJECTED)
    reporter = ReporterGrant(complaint.pk)
    with pytest.raises(ValidationError):
        make_move("start_review", complaint, reporter, now=MUCH_LATER)
    assert make_move("start_review", complaint, reporter).status == S.IN_REVIEW


def test_a_closed_case_cannot_be_reopened_after_the_window(people):
    complaint = make_complaint(S.CLOSED)
    with pytest.raises(ValidationError):
        make_move("reopen", complaint, ReporterGrant(complaint.pk), now=MUCH_LATER)


def test_silence_closes_only_when_the_time_is_over(people):
    complaint = make_complaint(S.FOLLOWED_UP)
    with pytest.raises(ValidationError):
        make_move("close_by_silence", complaint, SYSTEM, now=complaint.next_due_at)
    closed = make_move("close_by_silence", complaint, SYSTEM, now=complaint.next_due_at + timedelta(seconds=1))
    assert closed.closed_by == "silence"


@pytest.mark.portable
@pytest.mark.parametrize(
    ("name", "status", "person", "changes"),
    [
        ("follow_up", S.IN_PROGRESS, "officer", {"no_evidence_reason": ""}),
        ("follow_up", S.IN_PROGRESS, "officer", {"answer": "Sudah."}),
        ("close", S.FOLLOWED_UP, "verifier", {"no_evidence_reason": ""}),
        ("close", S.FOLLOWED_UP, "verifier", {"result": ""}),
        ("reject", S.RECEIVED, "verifier", {"reason": Reason.BUDGET}),
        ("reject", S.RECEIVED, "verifier", {"explanation": " "}),
        ("return", S.FORWARDED, "officer", {"reason": ""}),
        ("hold", S.IN_PROGRESS, "head", {"until": LATER.date()}),
        ("request_info", S.RECEIVED, "verifier", {"question": "?"}),
        ("refer_out", S.RECEIVED, "verifier", {"body": ""}),
    ],
)
def test_a_move_without_its_words_or_reason_changes_nothing(name, status, person, changes, people):
    complaint = make_complaint(status)
    with pytest.raises(ValidationError):
        make_move(name, complaint, people[person], **changes)
    assert Complaint.objects.get(pk=complaint.pk).version == complaint.version


def test_evidence_replaces_the_reason_and_stays_with_the_event(people):
    complaint = make_complaint(S.IN_PROGRESS)
    make_move("follow_up", complaint, people["officer"], evidence=[kept_file()], no_evidence_reason="")
    event = ComplaintEvent.objects.get(complaint=complaint, action=Action.FOLLOWED_UP)
    assert event.attachments.get().is_public


def test_a_case_cannot_be_forwarded_to_another_region(people):
    from core.models import Region  # noqa: PLC0415

    elsewhere = Region.objects.create(code="35.27", name="Sampang", kind=Region.Kind.REGENCY)
    complaint = make_complaint(S.VERIFIED)
    with pytest.raises(ValidationError):
        make_move("forward", complaint, people["verifier"], agency=AgencyFactory(region=elsewhere))
