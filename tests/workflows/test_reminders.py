"""The ladder of reminders: in office hours, once, one letter a person and day, also after three days of silence."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.delivery import letter_of
from core.letters import Words, editable_of
from core.models import Notification
from core.services.messages import word_letter
from tests.workflows.factories import WORDS, make_complaint, make_receipt
from workflows.actors import ReporterGrant
from workflows.models import Arbiter, ClockCycle, Complaint, EscalationRule, Reminder
from workflows.pauses import crowded_days
from workflows.selectors.complaints import pauses_of
from workflows.selectors.ladder import Ladder
from workflows.services import agency as office
from workflows.services import clocks, conversation, desk, rebasing
from workflows.services.extensions import extend_deadline
from workflows.services.patterns import report_pauses
from workflows.services.policies import load_escalation_rules, supersede_policy
from workflows.services.rebasing import rebase_cases, rebase_preview
from workflows.services.reminders import record_missed, remind
from workflows.services.verification import verify_deadlines
from workflows.states import Outcome, Status

pytestmark = pytest.mark.django_db


def wib(day, hour, minute=0, month=5):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture
def ladder(people):
    load_escalation_rules()
    return people


def rules(*rows):
    """A ladder of its own: clock, moment, number, to."""
    EscalationRule.objects.all().delete()
    return [EscalationRule.objects.create(clock=c, moment=m, number=n, to=to) for c, m, n, to in rows]


def digests(**filters):
    return Notification.objects.filter(template="deadline_digest", **filters)


def references(digest):
    return [line["reference"] for line in digest.context["lines"]]


# Filed Monday 4 May 08:00, forwarded 10:00: the agency's five days end on Monday 11 May at 16:00.


def test_reminders_go_out_at_opening_time_once_and_climb(ladder):
    case = make_complaint(Status.FORWARDED)
    office_rules = ("on_day", 3, "officer"), ("on_day", 5, "head"), ("after", 1, "desk")
    rules(*(("leg", *rule) for rule in office_rules))
    assert remind(wib(7, 7, 29)) == 0
    assert remind(wib(7, 7, 31)) == 1
    assert remind(wib(7, 9)) == remind(wib(8, 9)) == 0
    assert remind(wib(11, 8)) == 1
    assert remind(wib(12, 8)) == 1
    told = [(row.rule.to, row.user.username, row.due_at) for row in Reminder.objects.all()]
    assert told == [
        ("officer", "officer", wib(7, 7, 30)),
        ("head", "agency_head", wib(11, 7, 30)),
        ("desk", "verifier", wib(12, 7, 30)),
    ]
    assert [references(digest) for digest in digests()] == [[case.reference]] * 3


def test_after_three_days_of_silence_each_reminder_goes_out_once_and_none_for_an_ended_case(ladder):
    rules(("leg", "on_day", 1, "officer"), ("leg", "on_day", 2, "officer"), ("leg", "on_day", 2, "head"))
    open_case, ended = make_complaint(Status.IN_PROGRESS), make_complaint(Status.IN_PROGRESS)
    assert remind(wib(4, 15)) == 0
    office.follow_up(
        complaint_id=ended.pk, actor=ladder["officer"], answer=WORDS, no_evidence_reason=WORDS, now=wib(7, 9)
    )
    # The worker starts again on Thursday night; nothing goes out before Friday's opening.
    assert remind(wib(7, 22)) == 0
    assert remind(wib(8, 8)) == 2
    assert remind(wib(8, 8, 5)) == remind(wib(11, 8)) == 0
    assert all(references(digest) == [open_case.reference] * digest.context["number"] for digest in digests())
    sent = Reminder.objects.filter(status="sent")
    assert sent.count() == 3
    assert list(sent.values_list("due_at", flat=True)) == [wib(5, 7, 30), wib(6, 7, 30), wib(6, 7, 30)]
    assert all(row.is_late for row in sent)
    assert record_missed(wib(8, 9)) == 3
    assert record_missed(wib(8, 9)) == 0
    missed = Reminder.objects.filter(status="missed")
    assert {row.clock.complaint_id for row in missed} == {ended.pk}


def test_one_person_gets_one_letter_a_day_for_all_cases(ladder):
    cases = [make_complaint(Status.FORWARDED) for _number in range(3)]
    rules(("leg", "on_day", 1, "officer"))
    assert remind(wib(5, 8)) == 1
    late = make_complaint(Status.FORWARDED, now=wib(4, 9))
    assert remind(wib(5, 10)) == 0
    assert sorted(references(digests().get())) == sorted(case.reference for case in cases)
    assert remind(wib(6, 8)) == 1
    assert references(digests().order_by("pk").last()) == [late.reference]


def test_the_digest_speaks_in_the_words_of_the_region_whose_cases_it_lists(ladder):
    case, letter = make_complaint(Status.FORWARDED), editable_of("deadline_digest")
    words = Words("Tenggat {day}", "Bapak/Ibu, {number} kasus:\n{list}")
    word_letter(letter=letter, region=case.region, language="id", words=words, author=ladder["admin"], now=wib(4, 12))
    rules(("leg", "on_day", 1, "officer"))
    remind(wib(5, 8))
    sent = letter_of(digests().get())
    assert (sent.subject, sent.body.splitlines()[0]) == ("Tenggat 5 Mei 2026", "Bapak/Ibu, 1 kasus:")
    (line,) = [line for line in sent.body.splitlines() if case.reference in line]
    assert "11 Mei 2026 16.00" in line


def test_what_comes_due_after_the_days_letter_waits_for_the_next_opening_not_for_midnight(ladder):
    rules(("leg", "on_day", 4, "officer"))
    told, asked = make_complaint(Status.IN_PROGRESS), make_complaint(Status.IN_PROGRESS)
    question = {"actor": ladder["officer"], "question": WORDS, "now": wib(4, 13)}
    desk.request_info(complaint_id=asked.pk, **question)
    assert remind(wib(8, 7, 35)) == 1
    grant = ReporterGrant(asked.pk)
    conversation.reply_info(complaint_id=asked.pk, actor=grant, words="Di Kamal.", now=wib(4, 14))
    # Friday, Saturday just after midnight, Monday before and after opening.
    assert [remind(at) for at in (wib(8, 10), wib(9, 0, 5), wib(11, 7), wib(11, 7, 35))] == [0, 0, 0, 1]
    assert [references(row) for row in digests().order_by("pk")] == [[told.reference], [asked.reference]]


def test_nobody_is_reminded_while_the_reporter_is_asked_and_a_rule_without_a_person_is_recorded(ladder):
    make_complaint(Status.NEEDS_INFO)
    make_complaint(Status.FORWARDED)
    rules(("verify", "on_day", 1, "desk"), ("leg", "on_day", 1, "admin"), ("leg", "on_day", 1, "head"))
    ladder["head"].role_assignments.all().delete()
    assert remind(wib(5, 8)) == 1
    assert {(row.rule.to, row.status) for row in Reminder.objects.all()} == {("admin", "sent"), ("head", "nobody")}


def test_a_region_with_rules_of_its_own_follows_only_those(ladder):
    make_complaint(Status.FORWARDED)
    rules(("leg", "on_day", 1, "officer"))
    EscalationRule.objects.create(
        region=ladder["agency"].region, clock="leg", moment="on_day", number=1, to="address", address="bupati@contoh.id"
    )
    assert remind(wib(5, 8)) == 1
    assert digests().get().recipient == "bupati@contoh.id"


def test_the_shipped_ladder_warns_at_80_percent_and_two_days_before(ladder):
    make_complaint(Status.FORWARDED)
    assert load_escalation_rules() == 0
    for day in (5, 6, 7, 8, 11, 12, 13, 18, 19, 20, 21, 22, 25, 26):
        remind(wib(day, 8))
    total = Reminder.objects.filter(clock__kind="total", user__username="officer")
    # Fourteen days end on 26 May: 80 % is day 11 (21 May), two days before is 22 May.
    assert list(total.values_list("rule__moment", "due_at")) == [
        ("percent", wib(21, 7, 30)),
        ("before", wib(22, 7, 30)),
    ]
    assert Reminder.objects.values("clock", "rule", "user").distinct().count() == Reminder.objects.count()


def test_the_nightly_check_finds_a_date_that_somebody_changed(ladder):
    case = make_complaint(Status.FORWARDED)
    assert verify_deadlines(wib(5, 2)).differences == 0
    ClockCycle.objects.filter(complaint=case, kind="leg").update(counted_due_at=wib(20, 16))
    ClockCycle.objects.filter(complaint=case, kind="total").update(due_at=wib(29, 16))
    check = verify_deadlines(wib(6, 2))
    assert {each["clock"] for each in check.examples} == {"leg", "total", "list"}
    assert Notification.objects.filter(template="deadline_alarm", recipient=ladder["admin"].email).count() == 1


def test_the_second_return_starts_the_arbiters_day(ladder):
    case = make_complaint(Status.FORWARDED)
    for day in (5, 6):
        office.return_to_coordinator(
            complaint_id=case.pk, actor=ladder["officer"], reason="not_ours", explanation=WORDS, now=wib(day, 9)
        )
        if day == 5:
            desk.forward_complaint(
                complaint_id=case.pk, agency=ladder["agency"], actor=ladder["verifier"], now=wib(5, 10)
            )
    assert Complaint.objects.get(pk=case.pk).next_due_at == wib(7, 16)
    desk.forward_complaint(complaint_id=case.pk, agency=ladder["agency"], actor=ladder["admin"], now=wib(8, 9))
    assert ClockCycle.objects.get(complaint=case, kind="arbiter").outcome == Outcome.MISSED


@pytest.mark.parametrize("is_named", [True, False])
def test_the_arbiters_clock_reminds_the_named_arbiter_and_the_administrator_once_late(ladder, is_named):
    if is_named:
        Arbiter.objects.create(region=ladder["agency"].region, user=ladder["verifier"])
    case = make_complaint(Status.VERIFIED)
    case.clocks.filter(kind="verify").update(kind="arbiter")
    told = {rule.moment: people_of(rule, case) for rule in EscalationRule.objects.filter(clock="arbiter")}
    first = [ladder["verifier"] if is_named else ladder["admin"]]
    assert told == {"on_day": first, "after": list(dict.fromkeys([*first, ladder["admin"]]))}


def people_of(rule, case):
    return [who.user for who in Ladder().recipients(rule, case.clocks.get(kind="arbiter"))]


# --- Extension and re-base -------------------------------------------------------------------------------------


def extend(case, actor, now, days=10):
    return extend_deadline(
        complaint_id=case.pk, actor=actor, days=days, reason="Menunggu alat berat.", appeal_contact="0811-1234", now=now
    )


def test_an_extension_is_a_promise_with_a_letter_and_only_one(people):
    case = make_complaint(Status.IN_PROGRESS)
    with pytest.raises(PermissionDenied):
        extend(case, people["officer"], wib(20, 9))
    extended = extend(case, people["head"], wib(20, 9))
    assert extended.due_at == wib(12, 16, 30, month=6)
    event = extended.events.last()
    letter = event.messages.get()
    assert (event.action, event.is_public, event.actor) == ("extended", True, people["head"])
    assert "Menunggu alat berat." in letter.body
    assert "0811-1234" in letter.body
    with pytest.raises(ValidationError) as refused:
        extend(case, people["admin"], wib(21, 9))
    assert refused.value.code == "twice"


def test_an_extension_after_the_deadline_does_not_undo_the_breach(people):
    case = make_complaint(Status.IN_PROGRESS)
    assert extend(case, people["head"], wib(29, 9)).due_at == wib(12, 16, 30, month=6)
    office.follow_up(
        complaint_id=case.pk, actor=people["officer"], answer=WORDS, no_evidence_reason=WORDS, now=wib(2, 9, month=6)
    )
    assert ClockCycle.objects.get(complaint=case, kind="total").outcome == Outcome.MISSED


def test_a_rebase_is_previewed_and_names_the_cases_born_overdue(people):
    case = make_complaint()
    newer = supersede_policy(policy=case.policy, valid_from=wib(11, 8).date(), number=10)
    with pytest.raises(PermissionDenied):
        rebase_preview(policy=newer, actor=people["verifier"], now=wib(11, 9))
    early, late = (rebase_preview(policy=newer, actor=people["admin"], now=now)[0] for now in (wib(11, 9), wib(21, 9)))
    assert (early.after, early.is_born_overdue, late.is_born_overdue) == (wib(20, 16), False, True)
    assert Complaint.objects.get(pk=case.pk).due_at == wib(26, 16)
    assert rebase_cases(policy=newer, actor=people["admin"], reason="Perbup baru 2026", now=wib(11, 9)) == 1
    moved = Complaint.objects.get(pk=case.pk)
    assert (moved.due_at, moved.policy, moved.events.last().action) == (wib(20, 16), newer, "rebased")
    assert rebase_cases(policy=newer, actor=people["admin"], reason="Perbup baru 2026", now=wib(11, 9)) == 0
    assert verify_deadlines(wib(12, 2)).differences == 0


def test_a_rebase_that_is_stopped_keeps_what_is_done_and_goes_on(people, monkeypatch):
    cases = [make_complaint() for _number in range(3)]
    newer = supersede_policy(policy=cases[0].policy, valid_from=wib(11, 8).date(), number=10)
    monkeypatch.setattr(rebasing, "BATCH", 1)
    run = partial(rebase_cases, policy=newer, actor=people["admin"], reason="Perbup baru 2026", now=wib(11, 9))
    count, asked = clocks.rebase, []

    def stopped(complaint, *rest):
        asked.append(complaint.pk)
        if len(asked) == 2:
            raise KeyboardInterrupt
        count(complaint, *rest)

    monkeypatch.setattr(clocks, "rebase", stopped)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert list(Complaint.objects.filter(policy=newer).values_list("pk", flat=True)) == [min(case.pk for case in cases)]
    assert run() == 2
    assert all(case.events.filter(action="rebased").count() == 1 for case in cases)


def test_many_short_pauses_on_one_day_are_shown_to_the_supervisor(people):
    case = make_receipt(people["agency"].region).complaint
    for minute in range(0, 50, 5):
        desk.request_info(
            complaint_id=case.pk, actor=people["verifier"], question="Di desa mana?", now=wib(5, 10, minute)
        )
        conversation.reply_info(
            complaint_id=case.pk, actor=ReporterGrant(case.pk), words="Di Kamal.", now=wib(5, 10, minute + 1)
        )
    paused = Complaint.objects.get(pk=case.pk)
    assert paused.due_at == wib(26, 16)
    assert crowded_days(pauses_of(paused, wib(6, 9)), paused.region.zone) == [wib(5, 9).date()]
    assert report_pauses(wib(6, 1)) == report_pauses(wib(6, 1)) == 1
    assert Notification.objects.filter(template="pause_pattern").count() == 1
