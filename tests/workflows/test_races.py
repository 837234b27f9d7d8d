"""Several officers press the same button within a moment: one wins, the others are told."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, close_old_connections, connection

from core.permissions import Role
from tests.factories import AgencyFactory, StaffFactory
from tests.workflows.factories import cast_of, make_complaint, make_receipt
from tests.workflows.test_redating import NOW, decreed
from workflows.actors import ReporterGrant
from workflows.models import Complaint
from workflows.selectors.calendars import calendar_version
from workflows.selectors.complaints import broken_event
from workflows.services import agency as at_agency
from workflows.services import conversation, desk, part_words, parts, redating
from workflows.services.filing import Draft, submit_complaint
from workflows.services.parts import Task
from workflows.services.policies import supersede_policy
from workflows.services.rebasing import rebase_cases
from workflows.services.steps import ConcurrentUpdate
from workflows.states import Action, Reason, Status

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def all_at_once(action, crowd=CROWD):
    """Run the action in several threads that start together; what each returned or raised."""
    ready, results = threading.Barrier(crowd), []

    def run(number):
        close_old_connections()
        try:
            ready.wait()
            results.append(action(number))
        except (ConcurrentUpdate, DatabaseError, PermissionDenied) as lost:
            results.append(lost)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_six_forwardings_exactly_one_happens(region):
    people = cast_of(region)
    complaint = make_complaint(Status.VERIFIED, region=region)
    agencies = [AgencyFactory(region=region) for _number in range(CROWD)]

    def forward(number):
        return desk.forward_complaint(
            complaint_id=complaint.pk, agency=agencies[number], actor=people["verifier"], version=complaint.version
        )

    results = all_at_once(forward)
    lost = [result for result in results if isinstance(result, ConcurrentUpdate)]
    assert len(results) == CROWD
    assert len(lost) == CROWD - 1
    stored = Complaint.objects.get(pk=complaint.pk)
    assert (stored.legs.count(), stored.version) == (1, complaint.version + 1)
    assert lost[0].last_event.agency == stored.current_agency


def test_one_form_sent_six_times_at_once_is_one_case(region):
    make_receipt(region)
    draft = Draft(title="Air keruh", body="Air ledeng keruh sejak kemarin pagi.")
    receipts = all_at_once(lambda _number: submit_complaint(region=region, draft=draft, token="satu"))
    assert {receipt.complaint.reference for receipt in receipts} == {receipts[0].complaint.reference}
    assert Complaint.objects.count() == 2


def test_numbers_given_out_at_once_are_all_different(region):
    make_receipt(region)
    receipts = all_at_once(lambda _number: make_receipt(region))
    assert len({receipt.complaint.reference for receipt in receipts}) == CROWD


@pytest.mark.pg
def test_of_a_hundred_officers_on_one_case_one_wins_and_all_others_learn_who(region):
    people = cast_of(region)
    complaint = make_complaint(Status.VERIFIED, region=region)
    details = {"complaint_id": complaint.pk, "version": complaint.version}
    words = {"explanation": "Penjelasan yang cukup panjang untuk pelapor."}
    steps = (
        lambda: desk.forward_complaint(actor=people["verifier"], agency=people["agency"], **details),
        lambda: desk.reject_complaint(actor=people["admin"], reason=Reason.TOO_GENERAL, **details, **words),
        lambda: desk.request_info(actor=people["verifier"], question=words["explanation"], **details),
        lambda: conversation.send_message(actor=people["admin"], words="Mohon dicek.", is_public=False, **details),
    )
    results = all_at_once(lambda number: steps[number % len(steps)](), crowd=100)
    lost = [result for result in results if isinstance(result, ConcurrentUpdate)]
    assert (len(results), len(lost)) == (100, 99)
    stored = Complaint.objects.get(pk=complaint.pk)
    assert stored.version == complaint.version + 1 == stored.events.count()
    assert broken_event(stored) is None
    assert {one.last_event.pk for one in lost} == {stored.events.order_by("-sequence").first().pk}


@pytest.mark.pg
def test_what_is_only_added_is_never_lost(region):
    """Messages ask for no version: all are taken, one after the other, and each knows the case as it then stands."""
    people = cast_of(region)
    complaint = make_complaint(Status.FORWARDED, region=region)

    def write(number):
        actor = people["officer" if number % 2 else "verifier"]
        if number == 7:
            return at_agency.accept_complaint(complaint_id=complaint.pk, actor=people["officer"])
        return conversation.send_message(complaint_id=complaint.pk, actor=actor, words=f"Pesan {number}")

    results = all_at_once(write, crowd=30)
    stored = Complaint.objects.get(pk=complaint.pk)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert stored.version == complaint.version + 30 == stored.events.count()
    assert (broken_event(stored), stored.status) == (None, Status.IN_PROGRESS)


def split_among(people, agencies):
    """A case with an accepted part for each agency, and its parts."""
    case = make_complaint(Status.VERIFIED, region=people["agency"].region)
    tasks = [Task(agency, "Kerjakan bagian ini.") for agency in agencies]
    parts.split_complaint(complaint_id=case.pk, tasks=tasks, actor=people["verifier"])
    made = list(Complaint.objects.filter(part_of__whole=case).order_by("pk"))
    for part in made:
        at_agency.accept_complaint(complaint_id=part.pk, actor=people["boss"])
    return case, made


def answered(part, people):
    return at_agency.follow_up(
        complaint_id=part.pk,
        actor=people["boss"],
        answer="Lubang di depan pasar sudah kami tambal hari ini.",
        no_evidence_reason="Foto menyusul besok pagi.",
    )


@pytest.mark.pg
def test_of_the_last_answers_of_parts_at_one_moment_exactly_one_completes_the_case(region):
    people = cast_of(region)
    agencies = [people["agency"], *(AgencyFactory(region=region) for _number in range(3))]
    people["boss"] = StaffFactory(username="semua", grants=[(Role.LIAISON, agency) for agency in agencies])
    for _round in range(5):
        case, made = split_among(people, agencies)
        results = all_at_once(lambda number, made=made: answered(made[number], people), crowd=len(made))
        assert [result for result in results if isinstance(result, Exception)] == []
        stored = Complaint.objects.get(pk=case.pk)
        actions = list(stored.events.order_by("sequence").values_list("action", flat=True))
        assert actions[-5:] == [Action.PART_ANSWERED] * 4 + [Action.PARTS_ANSWERED]
        assert (stored.status, stored.version) == (Status.FOLLOWED_UP, len(actions))
        assert stored.clocks.filter(stopped_at__isnull=True).count() == 1
        assert all(broken_event(one) is None for one in (stored, *Complaint.objects.filter(part_of__whole=case)))


@pytest.mark.pg
def test_questions_replies_and_answers_of_parts_at_one_moment_lose_nothing_and_never_wait_for_each_other(region):
    people = cast_of(region)
    agencies = [people["agency"], *(AgencyFactory(region=region) for _number in range(3))]
    people["boss"] = StaffFactory(username="semua", grants=[(Role.LIAISON, agency) for agency in agencies])
    case, made = split_among(people, agencies)
    for part in made[:2]:
        desk.request_info(complaint_id=part.pk, actor=people["boss"], question="Di sisi jalan yang mana?")
    grant = ReporterGrant(case.pk)
    steps = (
        lambda: part_words.reply_to_parts(complaint_id=case.pk, actor=grant, words="Sisi timur.", to=made[0].pk),
        lambda: part_words.reply_to_parts(complaint_id=case.pk, actor=grant, words="Tiang tujuh.", to=made[1].pk),
        lambda: answered(made[2], people),
        lambda: conversation.send_message(complaint_id=made[3].pk, actor=people["boss"], words="Kami datang."),
        lambda: conversation.send_message(complaint_id=case.pk, actor=grant, words="Terima kasih."),
        lambda: parts.merge_back(complaint_id=made[3].pk, actor=people["verifier"], words="Tidak perlu lagi."),
    )
    before = Complaint.objects.get(pk=case.pk).version
    results = all_at_once(lambda number: steps[number](), crowd=len(steps))
    lost = [result for result in results if isinstance(result, Exception)]
    # Words at a part that was taken back a moment before are refused, nothing else.
    assert all(isinstance(one, PermissionDenied) for one in lost)
    assert len(lost) <= 1
    stored = Complaint.objects.get(pk=case.pk)
    assert (stored.status, stored.version) == (Status.IN_PROGRESS, before + len(steps) - len(lost))
    assert all(broken_event(one) is None for one in (stored, *Complaint.objects.filter(part_of__whole=case)))


def test_there_and_back_again_is_noticed(region):
    people = cast_of(region)
    complaint = make_complaint(Status.VERIFIED, region=region)
    desk.forward_complaint(complaint_id=complaint.pk, actor=people["verifier"], agency=people["agency"])
    at_agency.return_to_coordinator(
        complaint_id=complaint.pk,
        actor=people["officer"],
        reason=Reason.NOT_OURS,
        explanation="Jalan ini adalah jalan provinsi.",
    )
    assert Complaint.objects.get(pk=complaint.pk).status == complaint.status
    with pytest.raises(ConcurrentUpdate):
        desk.forward_complaint(
            complaint_id=complaint.pk, actor=people["admin"], agency=people["agency"], version=complaint.version
        )


def test_officers_work_while_a_decree_is_worked_in(region, calendars, monkeypatch):
    """Each case is verified and dated anew, whichever came first, and its chain holds both."""
    monkeypatch.setattr(redating, "BATCH", 2)
    people = cast_of(region)
    cases = [make_complaint(region=region) for _number in range(CROWD - 1)]
    decreed(people)

    def work(number):
        if number == 0:
            return redating.redate_open_cases(NOW)
        return desk.verify_complaint(complaint_id=cases[number - 1].pk, actor=people["verifier"], now=NOW)

    results = all_at_once(work)
    assert [result for result in results if isinstance(result, Exception)] == []
    for case in Complaint.objects.all():
        assert case.status == Status.VERIFIED
        assert broken_event(case) is None
        assert case.version == case.events.count()
    assert redating.stale_cases(calendar_version().number) == 0


def test_officers_work_while_a_limit_is_rebased(region, calendars):
    people = cast_of(region)
    cases = [make_complaint(region=region) for _number in range(CROWD - 1)]
    newer = supersede_policy(policy=cases[0].policy, valid_from=NOW.date(), number=10)

    def work(number):
        if number == 0:
            return rebase_cases(policy=newer, actor=people["admin"], reason="Perbup baru 2026", now=NOW)
        return desk.verify_complaint(complaint_id=cases[number - 1].pk, actor=people["verifier"], now=NOW)

    results = all_at_once(work)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert len(cases) in results
    for case in Complaint.objects.all():
        assert (case.status, case.policy) == (Status.VERIFIED, newer)
        assert broken_event(case) is None
        assert case.version == case.events.count()
