"""Words between the reporter of a split case and one of its agencies; the reporter has one conversation."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.models import Notification
from tests.workflows.factories import kept_file
from tests.workflows.screens import post_move, url
from tests.workflows.splitting import (
    LATER,
    NOT_OURS,
    accept,
    again,
    answer,
    make_split,
    parts_of,
    report_split,
    running,
)
from workflows.actors import ReporterGrant
from workflows.models import Attachment, Leg, Message
from workflows.selectors.complaints import broken_event, pauses_of, timeline_of
from workflows.selectors.parts import open_questions, report_behind, with_answers
from workflows.services import desk, parts
from workflows.services.conversation import answer_to_question, send_message
from workflows.services.erasure import erase_reporter
from workflows.services.part_words import reply_to_parts
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.services.sweeps import sweep_cases
from workflows.states import Reason, Status

pytestmark = pytest.mark.django_db
QUESTION = "Di sisi mana lubangnya, dekat tiang berapa?"
REPLY = "Sisi timur, di depan tiang nomor tujuh."


def ask(part, officer, at=LATER, question=QUESTION):
    return desk.request_info(complaint_id=part.pk, actor=officer, question=question, now=at)


def reply(case, at=LATER, words=REPLY, **details):
    return reply_to_parts(complaint_id=case.pk, actor=ReporterGrant(case.pk), words=words, now=at, **details)


def told(case):
    """What the reporter reads: who says it, and the words."""
    events = with_answers(again(case), timeline_of(again(case), public_only=True))
    rows = [(event.agency, getattr(event, "answer", event).messages.all()) for event in events]
    return [(agency, message.body) for agency, words in rows for message in words]


def test_an_agency_asks_for_its_part_and_the_answer_reaches_nobody_else(split, people, lamps, lamp_officer):
    road, lamp = parts_of(split)
    ask(road, people["officer"])
    whole = again(split)
    assert (whole.status, again(road).status, again(lamp).status) == ("needs_info", "needs_info", "forwarded")
    assert whole.is_split
    assert whole.next_due_at is None
    letter = Notification.objects.get(template="complaint_question")
    assert letter.about == f"complaint:{split.pk}"
    reply(split, LATER + timedelta(hours=1), to=road.pk)
    assert (again(split).status, again(road).status) == (Status.IN_PROGRESS, Status.FORWARDED)
    assert told(split)[-2:] == [(people["agency"], QUESTION), (people["agency"], REPLY)]
    assert set(Message.objects.values_list("complaint", flat=True).filter(body__in=[QUESTION, REPLY])) == {road.pk}
    assert report_behind(again(lamp)).words == []
    answer(road, people["officer"], LATER + timedelta(hours=2))
    answer(lamp, lamp_officer, LATER + timedelta(hours=2))
    assert again(split).status == Status.FOLLOWED_UP
    assert all(broken_event(again(case)) is None for case in (split, road, lamp))


def test_two_questions_stop_the_citizens_clock_once_and_each_agencys_as_long_as_it_asked(split, people, lamp_officer):
    road, lamp = parts_of(split)
    due = {case.pk: again(case).due_at or again(case).next_due_at for case in (split, road, lamp)}
    ask(road, people["officer"], LATER)
    ask(lamp, lamp_officer, LATER + timedelta(days=1))
    reply(split, LATER + timedelta(days=2), to=road.pk)
    assert again(split).status == Status.NEEDS_INFO
    reply(split, LATER + timedelta(days=3), to=lamp.pk)
    paused = [(one.start, one.end) for one in pauses_of(again(split), LATER + timedelta(days=9))]
    assert paused == [(LATER, LATER + timedelta(days=3))]
    assert again(split).due_at > due[split.pk]
    for part, asked in ((road, LATER), (lamp, LATER + timedelta(days=1))):
        assert again(part).next_due_at > due[part.pk]
        assert [one.start for one in pauses_of(again(part), LATER + timedelta(days=9))] == [asked]
    assert open_questions(again(split)) == []


def test_who_asks_nothing_gets_no_answer_and_an_unaddressed_one_reaches_all_who_asked(split, people, lamp_officer):
    road, lamp = parts_of(split)
    with pytest.raises(MoveNotAllowed):
        reply(split)
    ask(road, people["officer"])
    with pytest.raises(ValidationError):
        reply(split, to=lamp.pk)
    with pytest.raises(PermissionDenied):
        reply_to_parts(complaint_id=split.pk, actor=ReporterGrant(road.pk), words=REPLY, now=LATER)
    ask(lamp, lamp_officer)
    with pytest.raises(ConcurrentUpdate):
        reply(split, version=again(split).version - 1)
    answer_to_question(again(split))(
        complaint_id=split.pk, actor=ReporterGrant(split.pk), words=REPLY, now=LATER + timedelta(hours=1)
    )
    assert {case.status for case in (again(road), again(lamp))} == {Status.FORWARDED}
    assert [body for _agency, body in told(split)].count(REPLY) == 1
    assert all([message.body for message in report_behind(again(part)).words] == [REPLY] for part in (road, lamp))


def test_silence_gives_the_part_back_to_the_desk_and_the_whole_goes_on(split, people):
    road, _lamp = parts_of(split)
    ask(road, people["officer"])
    late = again(road).next_due_at + timedelta(minutes=1)
    assert sweep_cases(late) == 1
    road, whole = again(road), again(split)
    assert (road.status, road.current_agency, road.next_due_at) == (Status.VERIFIED, None, whole.due_at)
    assert (whole.status, running(whole)) == (Status.IN_PROGRESS, {"respond", "total"})
    assert Leg.objects.get(complaint=road).return_reason == Reason.NO_ANSWER
    desk.forward_complaint(complaint_id=road.pk, agency=people["agency"], actor=people["verifier"], now=late)
    answer(road, people["officer"], late)
    assert broken_event(again(split)) is None


def test_a_part_or_a_split_that_waits_for_the_reporter_is_taken_back(split, people, lamp_officer):
    road, lamp = parts_of(split)
    ask(road, people["officer"])
    answer(lamp, lamp_officer)
    parts.merge_back(complaint_id=road.pk, actor=people["verifier"], words="Sudah jelas dari foto.", now=LATER)
    assert (again(split).status, again(road).asked_from) == (Status.FOLLOWED_UP, "")
    other = make_split(people, lamp.current_agency)
    ask(parts_of(other)[0], people["officer"])
    parts.unsplit_complaint(complaint_id=other.pk, actor=people["verifier"], words=NOT_OURS, now=LATER)
    assert (again(other).status, again(other).is_split, again(other).is_paused) == (Status.VERIFIED, False, False)
    assert all(broken_event(again(case)) is None for case in (split, road, other))


def test_an_agency_writes_to_the_reporter_and_its_notes_stay_its_own(split, people, lamp_officer):
    road, lamp = parts_of(split)
    accept(road, people["officer"])
    send_message(complaint_id=road.pk, actor=people["officer"], words="Kami datang hari Senin.", now=LATER)
    send_message(complaint_id=road.pk, actor=people["officer"], words="Aspal habis.", is_public=False, now=LATER)
    assert told(split)[-1] == (people["agency"], "Kami datang hari Senin.")
    assert running(split) == {"total"}
    assert report_behind(again(lamp)).words == []
    assert "Aspal" not in str([body for _agency, body in told(split)])
    with pytest.raises(PermissionDenied):
        send_message(complaint_id=road.pk, actor=people["verifier"], words=NOT_OURS, now=LATER)
    with pytest.raises(PermissionDenied):
        send_message(complaint_id=road.pk, actor=lamp_officer, words=NOT_OURS, now=LATER)


def test_what_the_reporter_said_to_one_agency_is_erased_with_the_case(people, lamps):
    case = make_split(people, lamps)
    road, _lamp = parts_of(case)
    ask(road, people["officer"])
    reply(case, to=road.pk, words="Saya tinggal di sebelahnya.", files=[kept_file()])
    assert Attachment.objects.get().complaint_id == road.pk
    report = erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="Diminta oleh pelapor.", now=LATER)
    assert report.is_clean
    assert not Message.objects.filter(complaint=road, author_kind="reporter").exclude(body="").exists()
    assert not Attachment.objects.exists()


def test_the_reporter_answers_two_agencies_on_one_page(client, region, people, lamps, lamp_officer, website):
    receipt, case = report_split(region, people, lamps)
    road, lamp = parts_of(case)
    client.force_login(lamp_officer)
    assert post_move(client, lamp, "request_info", question="Lampu yang mana?").status_code == 302
    ask(road, people["officer"])
    client.logout()
    client.post("/aduan/lacak/", {"reference": case.reference, "code": receipt.code})
    page = client.get("/aduan/lacak/kasus/")
    assert {question.complaint_id for question in page.context["questions"]} == {road.pk, lamp.pk}
    sent = {"action": "reply_part", "words": REPLY, "version": again(case).version}
    assert client.post("/aduan/lacak/kasus/", sent).status_code == 409
    assert client.post("/aduan/lacak/kasus/", {**sent, "to": lamp.pk}).status_code == 302
    assert (again(lamp).status, again(road).status) == (Status.FORWARDED, Status.NEEDS_INFO)
    page = client.get("/aduan/lacak/kasus/").content.decode()
    assert f'name="to" value="{road.pk}"' in page
    client.force_login(people["officer"])
    assert REPLY not in client.get(url("case", road)).content.decode()
    client.force_login(people["verifier"])
    assert REPLY in client.get(url("case", case)).content.decode()
