"""A case split among agencies: one citizen's clock, a leg for each agency, one answer for the reporter."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_fsm import TransitionNotAllowed

from core.models import Notification
from core.periods import period_from_key
from tests.factories import AgencyFactory
from tests.workflows.factories import FILED_AT, WORDS, make_complaint
from tests.workflows.screens import listed, post_move, url
from tests.workflows.splitting import (
    LATER,
    NOT_OURS,
    WHY,
    accept,
    again,
    answer,
    give_back,
    parts_of,
    report_split,
    running,
)
from workflows.actors import SYSTEM, ReporterGrant
from workflows.models import Complaint, Leg, Message
from workflows.moves import EDGE
from workflows.selectors.bridge import exchanged
from workflows.selectors.complaints import broken_event, timeline_of
from workflows.selectors.indicators import indicators_of
from workflows.selectors.parts import answers_in_words, with_answers
from workflows.selectors.returns import return_pairs
from workflows.services import agency as office
from workflows.services import closing, desk, merging, parts
from workflows.services.dossier import dossier_facts
from workflows.services.erasure import erase_reporter
from workflows.services.identity import Identity
from workflows.services.parts import Task
from workflows.services.privacy import hide_more, name_conflict
from workflows.services.publicity import PublicText, publish_case
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.services.sweeps import sweep_cases
from workflows.services.taking_back import take_back
from workflows.states import Action, ClosedBy, Reason, Status

pytestmark = pytest.mark.django_db


def test_each_agency_gets_a_part_and_the_citizens_clock_runs_once(split, people, lamps):
    road, lamp = parts_of(split)
    assert (split.status, split.current_agency) == (Status.IN_PROGRESS, None)
    assert running(split) == {"respond", "total"}
    assert split.next_due_at == split.due_at
    for part, agency in ((road, people["agency"]), (lamp, lamps)):
        assert (part.status, part.current_agency, running(part)) == (Status.FORWARDED, agency, {"leg"})
        assert part.next_due_at == Leg.objects.get(complaint=part).due_at
        assert part.reference.startswith(f"{split.reference}-")
        assert broken_event(part) is None
    assert Notification.objects.filter(template="case_forwarded").count() == 2
    assert broken_event(split) is None


def test_the_case_is_followed_up_with_the_last_answer_and_the_reporter_hears_of_each(split, people, lamp_officer):
    road, lamp = parts_of(split)
    answer(road, people["officer"])
    whole = again(split)
    assert (whole.status, running(whole)) == (Status.IN_PROGRESS, {"total"})
    answer(lamp, lamp_officer, LATER + timedelta(hours=2))
    whole = again(split)
    assert (whole.status, running(whole)) == (Status.FOLLOWED_UP, {"confirm"})
    assert [event.action for event in whole.events.order_by("-sequence")[:3]] == [
        Action.PARTS_ANSWERED,
        Action.PART_ANSWERED,
        Action.PART_ANSWERED,
    ]
    proof = again(lamp).events.get(action=Action.FOLLOWED_UP).hash
    assert whole.events.filter(action=Action.PART_ANSWERED).last().data["answer"] == proof
    letters = Notification.objects.filter(about=f"complaint:{whole.pk}").order_by("pk")
    told = [letter.template for letter in letters][-2:]
    assert told == ["complaint_message", "complaint_answered"]
    assert all(broken_event(again(case)) is None for case in (split, road, lamp))


def test_answered_parts_end_as_their_case_does(split, people, lamp_officer):
    road, lamp = parts_of(split)
    answer(road, people["officer"])
    answer(lamp, lamp_officer)
    assert sweep_cases(LATER) == 0
    with pytest.raises(MoveNotAllowed):
        parts.end_part(complaint_id=road.pk, actor=SYSTEM, now=LATER)
    closing.confirm_solved(complaint_id=split.pk, actor=ReporterGrant(split.pk), now=LATER)
    assert sweep_cases(LATER) == 2
    assert {(part.status, part.closed_by) for part in parts_of(split)} == {(Status.CLOSED, ClosedBy.REPORTER)}
    assert sweep_cases(LATER) == 0


def test_a_part_is_returned_assigned_again_and_at_last_answered(split, people, lamps, lamp_officer):
    road, lamp = parts_of(split)
    give_back(lamp, lamp_officer)
    lamp = again(lamp)
    assert (lamp.status, lamp.next_due_at) == (Status.VERIFIED, again(split).due_at)
    answer(road, people["officer"])
    assert again(split).status == Status.IN_PROGRESS
    desk.forward_complaint(complaint_id=lamp.pk, agency=people["agency"], actor=people["verifier"], now=LATER)
    answer(lamp, people["officer"])
    assert again(split).status == Status.FOLLOWED_UP
    period = {"first": FILED_AT.date(), "last": LATER.date(), "zone": split.region.zone}
    (pair,) = return_pairs(people["verifier"], **period)
    assert (pair.returner, pair.taker, pair.not_ours) == (lamps, people["agency"], 1)


def test_a_part_taken_back_from_its_agency_waits_for_the_desk_and_goes_to_another(split, people, lamps):
    road, _lamp = parts_of(split)
    taken = take_back(complaint_id=road.pk, actor=people["verifier"], words=WHY, now=LATER)
    assert (taken.status, taken.return_count, taken.next_due_at) == (Status.VERIFIED, 0, again(split).due_at)
    assert (running(road), again(split).status) == (set(), Status.IN_PROGRESS)
    moved = desk.forward_complaint(complaint_id=road.pk, agency=lamps, actor=people["verifier"], now=LATER)
    assert (moved.status, running(road)) == (Status.FORWARDED, {"leg"})


def test_the_second_return_of_a_part_goes_to_the_arbiter_who_binds(split, people, lamps, lamp_officer):
    _road, lamp = parts_of(split)
    give_back(lamp, lamp_officer)
    desk.forward_complaint(complaint_id=lamp.pk, agency=people["agency"], actor=people["verifier"], now=LATER)
    give_back(lamp, people["officer"])
    assert running(lamp) == {"arbiter"}
    with pytest.raises(PermissionDenied):
        desk.forward_complaint(complaint_id=lamp.pk, agency=lamps, actor=people["verifier"], now=LATER)
    desk.forward_complaint(complaint_id=lamp.pk, agency=lamps, actor=people["admin"], now=LATER)
    with pytest.raises(PermissionDenied):
        give_back(lamp, lamp_officer)


def test_a_part_taken_back_leaves_the_others_to_answer_and_is_nobodys_return(split, people, lamps, lamp_officer):
    road, lamp = parts_of(split)
    answer(road, people["officer"])
    parts.merge_back(complaint_id=lamp.pk, actor=people["verifier"], words="Lampu sudah menyala lagi.", now=LATER)
    assert again(split).status == Status.FOLLOWED_UP
    lamp = again(lamp)
    assert (lamp.status, lamp.parent, running(lamp)) == (Status.DUPLICATE, again(split), set())
    period = {"first": FILED_AT.date(), "last": LATER.date(), "zone": split.region.zone}
    assert return_pairs(people["verifier"], **period) == []


def test_without_any_answer_the_case_is_with_the_desk_again(split, people):
    for part in parts_of(split):
        parts.merge_back(complaint_id=part.pk, actor=people["verifier"], words="Satu kantor saja cukup.", now=LATER)
    assert (again(split).status, running(split)) == (Status.VERIFIED, {"respond", "total"})


def test_a_split_taken_back_as_a_whole_can_be_made_again(split, people, lamps, lamp_officer):
    road, _lamp = parts_of(split)
    answer(road, people["officer"])
    stale = split.version
    with pytest.raises(ConcurrentUpdate):
        parts.unsplit_complaint(
            complaint_id=split.pk, actor=people["verifier"], words=NOT_OURS, version=stale, now=LATER
        )
    parts.unsplit_complaint(complaint_id=split.pk, actor=people["verifier"], words=NOT_OURS, now=LATER)
    assert again(split).status == Status.VERIFIED
    assert [part.status for part in parts_of(split)] == [Status.FOLLOWED_UP, Status.DUPLICATE]
    tasks = [Task(people["agency"], "Tambal sisa lubangnya."), Task(lamps, "Ganti tiang yang bengkok.")]
    parts.split_complaint(complaint_id=split.pk, tasks=tasks, actor=people["verifier"], now=LATER)
    assert [part.reference[-2:] for part in parts_of(split)] == ["-1", "-2", "-3", "-4"]
    assert sweep_cases(LATER) == 0
    assert broken_event(again(split)) is None


def test_not_solved_opens_the_whole_for_somebody_else(split, people, lamp_officer):
    road, lamp = parts_of(split)
    answer(road, people["officer"])
    answer(lamp, lamp_officer)
    closing.say_not_solved(
        complaint_id=split.pk, actor=ReporterGrant(split.pk), words="Lubangnya masih ada.", now=LATER
    )
    assert (again(split).status, running(split)) == (Status.IN_REVIEW, {"total"})
    sweep_cases(LATER)
    assert {part.status for part in parts_of(split)} == {Status.CLOSED}


def test_an_officer_sees_the_own_part_and_neither_the_other_nor_its_whole(split, people, lamp_officer):
    road, lamp = parts_of(split)
    assert set(Complaint.objects.visible_to(lamp_officer)) == {lamp}
    assert set(Complaint.objects.visible_to(people["officer"])) == {road}
    assert set(Complaint.objects.visible_to(people["verifier"])) == {split, road, lamp}
    with pytest.raises(PermissionDenied):
        accept(road, lamp_officer)


def test_what_no_part_and_no_waiting_whole_may_do(split, people, lamp_officer):
    _road, lamp = parts_of(split)
    with pytest.raises(MoveNotAllowed):
        desk.request_info(complaint_id=split.pk, actor=people["verifier"], question=NOT_OURS, now=LATER)
    with pytest.raises(MoveNotAllowed):
        desk.reject_complaint(
            complaint_id=lamp.pk, actor=people["verifier"], reason=Reason.TOO_GENERAL, explanation=NOT_OURS, now=LATER
        )
    with pytest.raises(MoveNotAllowed):
        office.hold_complaint(
            complaint_id=split.pk, actor=people["verifier"], reason=Reason.BUDGET, until=LATER.date(),
            explanation=NOT_OURS, now=LATER,
        )  # fmt: skip
    for name in {row.name for row in EDGE.values() if row.is_about_parts}:
        method = getattr(make_complaint(Status.IN_PROGRESS), name)
        with pytest.raises(TransitionNotAllowed):
            method(at=LATER)


@pytest.mark.parametrize("number", [0, 1, 5])
def test_a_split_needs_two_to_four_agencies(number, people, region):
    case = make_complaint(Status.VERIFIED)
    tasks = [Task(AgencyFactory(region=region), "Kerjakan bagian ini.") for _number in range(number)]
    with pytest.raises(ValidationError):
        parts.split_complaint(complaint_id=case.pk, tasks=tasks, actor=people["verifier"], now=LATER)
    assert again(case).version == case.version


def test_an_agency_gets_one_part_and_only_of_its_own_region(people, far_case):
    case, own = make_complaint(Status.VERIFIED), people["agency"]
    elsewhere = AgencyFactory(region=far_case.region)
    for agencies in ((own, own), (own, elsewhere)):
        tasks = [Task(agency, "Kerjakan bagian ini.") for agency in agencies]
        with pytest.raises(ValidationError):
            parts.split_complaint(complaint_id=case.pk, tasks=tasks, actor=people["verifier"], now=LATER)
    tasks = [Task(own, "Kerjakan bagian ini."), Task(AgencyFactory(region=case.region), "Dan bagian itu.")]
    with pytest.raises(PermissionDenied):
        parts.split_complaint(complaint_id=case.pk, tasks=tasks, actor=people["officer"], now=LATER)


# --- What others make of it ----------------------------------------------------------------


def test_each_agency_is_judged_by_its_own_leg_and_the_region_by_one_case(split, people, lamps, lamp_officer):
    road, lamp = parts_of(split)
    answer(road, people["officer"])
    answer(lamp, lamp_officer, LATER + timedelta(hours=2))
    report = indicators_of(split.region, period_from_key("2026"), public=True)
    assert (report.total.received, report.total.followed_up, report.total.unexplained) == (1, 1, 0)
    figures = {row.agency: (row.received, row.followed_up, row.minutes) for row in report.offices}
    assert figures == {people["agency"]: (1, 1, 0), lamps: (1, 1, 120)}


def test_parts_are_in_no_list_that_leaves_the_house(split, people):
    road, _lamp = parts_of(split)
    assert set(Complaint.objects.listed()) == {split}
    assert set(exchanged(split.region)) == {again(split)}
    with pytest.raises(MoveNotAllowed):
        publish_case(complaint_id=road.pk, actor=people["verifier"], text=PublicText("Jalan", "Isi"), now=LATER)
    other = make_complaint(Status.VERIFIED)
    with pytest.raises(ValidationError):
        merging.merge_complaint(complaint_id=other.pk, parent=road, actor=people["verifier"], now=LATER)


def test_the_export_holds_every_agencys_answer(split, people, lamps, lamp_officer):
    for part, officer in zip(parts_of(split), (people["officer"], lamp_officer), strict=True):
        answer(part, officer)
    assert answers_in_words(again(split)).split("\n\n") == [f"{a.name}:\n{WORDS}" for a in (people["agency"], lamps)]


def test_what_is_hidden_of_a_case_is_hidden_of_its_parts(split, people):
    hide_more(complaint_id=split.pk, actor=ReporterGrant(split.pk), name=True, content=True, now=LATER)
    assert {(part.is_anonymous, part.is_confidential) for part in parts_of(split)} == {(True, True)}
    with pytest.raises(MoveNotAllowed):
        hide_more(complaint_id=parts_of(split)[0].pk, actor=people["verifier"], name=True, now=LATER)


def test_whom_a_case_is_about_has_no_way_to_its_parts(split, people, lamps, lamp_officer):
    with pytest.raises(ValidationError):
        name_conflict(complaint_id=split.pk, actor=people["verifier"], agency=lamps, now=LATER)
    name_conflict(complaint_id=split.pk, actor=people["verifier"], user=lamp_officer, now=LATER)
    assert not Complaint.objects.visible_to(lamp_officer).exists()
    assert all(broken_event(part) is None for part in parts_of(split))


def test_erasing_a_reporter_reaches_tasks_and_answers(people, lamps, lamp_officer):
    case = make_complaint(Status.VERIFIED, identity=Identity("Sulastri", email="sulastri@example.org"))
    tasks = [Task(people["agency"], "Temui Sulastri di depan pasar."), Task(lamps, "Perbaiki lampu jalan di sana.")]
    parts.split_complaint(complaint_id=case.pk, tasks=tasks, actor=people["verifier"], now=LATER)
    road, _lamp = parts_of(case)
    accept(road, people["officer"])
    office.follow_up(
        complaint_id=road.pk, actor=people["officer"], answer="Sudah kami sampaikan kepada Sulastri.",
        no_evidence_reason=WHY, now=LATER,
    )  # fmt: skip
    report = erase_reporter(complaint_id=case.pk, actor=people["admin"], reason="Diminta oleh pelapor.", now=LATER)
    assert report.is_clean
    road = again(road)
    words = " ".join([road.title, road.body, *Message.objects.filter(complaint=road).values_list("body", flat=True)])
    assert "Sulastri" not in words
    assert broken_event(road) is None


def test_the_dossier_proves_the_answers_of_the_parts(split, people):
    road, _lamp = parts_of(split)
    answer(road, people["officer"])
    events = with_answers(again(split), timeline_of(again(split), public_only=True))
    facts = dossier_facts(again(split), events, LATER)
    told = next(event for event in facts["events"] if event["facts"]["action"] == Action.PART_ANSWERED)
    assert told["answer"]["hash"] == told["facts"]["data"]["answer"]
    assert [row["text"] for row in told["answer"]["words"]] == [WORDS]


# --- On the screen -------------------------------------------------------------------------


def test_the_desk_splits_on_the_case_page_and_keeps_what_was_typed(client, people, lamps, lamp_officer):
    case = make_complaint(Status.VERIFIED)
    client.force_login(people["verifier"])
    typed = {"agency_1": people["agency"].pk, "task_1": "Tambal lubang di depan pasar.", "agency_2": lamps.pk}
    refused = post_move(client, case, "split", **typed, task_2="", agency_3=lamps.pk, task_3="")
    assert refused.status_code == 422
    assert set(refused.context["tried_form"].errors) == {"task_2", "task_3"}
    assert post_move(client, case, "split", **typed, task_2="Perbaiki lampu jalan di sana.").status_code == 302
    page = client.get(url("case", case))
    assert [part.current_agency for part in page.context["parts"]] == [people["agency"], lamps]
    assert [move.key for move, _form in page.context["offered"]] == ["message", "note", "unsplit"]
    stale = post_move(client, case, "unsplit", version=1, words=NOT_OURS)
    assert stale.status_code == 409
    assert NOT_OURS in stale.content.decode()


def test_an_officer_answers_a_part_from_a_phone_with_two_taps(client, split, people, lamp_officer):
    road, lamp = parts_of(split)
    client.force_login(lamp_officer)
    assert listed(client, "turn") == {lamp.pk}
    page = client.get(url("case", lamp))
    assert [move.key for move in page.context["quick"]] == ["accept", "return_to_coordinator"]
    assert split.body in page.content.decode()
    assert road.body not in page.content.decode()
    post_move(client, lamp, "accept", assignee="")
    page = client.get(url("case", lamp))
    assert "follow_up" in [move.key for move in page.context["quick"]]
    post_move(client, lamp, "follow_up", answer=WORDS, no_evidence_reason=WHY)
    assert again(lamp).status == Status.FOLLOWED_UP
    for hidden in (url("case", split), url("case", road), reverse("privacy:case", args=[lamp.reference])):
        assert client.get(hidden).status_code == 404


def test_a_split_case_and_its_parts_fit_the_budget_of_a_case_page(client, split, people, lamp_officer):
    for case, officer in ((split, people["verifier"]), (parts_of(split)[1], lamp_officer)):
        client.force_login(officer)
        client.get(url("case", case))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("case", case))
        ours = [query["sql"] for query in queries if 'FROM "workflows_' in query["sql"]]
        assert len(ours) <= 12, "\n".join(sql[:120] for sql in ours)


def test_the_reporter_reads_one_case_with_the_answers_of_all(client, region, people, lamps, lamp_officer, website):
    receipt, case = report_split(region, people, lamps)
    road, _lamp = parts_of(case)
    answer(road, people["officer"])
    client.post("/aduan/lacak/", {"reference": case.reference, "code": receipt.code})
    page = client.get("/aduan/lacak/kasus/").content.decode()
    assert WORDS in page
    assert all(agency.name in page for agency in (people["agency"], lamps))
    assert road.body not in page
    assert client.post("/aduan/lacak/", {"reference": road.reference, "code": receipt.code}).status_code == 422
