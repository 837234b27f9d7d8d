"""Work on a case: notes with mentions, templates, likeness, merging, the arbiter, returns and handing over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Notification
from core.permissions import Role
from tests.factories import StaffFactory
from tests.workflows.factories import FILED_AT, WORDS, make_complaint
from tests.workflows.screens import NOW, STAFF, listed, post_move, somebody, state, url
from workflows.models import Arbiter, ClockCycle, Complaint, ConflictOfInterest, Leg, ReplyTemplate
from workflows.permissions import may_move
from workflows.rulebook import Rules
from workflows.selectors.complaints import broken_event
from workflows.selectors.similar import similar_cases
from workflows.services import agency as office
from workflows.services import desk, merging, replies
from workflows.services.arbiter import name_arbiter
from workflows.services.conversation import send_message
from workflows.services.extensions import extend_deadline
from workflows.services.notes import write_note
from workflows.services.taking_back import take_back
from workflows.states import Action, Outcome, Reason, Status

pytestmark = [pytest.mark.django_db, pytest.mark.portable, pytest.mark.usefixtures("staff_moment")]
# What the desk may do with a checked case.
DECISIONS = {"forward", "split", "close", "request_info", "refer_out", "mark_duplicate", "reject"}
ELSEWHERE = "Bukan tugas kantor kami, ini milik dinas lain."


def letters(template):
    return {row.recipient for row in Notification.objects.filter(template=template)}


# --- The case screen -----------------------------------------------------------------------


def test_many_steps_cost_no_more_questions_than_few(client, officer, people):
    few, many = make_complaint(Status.IN_PROGRESS), make_complaint(Status.IN_PROGRESS)
    for number in range(40):
        send_message(complaint_id=many.pk, actor=people["officer"], words=f"Kabar {number}", is_public=False)
    client.force_login(officer)
    asked = []
    for case in (few, few, many):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url("case", case))
        asked.append([query["sql"] for query in queries])
    assert len(asked[2]) <= len(asked[1]) + 2  # marking it as read
    ours = [sql for sql in asked[1] if 'FROM "workflows_' in sql]
    assert len(ours) <= 12
    assert page.context["earlier"]
    assert page.context["events"][-1].sequence == Complaint.objects.get(pk=many.pk).version
    earlier = client.get(url("case", many), {"sebelum": page.context["earlier"]})
    assert earlier.context["events"][0].action == Action.FILED


def test_from_a_phone_a_case_is_accepted_with_one_tap_and_returned_or_answered_with_two(client, officer, people):
    case = make_complaint(Status.FORWARDED)
    client.force_login(officer)
    page = client.get(url("case", case))
    assert [move.key for move in page.context["quick"]] == ["accept", "return_to_coordinator"]
    post_move(client, case, "accept", assignee="")
    assert state(case) == Status.IN_PROGRESS
    opened = client.get(url("case", case), {"buka": "follow_up"})
    assert 'data-move="follow_up" open' in opened.content.decode()


# --- Notes ---------------------------------------------------------------------------------


def test_a_mention_reaches_only_who_may_see_the_case(people, other_officer):
    case = make_complaint(Status.FORWARDED)
    write_note(
        complaint_id=case.pk,
        actor=people["verifier"],
        words=f"@officer, @{other_officer.username} dan @tidak.ada: tolong dicek. a@officer.example",
    )
    assert letters("case_mentioned") == {people["officer"].email}
    assert WORDS not in str(Notification.objects.get(template="case_mentioned").context)


# --- Reply templates -----------------------------------------------------------------------


@pytest.fixture
def template(people, region):
    body = "Laporan {nomor} tentang {judul} sudah kami terima dan sedang kami tindak lanjuti sesuai aturan."
    return replies.save_template(actor=people["verifier"], name="Diterima", body=body, region=region)


@pytest.mark.parametrize("body", ["{{ settings }}", "{% load x %}", "{pelapor}", "{# x #}", "{nomor.__class__}"])
def test_a_template_holds_known_places_and_no_template_language(people, region, body):
    with pytest.raises(ValidationError):
        replies.save_template(actor=people["verifier"], name="Buruk", body=f"Isi {body}", region=region)


def test_a_changed_template_is_a_new_version_and_only_its_writers_change_it(people, region, template, other_officer):
    with pytest.raises(PermissionDenied):
        replies.save_template(actor=other_officer, name="X", body="Isi", region=region, previous=template)
    newer = replies.save_template(
        actor=people["verifier"], name="Diterima", body="Isi baru", region=region, previous=template
    )
    assert (newer.version, newer.family) == (2, template.family)
    assert list(ReplyTemplate.objects.filter(is_current=True)) == [newer]


def test_a_template_fills_the_answer_and_an_answer_that_repeats_it_is_questioned(client, officer, people, template):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(officer)
    page = client.get(url("case", case), {"buka": "follow_up", "balasan": template.pk})
    text = next(form for move, form in page.context["offered"] if move.key == "follow_up").initial["answer"]
    assert case.reference in text
    assert case.title in text
    typed = {"answer": text, "no_evidence_reason": "Foto menyusul besok."}
    refused = post_move(client, case, "follow_up", **typed)
    assert refused.status_code == 422
    assert refused.context["doubt"].likeness == 100
    assert state(case) == Status.IN_PROGRESS
    data = {"version": Complaint.objects.get(pk=case.pk).version, "anyway": "1"}
    client.post(url("move", case, "follow_up"), data | {f"follow_up-{key}": value for key, value in typed.items()})
    assert state(case) == Status.FOLLOWED_UP
    client.force_login(people["verifier"])
    (check,) = client.get(url("case", case)).context["doubtful"]
    assert check.template == template


def test_the_same_answer_for_many_cases_is_questioned(people):
    for number in range(4):
        case = make_complaint(Status.IN_PROGRESS)
        words = f"Sudah diperbaiki oleh regu {number} kemarin sore."
        doubt = replies.doubts_about(case, words)
        assert (doubt is not None) is (number >= 3)
        details = {"answer": words, "no_evidence_reason": "Foto menyusul besok."}
        replies.follow_up(complaint_id=case.pk, actor=people["officer"], **details)
    assert doubt.same_answers == 3


# --- Similar cases, merging ----------------------------------------------------------------


def test_similar_cases_are_only_those_the_person_may_open(request, people, far_case):
    case = make_complaint(Status.FORWARDED)
    twin, secret = make_complaint(), make_complaint(is_confidential=True)
    other = make_complaint(title="Antrean obat", body="Menunggu tiga jam di puskesmas tanpa kepastian.")
    for name in STAFF:
        person = somebody(request, name)
        found = set(similar_cases(person, case))
        assert found <= set(Complaint.objects.visible_to(person))
        assert other not in found
    assert set(similar_cases(people["verifier"], case)) == {twin, secret}


def test_merging_needs_rights_on_both_cases(people, verifier_named_in):
    child, parent = make_complaint(), make_complaint()
    verifier_named_in(parent)
    with pytest.raises(PermissionDenied):
        merging.merge_complaint(complaint_id=child.pk, parent=parent, actor=people["verifier"])


@pytest.fixture
def verifier_named_in(people):
    def name(complaint):
        return ConflictOfInterest.objects.create(
            complaint=complaint, user=people["verifier"], named_by=people["admin"], at=FILED_AT
        )

    return name


def test_two_cases_merged_crosswise_at_once_leave_one_standing(people):
    """The second officer chose the other case as the parent before the first had merged it away."""
    one, other = make_complaint(), make_complaint()
    merging.merge_complaint(complaint_id=other.pk, parent=one, actor=people["verifier"])
    with pytest.raises(ValidationError):
        merging.merge_complaint(complaint_id=one.pk, parent=other, actor=people["verifier"])
    assert Complaint.objects.get(pk=one.pk).status == Status.RECEIVED


def test_no_case_follows_a_rejected_or_a_later_one(people):
    rejected, child = make_complaint(Status.REJECTED), make_complaint()
    later = make_complaint(now=FILED_AT + timedelta(minutes=1))
    for parent in (rejected, later):
        with pytest.raises(ValidationError):
            merging.merge_complaint(complaint_id=child.pk, parent=parent, actor=people["verifier"])
    assert state(child) == Status.RECEIVED


def test_who_followed_a_merged_case_follows_its_parent_and_comes_back_as_it_was(people):
    first, second, third = make_complaint(), make_complaint(), make_complaint()
    merging.merge_complaint(complaint_id=third.pk, parent=second, actor=people["verifier"])
    merging.merge_complaint(complaint_id=second.pk, parent=first, actor=people["verifier"])
    followers = Complaint.objects.filter(parent=first, status=Status.DUPLICATE)
    assert set(followers.values_list("pk", flat=True)) == {second.pk, third.pk}
    assert broken_event(Complaint.objects.get(pk=third.pk)) is None
    merging.unmerge_complaint(complaint_id=third.pk, actor=people["verifier"])
    kinds = ClockCycle.objects.filter(complaint=third, stopped_at__isnull=True).values_list("kind", flat=True)
    assert set(kinds) == {"verify", "respond", "total"}


def test_a_merge_taken_back_brings_the_clocks_and_neither_reads_the_other(client, verifier, people):
    parent, child = make_complaint(), make_complaint(title="Jalan rusak parah", body="Kata-kata pelapor kedua.")
    due = Complaint.objects.get(pk=child.pk).due_at
    client.force_login(verifier)
    post_move(client, child, "mark_duplicate", parent=parent.reference)
    assert state(child) == Status.DUPLICATE
    assert "Kata-kata pelapor kedua" not in client.get(url("case", parent)).content.decode()
    post_move(client, child, "unmerge")
    found = Complaint.objects.get(pk=child.pk)
    assert (found.status, found.parent, found.due_at) == (Status.RECEIVED, None, due)
    running = ClockCycle.objects.filter(complaint=child, stopped_at__isnull=True)
    assert {clock.kind for clock in running} == {"verify", "respond", "total"}
    assert {clock.started_at for clock in running} == {found.received_at}


def test_a_merge_taken_back_keeps_the_promise_the_extension_and_the_lateness(people):
    parent, child = make_complaint(), make_complaint()
    extend_deadline(
        complaint_id=child.pk, actor=people["admin"], days=10, reason=ELSEWHERE, appeal_contact="Diskominfo", now=NOW
    )
    promised = Complaint.objects.get(pk=child.pk).due_at
    late = FILED_AT + timedelta(days=60)
    merging.merge_complaint(complaint_id=child.pk, parent=parent, actor=people["verifier"], now=late)
    merging.unmerge_complaint(complaint_id=child.pk, actor=people["verifier"], now=late)
    left, goes_on = ClockCycle.objects.filter(complaint=child, kind="total").order_by("pk")
    assert (left.outcome, left.working_minutes) == (Outcome.NOT_MEASURED, None)
    assert (goes_on.due_at, goes_on.extension_days, goes_on.is_breached) == (promised, 10, True)
    assert Complaint.objects.get(pk=child.pk).due_at == promised
    with pytest.raises(ValidationError) as refused:
        extend_deadline(
            complaint_id=child.pk, actor=people["admin"], days=5, reason=ELSEWHERE, appeal_contact="Diskominfo"
        )
    assert refused.value.code == "twice"


def test_a_case_whose_first_answer_came_before_its_merge_is_not_asked_for_it_again(people):
    parent, child = make_complaint(), make_complaint(Status.IN_PROGRESS)
    later = NOW + timedelta(days=1)
    send_message(complaint_id=child.pk, actor=people["officer"], words=ELSEWHERE, now=NOW)
    desk.request_info(complaint_id=child.pk, actor=people["officer"], question=ELSEWHERE, now=NOW)
    merging.merge_complaint(complaint_id=child.pk, parent=parent, actor=people["verifier"], now=later)
    merging.unmerge_complaint(complaint_id=child.pk, actor=people["verifier"], now=later)
    running = ClockCycle.objects.filter(complaint=child, stopped_at__isnull=True)
    assert [clock.kind for clock in running] == ["total"]


# --- No wrong door -------------------------------------------------------------------------


def returned_twice(people, other_agency, other_officer):
    case = make_complaint(Status.FORWARDED)
    give_back = {"reason": Reason.NOT_OURS, "explanation": ELSEWHERE}
    office.return_to_coordinator(complaint_id=case.pk, actor=people["officer"], **give_back)
    desk.forward_complaint(complaint_id=case.pk, actor=people["verifier"], agency=other_agency)
    office.return_to_coordinator(complaint_id=case.pk, actor=other_officer, **give_back)
    return case


def test_after_the_second_return_the_named_arbiter_decides_and_nobody_else(
    people, region, agency, other_agency, other_officer
):
    arbiter = StaffFactory(username="penengah", email="penengah@example.org", grants=[(Role.VERIFIER, region)])
    with pytest.raises(PermissionDenied):
        name_arbiter(region=region, user=arbiter, actor=people["verifier"])
    with pytest.raises(ValidationError):
        name_arbiter(region=region, user=other_officer, actor=people["admin"])
    name_arbiter(region=region, user=arbiter, actor=people["admin"])
    case = returned_twice(people, other_agency, other_officer)
    assert letters("case_to_arbiter") == {arbiter.email}
    assert ClockCycle.objects.get(complaint=case, kind="arbiter").policy.number == 1
    for person in (people["verifier"], people["admin"]):
        with pytest.raises(PermissionDenied):
            desk.forward_complaint(complaint_id=case.pk, actor=person, agency=agency)
    waiting = Complaint.objects.get(pk=case.pk)
    assert {move for move in DECISIONS if may_move(move, waiting, people["verifier"])} == set()
    assert {move for move in DECISIONS if may_move(move, waiting, arbiter)} == DECISIONS
    decided = desk.forward_complaint(complaint_id=case.pk, actor=arbiter, agency=agency)
    assert decided.is_bound


def test_who_is_arbiter_decides_where_the_region_keeps_the_move_to_the_verifiers(people, other_agency, other_officer):
    case = returned_twice(people, other_agency, other_officer)
    waiting = Complaint.objects.get(pk=case.pk)
    waiting.__dict__["_rules"] = Rules(1, {"forward:verified": {"roles": [Role.VERIFIER]}})
    allowed = [who for who in ("admin", "verifier", "officer") if may_move("forward", waiting, people[who])]
    assert allowed == ["admin"]


def test_a_case_taken_back_keeps_the_promise_counts_as_no_return_and_the_agency_is_told(people):
    case = make_complaint(Status.IN_PROGRESS)
    taken = take_back(complaint_id=case.pk, actor=people["verifier"], words=ELSEWHERE)
    assert (taken.current_agency, taken.assignee, taken.return_count, taken.due_at) == (None, None, 0, case.due_at)
    leg = case.legs.get()
    assert (leg.return_reason, leg.answered_at) == (Reason.TAKEN_BACK, None)
    assert letters("case_taken_back") == {people["officer"].email}
    again = desk.forward_complaint(complaint_id=case.pk, actor=people["verifier"], agency=leg.agency)
    assert again.status == Status.FORWARDED


def test_only_the_arbiter_takes_back_what_the_arbiter_decided(people, region, agency, other_agency, other_officer):
    name_arbiter(region=region, user=None, actor=people["admin"])
    case = returned_twice(people, other_agency, other_officer)
    desk.forward_complaint(complaint_id=case.pk, actor=people["admin"], agency=agency)
    with pytest.raises(PermissionDenied):
        take_back(complaint_id=case.pk, actor=people["verifier"], words=ELSEWHERE)
    assert not take_back(complaint_id=case.pk, actor=people["admin"], words=ELSEWHERE).is_bound


def test_without_a_name_the_administrator_decides(people, region, agency, other_agency, other_officer):
    name_arbiter(region=region, user=None, actor=people["admin"])
    case = returned_twice(people, other_agency, other_officer)
    assert not Arbiter.objects.exists()
    assert desk.forward_complaint(complaint_id=case.pk, actor=people["admin"], agency=agency).is_bound


def test_the_return_matrix_counts_pairs_and_shows_each_only_its_own(client, request, people, other_agency, far_case):
    other_officer = request.getfixturevalue("other_officer")
    returned_twice(people, other_agency, other_officer)
    Leg.objects.create(
        complaint=far_case,
        agency=far_case.region.agencies.get(),
        forwarded_at=FILED_AT,
        returned_at=NOW - timedelta(days=1),
        return_reason=Reason.NOT_OURS,
    )
    expected = {"officer": 1, "other_officer": 2, "verifier": 2, "editor": None}
    for name, number in expected.items():
        client.force_login(somebody(request, name))
        page = client.get(reverse("complaints:returns"))
        assert number is None or page.context["total"] == number
        assert number is not None or page.status_code != 200
    client.force_login(people["verifier"])
    pairs = {
        (pair.returner, pair.taker): pair.not_ours
        for pair in client.get(reverse("complaints:returns")).context["pairs"]
    }
    assert pairs == {(people["agency"], other_agency): 1, (other_agency, None): 1}
    early = client.get(reverse("complaints:returns"), {"first": "2026-01-01", "last": "2026-02-01"})
    assert early.context["total"] == 0


def test_a_referral_leaves_a_receipt_and_other_cases_have_none(client, verifier, cases):
    client.force_login(verifier)
    for status, case in cases.items():
        expected = 200 if status == Status.REFERRED_OUT else 404
        assert client.get(url("referral", case)).status_code == expected


# --- Handing over --------------------------------------------------------------------------


def test_all_open_cases_of_somebody_who_leaves_go_to_a_colleague(client, agency_head, people, agency):
    cases = [make_complaint(Status.IN_PROGRESS) for _number in range(2)]
    done = make_complaint(Status.CLOSED)
    taker = StaffFactory(username="pengganti", grants=[(Role.LIAISON, agency)])
    client.force_login(agency_head)
    page = client.post(reverse("complaints:handover"), {"leaver": people["officer"].pk, "taker": taker.pk})
    assert {outcome.reference for outcome in page.context["outcomes"]} == {case.reference for case in cases}
    assert listed(client, "open") >= {case.pk for case in cases}
    assert set(Complaint.objects.filter(assignee=taker)) == set(cases)
    assert done.events.filter(action=Action.ASSIGNED).count() == 0
    assert all(case.events.filter(action=Action.ASSIGNED, actor=agency_head).exists() for case in cases)
