"""When a case falls due: by the official calendar of 2026, worked out by hand (14 and 15 May are off)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.models import Notification
from tests.factories import AgencyFactory, ServiceFactory
from tests.workflows.factories import WORDS, make_complaint, make_receipt
from workflows.actors import ReporterGrant
from workflows.due_words import DueWords, Standing, due_words
from workflows.models import ClockCycle, Complaint, ComplaintDesk, SlaPolicy
from workflows.selectors.calendars import calendar_for
from workflows.services import agency as office
from workflows.services import classification, closing, conversation
from workflows.services import desk as at_desk
from workflows.services.filing import Draft, submit_complaint
from workflows.services.identity import Identity
from workflows.services.policies import supersede_policy
from workflows.states import Klass, Outcome, Status
from workflows.templatetags.workflow_tags import due_words as in_words

pytestmark = pytest.mark.django_db


def wib(day, hour, minute=0, month=5):
    return datetime(2026, month, day, hour - 7, minute, tzinfo=UTC)


def clock(complaint, kind, **filters):
    return ClockCycle.objects.get(complaint=complaint, kind=kind, **filters)


def test_filing_starts_three_clocks(people):
    complaint = make_complaint()
    due = {row.kind: row.due_at for row in complaint.clocks.all()}
    assert due == {"verify": wib(7, 16), "respond": wib(11, 16), "total": wib(26, 16)}
    assert (complaint.due_at, complaint.next_due_at) == (wib(26, 16), wib(7, 16))


@pytest.mark.parametrize(
    ("draft", "due"),
    [
        ({"klass": Klass.INFORMATION_REQUEST}, wib(11, 16)),
        ({"klass": Klass.ASPIRATION}, wib(11, 16)),
        ({}, wib(26, 16)),
    ],
)
def test_each_class_has_its_own_limit(draft, due, people):
    assert make_complaint(**draft).due_at == due


def test_forwarding_starts_the_agencys_clock(people):
    complaint = make_complaint(Status.VERIFIED)
    # Thursday 7 May 15:50 and five working days, as in the case file (S43).
    at_desk.forward_complaint(
        complaint_id=complaint.pk, agency=people["agency"], actor=people["verifier"], now=wib(7, 15, 50)
    )
    forwarded = Complaint.objects.get(pk=complaint.pk)
    assert forwarded.legs.get().due_at == forwarded.next_due_at == wib(18, 16)
    assert clock(complaint, "verify").outcome == Outcome.MET


def test_waiting_for_the_reporter_stops_every_clock(people):
    complaint = make_complaint(Status.RECEIVED)
    # From Thursday 7 May 09:00 to Tuesday 12 May 14:00: 3.53 working days, of which three count (S18).
    at_desk.request_info(complaint_id=complaint.pk, actor=people["verifier"], question=WORDS, now=wib(7, 9))
    conversation.reply_info(
        complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), words="Di Kamal.", now=wib(12, 14)
    )
    moved = Complaint.objects.get(pk=complaint.pk)
    # 14 + 3 working days from 4 May; 27 and 28 May and 1 June are off.
    assert moved.due_at == datetime(2026, 6, 3, 9, tzinfo=UTC)
    assert clock(complaint, "respond").due_at == wib(18, 16)


def test_going_to_and_fro_never_resets_the_citizens_clock(people):
    complaint = make_complaint(Status.FORWARDED)
    promised = complaint.due_at
    office.return_to_coordinator(
        complaint_id=complaint.pk, actor=people["officer"], reason="not_ours", explanation=WORDS, now=wib(6, 9)
    )
    at_desk.forward_complaint(
        complaint_id=complaint.pk, agency=people["agency"], actor=people["verifier"], now=wib(6, 10)
    )
    moved = Complaint.objects.get(pk=complaint.pk)
    assert moved.due_at == promised
    legs = list(moved.legs.values_list("returned_at", "due_at"))
    assert legs == [(wib(6, 9), wib(11, 16)), (None, wib(13, 16))]


def test_each_leg_keeps_its_own_outcome(people):
    complaint = make_complaint(Status.IN_PROGRESS)
    late = wib(12, 9)
    office.follow_up(
        complaint_id=complaint.pk, actor=people["officer"], answer=WORDS, no_evidence_reason=WORDS, now=late
    )
    assert clock(complaint, "leg").outcome == Outcome.MISSED
    assert clock(complaint, "respond").outcome == Outcome.MISSED
    assert clock(complaint, "total").outcome == Outcome.MET
    # Ten working days for the reporter from 12 May, without 14, 15, 27, 28 May and 1 June.
    assert Complaint.objects.get(pk=complaint.pk).next_due_at == datetime(2026, 6, 2, 9, tzinfo=UTC)


def test_a_review_runs_on_a_new_clock_and_keeps_the_first_outcome(people):
    complaint = make_complaint(Status.CLOSED)
    closing.reopen_complaint(complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), words=WORDS, now=wib(8, 9))
    reopened = Complaint.objects.get(pk=complaint.pk)
    first, second = ClockCycle.objects.filter(complaint=complaint, kind="total").order_by("cycle")
    assert (first.outcome, second.outcome, second.cycle) == (Outcome.MET, "", 2)
    assert reopened.due_at == second.due_at == datetime(2026, 6, 4, 9, tzinfo=UTC)


def test_a_policy_made_later_does_not_touch_open_cases(people):
    complaint = make_complaint()
    supersede_policy(policy=complaint.policy, valid_from=wib(11, 8).date(), number=10, now=wib(11, 8))
    at_desk.request_info(complaint_id=complaint.pk, actor=people["verifier"], question=WORDS, now=wib(11, 9))
    conversation.reply_info(
        complaint_id=complaint.pk, actor=ReporterGrant(complaint.pk), words="Di Kamal.", now=wib(11, 10)
    )
    assert Complaint.objects.get(pk=complaint.pk).due_at == wib(26, 16)
    assert make_receipt(complaint.region, wib(11, 9)).complaint.policy.number == 10


def reclassified(case, people, klass, now, *, is_supervision=False):
    values = {"klass": klass, "is_supervision": is_supervision, "category": None}
    return classification.reclassify_complaint(complaint_id=case.pk, actor=people["verifier"], now=now, **values)


def test_a_class_with_a_shorter_limit_never_shortens_the_promise(people):
    complaint = make_complaint(identity=Identity(email="siti@contoh.id"))
    moved = reclassified(complaint, people, Klass.INFORMATION_REQUEST, wib(5, 9))
    assert (moved.due_at, clock(moved, "total").counted_due_at) == (wib(26, 16), wib(11, 16))
    promised = wib(26, 16).isoformat()
    assert moved.events.last().data["due"] == {"from": promised, "to": promised, "counted": wib(11, 16).isoformat()}
    assert not Notification.objects.filter(template="complaint_reclassified").exists()


def test_a_class_with_a_longer_limit_counts_again_from_receipt_and_the_reporter_is_told(people):
    complaint = make_complaint(klass=Klass.INFORMATION_REQUEST, identity=Identity(email="siti@contoh.id"))
    moved = reclassified(complaint, people, Klass.COMPLAINT, wib(7, 9))
    assert moved.due_at == wib(26, 16)
    told = Notification.objects.get(template="complaint_reclassified").context
    assert (told["before"], told["due"]) == ("2026-05-11", "2026-05-26")


def test_another_class_does_not_undo_lateness_but_a_wait_for_the_reporter_is_none(people):
    late, asked = (make_complaint(klass=Klass.INFORMATION_REQUEST) for _turn in range(2))
    at_desk.request_info(complaint_id=asked.pk, actor=people["verifier"], question=WORDS, now=wib(4, 9))
    for case in (late, asked):
        reclassified(case, people, Klass.COMPLAINT, wib(18, 9), is_supervision=True)
    assert [clock(case, "total").is_breached for case in (late, asked)] == [True, False]


def test_a_limit_published_after_filing_is_not_used_by_a_clock_that_starts_later(people):
    case, leg = make_complaint(Status.VERIFIED), SlaPolicy.objects.get(clock="leg")
    today = wib(4, 12)
    supersede_policy(policy=leg, valid_from=today.date(), number=1, now=today)
    row = {"code": "susulan", "clock": "leg", "number": 2, "source": "SK", "region": case.region}
    SlaPolicy.objects.create(**row, agency=people["agency"], valid_from=date(2020, 1, 1), published_at=today)
    younger = make_complaint(Status.VERIFIED, now=wib(4, 13))
    for found in (case, younger):
        forward = {"agency": people["agency"], "actor": people["verifier"], "now": wib(5, 9)}
        at_desk.forward_complaint(complaint_id=found.pk, **forward)
    assert [clock(found, "leg").policy.number for found in (case, younger)] == [leg.number, 2]


def test_the_limits_of_the_agency_that_was_named_hold_from_filing_on(people, other_agency):
    region, coordinator = other_agency.region, people["agency"]
    ComplaintDesk.objects.filter(region=region).update(coordinator=coordinator)

    def own(office, kind, number):
        row = {"code": f"{office.code}-{kind}", "clock": kind, "number": number, "agency": office, "source": "SK"}
        SlaPolicy.objects.create(region=region, valid_from=date(2026, 5, 1), published_at=wib(1, 8), **row)

    own(coordinator, "verify", 2)
    own(other_agency, "respond", 1)
    own(other_agency, "total", 2)
    named = ServiceFactory(agency=other_agency)
    drafts = ({}, {"agency_hint": other_agency}, {"service": named}, {"agency_hint": coordinator})
    cases = [make_complaint(region=region, **draft) for draft in drafts]
    days = [{row.kind: row.policy.number for row in case.clocks.select_related("policy")} for case in cases]
    common, theirs = {"verify": 2, "respond": 5, "total": 14}, {"verify": 2, "respond": 1, "total": 2}
    assert days == [common, theirs, theirs, common]
    assert cases[1].due_at == wib(6, 16)


def test_another_class_leaves_the_reporter_the_time_to_answer(people):
    complaint = make_complaint(Status.NEEDS_INFO)
    assert complaint.next_due_at
    kept = {"klass": Klass.INFORMATION_REQUEST, "is_supervision": False, "category": None}
    moved = classification.reclassify_complaint(complaint_id=complaint.pk, actor=people["verifier"], **kept)
    assert moved.next_due_at == complaint.next_due_at


def test_a_letter_counts_from_the_day_it_came_in(region, desk):
    receipt = submit_complaint(
        region=region,
        draft=Draft(title="Surat warga", body="Surat dari warga tentang saluran air.", channel="letter"),
        received_at=datetime(2026, 4, 30, 7, tzinfo=UTC),
        now=wib(4, 9),
    )
    assert Complaint.objects.get(pk=receipt.complaint.pk).next_due_at == wib(6, 16)


def test_without_a_limit_a_case_is_not_measured(people):
    SlaPolicy.objects.all().delete()
    complaint = make_complaint(Status.CLOSED)
    assert complaint.due_at is None
    assert set(complaint.clocks.values_list("outcome", flat=True)) == {Outcome.NOT_MEASURED}


def test_without_office_hours_filing_still_works(region, db):
    complaint = make_receipt(region).complaint
    assert complaint.due_at is None
    assert complaint.reference.startswith("BNG-2026-")


def test_the_leg_runs_by_the_agencys_own_week(people):
    six_days = AgencyFactory(region=people["agency"].region, working_week="six_day", joint_leave_observed=False)
    complaint = make_complaint(Status.VERIFIED)
    at_desk.forward_complaint(complaint_id=complaint.pk, agency=six_days, actor=people["verifier"], now=wib(7, 15, 50))
    # Fri 8, Sat 9, Mon 11, Tue 12, Wed 13.
    assert Complaint.objects.get(pk=complaint.pk).next_due_at == wib(13, 16)


@pytest.mark.parametrize(
    ("now", "expected", "words"),
    [
        (wib(4, 9), DueWords(Standing.OK, 3), "3"),
        (wib(5, 9), DueWords(Standing.SOON, 2), "2"),
        (wib(7, 9), DueWords(Standing.SOON, 0), ""),
        (wib(7, 16, 1), DueWords(Standing.LATE, 0), ""),
        (wib(9, 9), DueWords(Standing.LATE, 1), "1"),
        (wib(18, 9), DueWords(Standing.LATE, 5), "5"),
    ],
)
def test_days_left_are_said_in_working_days(now, expected, words, calendars, agency):
    found = due_words(calendar_for(agency), now, wib(7, 16))
    assert found == expected
    assert words in in_words(found)


def test_a_paused_a_finished_and_an_unmeasured_deadline_have_words_of_their_own(calendars, agency):
    calendar, due = calendar_for(agency), wib(7, 16)
    assert due_words(calendar, due, due, paused=True).standing is Standing.PAUSED
    assert due_words(calendar, due + timedelta(days=9), due, done=True).standing is Standing.DONE
    assert due_words(calendar, due, None).standing is Standing.NOT_MEASURED
