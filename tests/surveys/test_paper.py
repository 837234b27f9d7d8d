"""Paper forms: drafts until the batch is closed, typed twice by two people, each sheet one answer."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.permissions import Role
from surveys.answers import Fault, InvalidAnswers
from surveys.errors import BadPaperDay, BatchClosed, BatchUnfinished, EmptySheet, NotYourSheet, SheetTaken, WrongPlace
from surveys.models import PaperBatch, PaperSheet, Response
from surveys.services.paper import close_batch, open_batch, settle, type_again, type_sheet, undo_last
from surveys.services.versions import define, publish_version
from tests.factories import StaffFactory
from tests.surveys.factories import NOON, SurveyFactory, make_point, scores

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 3)
QUESTION = {"id": "a1", "code": "A", "type": "yes_no", "required": True, "label": {"id": "Antre?"}, "help": {"id": ""}}


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency, title="Survei perizinan", questions=[QUESTION])


@pytest.fixture
def point(survey, service):
    return make_point(survey, name="Loket 3", service=service)


@pytest.fixture
def colleague(agency):
    return StaffFactory(username="colleague", name="Kolega", grants=[(Role.LIAISON, agency)])


def a_batch(survey, actor, **given):
    given = {"answered_on": DAY, "expected": 20, "check_share": 0, "now": NOON} | given
    return open_batch(version=given.pop("version", survey.current_version), actor=actor, **given)


def typed(batch, actor, number=1, *, fields=None, **given):
    return type_sheet(batch=batch, number=number, fields=fields or scores(3), actor=actor, now=NOON, **given)


def test_no_answer_exists_before_the_batch_is_closed(survey, point, officer):
    batch = a_batch(survey, officer, point=point)
    for number in (1, 2, 3):
        typed(batch, officer, number)
    assert not Response.objects.exists()
    close_batch(batch=batch, actor=officer, now=NOON)
    assert Response.objects.count() == 3


def test_a_closed_sheet_is_a_paper_answer_of_its_day_place_and_printed_version(survey, point, service, officer):
    printed = survey.current_version
    publish_version(survey=survey, definition=define(instrument_version=survey.instrument_version), now=NOON)
    batch = a_batch(survey, officer, point=point, version=printed)
    typed(batch, officer, fields=scores(2) | {"p_sex": ["female"], "comment": ["Antre lama"], "q_a1": ["no"]})
    close_batch(batch=batch, actor=officer, now=NOON)
    stored = Response.objects.get()
    assert (stored.channel, stored.period_on, stored.version) == ("paper", DAY, printed)
    assert (stored.service_point, stored.service, stored.sex) == (point, service, "female")
    assert (stored.comment, stored.answers, stored.seconds) == ("Antre lama", {"a1": "no"}, None)
    assert stored.is_complete
    assert not stored.is_flagged


def test_what_is_open_on_paper_stays_open_and_the_form_is_incomplete(survey, officer):
    batch = a_batch(survey, officer)
    typed(batch, officer, fields={"e_waktu": ["4"]})
    close_batch(batch=batch, actor=officer, now=NOON)
    stored = Response.objects.get()
    assert not stored.is_complete
    assert [stored.score(slot) for slot in range(1, 10)].count(None) == 8


def test_closing_twice_stores_once_and_keeps_nothing_that_was_typed(survey, officer, colleague):
    batch = a_batch(survey, officer, check_share=100)
    typed(batch, officer, fields=scores(3) | {"comment": ["Bu Siti ramah"]})
    type_again(batch=batch, number=1, fields=scores(3) | {"comment": ["Bu Siti ramah"]}, actor=colleague, now=NOON)
    close_batch(batch=batch, actor=officer, now=NOON)
    closed = close_batch(batch=batch, actor=colleague, now=NOON)
    assert Response.objects.count() == 1
    assert closed.closed_by == officer
    sheet = PaperSheet.objects.get()
    assert (sheet.first, sheet.second, sheet.settled) == ({}, {}, {})
    assert "Siti" not in str(closed.agreement)


def test_a_survey_that_closed_meanwhile_still_gets_what_was_answered_on_paper(survey, officer):
    batch = a_batch(survey, officer)
    typed(batch, officer)
    type(survey).objects.update(is_open=False)
    close_batch(batch=batch, actor=officer, now=NOON)
    assert Response.objects.count() == 1


def test_the_same_sheet_posted_twice_is_one_sheet(survey, officer):
    batch = a_batch(survey, officer)
    assert typed(batch, officer).pk == typed(batch, officer).pk


def test_another_sheet_under_a_used_number_gets_the_next_one(survey, officer, colleague):
    batch = a_batch(survey, officer)
    typed(batch, officer)
    for person, value in ((officer, 2), (colleague, 3)):
        with pytest.raises(SheetTaken) as caught:
            typed(batch, person, fields=scores(value))
        assert caught.value.free == 2


def test_the_database_holds_a_number_once(survey, officer):
    batch = a_batch(survey, officer)
    typed(batch, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.sheets.create(number=1, first_at=NOON)


def test_the_last_own_sheet_can_be_taken_back_and_corrected(survey, officer, colleague):
    batch = a_batch(survey, officer)
    typed(batch, officer, 1)
    typed(batch, colleague, 2)
    typed(batch, officer, 1, fields=scores(4), is_correction=True)
    assert batch.sheets.get(number=1).first["e_waktu"] == ["4"]
    with pytest.raises(NotYourSheet):
        typed(batch, officer, 2, fields=scores(1), is_correction=True)
    assert undo_last(batch=batch, actor=officer) == 1
    assert undo_last(batch=batch, actor=officer) is None


@pytest.mark.portable
def test_an_impossible_answer_is_not_even_a_draft(survey, officer):
    batch = a_batch(survey, officer)
    with pytest.raises(InvalidAnswers) as caught:
        typed(batch, officer, fields=scores(3, waktu=7))
    assert caught.value.faults == {"e_waktu": Fault.OFF_SCALE}
    with pytest.raises(EmptySheet):
        typed(batch, officer, fields={"comment": ["  "]})
    assert not batch.sheets.exists()


@pytest.mark.portable
@pytest.mark.parametrize(("days", "message"), [(1, "future"), (-2000, "before_print"), (-100, "too_old")])
def test_a_day_that_cannot_be_is_refused(survey, officer, days, message):
    with pytest.raises(BadPaperDay, match=message):
        a_batch(survey, officer, answered_on=NOON.date() + timedelta(days=days))


def test_today_is_the_day_in_the_region(survey, officer):
    late = datetime(2024, 5, 6, 18, tzinfo=UTC)  # already the 7th in Bangkalan
    assert a_batch(survey, officer, answered_on=date(2024, 5, 7), now=late).pk


def test_point_and_service_of_others_are_refused(survey, officer, other_agency):
    elsewhere = make_point(SurveyFactory(agency=other_agency))
    with pytest.raises(WrongPlace):
        a_batch(survey, officer, point=elsewhere)


def test_nobody_types_a_sheet_twice_alone(survey, officer, colleague):
    batch = a_batch(survey, officer, check_share=100)
    typed(batch, officer)
    with pytest.raises(NotYourSheet):
        type_again(batch=batch, number=1, fields=scores(3), actor=officer, now=NOON)
    type_again(batch=batch, number=1, fields=scores(3), actor=colleague, now=NOON)
    # Whoever has seen the difference cannot make it vanish.
    with pytest.raises(NotYourSheet):
        type_again(batch=batch, number=1, fields=scores(4), actor=colleague, now=NOON)
    with pytest.raises(NotYourSheet):
        typed(batch, officer, fields=scores(4), is_correction=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.sheets.update(second_by=officer)


def test_a_difference_has_to_be_settled_by_somebody_before_closing(survey, officer, colleague):
    batch = a_batch(survey, officer, check_share=100)
    typed(batch, officer, fields=scores(3))
    with pytest.raises(BatchUnfinished):
        close_batch(batch=batch, actor=officer, now=NOON)
    type_again(batch=batch, number=1, fields=scores(3, waktu=1), actor=colleague, now=NOON)
    with pytest.raises(BatchUnfinished):
        close_batch(batch=batch, actor=officer, now=NOON)
    with pytest.raises(InvalidAnswers):
        settle(batch=batch, number=1, fields={"e_waktu": ["9"]}, actor=colleague, now=NOON)
    # Only what differed is open to a decision.
    settle(batch=batch, number=1, fields={"e_waktu": ["1"], "e_biaya": ["1"]}, actor=colleague, now=NOON)
    closed = close_batch(batch=batch, actor=officer, now=NOON)
    stored = Response.objects.get()
    given = {row["code"]: stored.score(row["slot"]) for row in survey.current_version.definition["elements"]}
    assert (given["waktu"], given["biaya"]) == (1, 3)
    assert PaperSheet.objects.get().settled_by == colleague
    assert (closed.agreement["checked"], closed.agreement["differing"]) == (1, 1)
    # Nine scores, the yes or no question and four profile fields; one differs.
    assert closed.agreement["all"][:3] == [14, 13, "92.9"]


def test_a_share_of_the_sheets_is_enough(survey, officer, colleague):
    batch = a_batch(survey, officer, check_share=10)
    for number in range(1, 12):
        typed(batch, officer, number)
    for number in (4, 9):  # rounded up, and any two will do
        type_again(batch=batch, number=number, fields=scores(3), actor=colleague, now=NOON)
    assert close_batch(batch=batch, actor=officer, now=NOON).is_closed


def test_a_closed_batch_takes_nothing_more(survey, officer):
    batch = a_batch(survey, officer)
    typed(batch, officer)
    close_batch(batch=batch, actor=officer, now=NOON)
    for act in (lambda: typed(batch, officer, 2), lambda: undo_last(batch=batch, actor=officer)):
        with pytest.raises(BatchClosed):
            act()


# --- The screens ------------------------------------------------------------------------------


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def url(name, *args):
    return reverse(f"paper_batches:{name}", args=args)


def form(number, fields, **more):
    return {"number": number} | {name: values[0] for name, values in fields.items()} | more


@pytest.mark.portable
def test_a_liaison_officer_opens_a_batch_types_and_closes(client, survey, point, officer, at_noon):
    client.force_login(officer)
    given = {"version": survey.current_version_id, "point": point.pk, "answered_on": "2024-05-03", "expected": 2}
    opened = client.post(url("add"), given | {"check_share": 0})
    batch = PaperBatch.objects.get()
    assert opened["Location"] == url("entry", batch.pk)
    html = client.get(url("entry", batch.pk)).content.decode()
    assert 'name="e_waktu"' in html
    assert "1 Tidak cepat · 2 Kurang cepat · 3 Cepat · 4 Sangat cepat" in html
    for number in (1, 2):
        saved = client.post(url("entry", batch.pk), form(number, scores(4)))
        assert saved["Location"] == url("entry", batch.pk)
    client.post(url("close", batch.pk))
    assert list(Response.objects.values_list("channel", "service_point")) == [("paper", point.pk)] * 2
    assert client.get(url("entry", batch.pk))["Location"] == url("batch", batch.pk)


@pytest.mark.portable
def test_a_faulty_sheet_comes_back_as_typed(client, survey, officer, at_noon):
    batch = a_batch(survey, officer)
    client.force_login(officer)
    answer = client.post(url("entry", batch.pk), form(1, scores(3, waktu=7)))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in html
    assert 'name="e_biaya" value="3"' in html


@pytest.mark.portable
def test_a_day_that_cannot_be_is_told_beside_its_field(client, survey, officer, at_noon):
    client.force_login(officer)
    given = {"version": survey.current_version_id, "answered_on": "2024-05-07", "expected": 2, "check_share": 0}
    answer = client.post(url("add"), given)
    assert answer.status_code == 200
    assert "answered_on" in answer.context["form"].errors
    assert not PaperBatch.objects.exists()


@pytest.mark.portable
def test_the_second_entry_shows_nothing_of_the_first(client, survey, officer, colleague, at_noon):
    batch = a_batch(survey, officer, check_share=100)
    typed(batch, officer, fields=scores(3) | {"comment": ["Rahasia meja"]})
    client.force_login(colleague)
    html = client.get(url("check", batch.pk)).content.decode()
    assert "Rahasia meja" not in html
    assert 'name="e_waktu" value=""' in html
    client.post(url("check", batch.pk), form(1, scores(2)))
    assert "Rahasia meja" in client.get(url("settle", batch.pk, 1)).content.decode()
    client.post(url("settle", batch.pk, 1), {f"e_{code}": "2" for code in ("waktu", "biaya")})
    assert batch.sheets.get().settled_by == colleague


@pytest.mark.portable
def test_one_looks_at_own_sheets_only_while_typing(client, survey, officer, colleague, at_noon):
    batch = a_batch(survey, officer)
    typed(batch, officer)
    client.force_login(colleague)
    assert client.get(url("entry", batch.pk) + "?sheet=1").status_code == 404
    client.force_login(officer)
    assert 'name="correct" value="1"' in client.get(url("entry", batch.pk) + "?sheet=1").content.decode()


SCREENS = ["batch", "entry", "check", "undo", "close"]


@pytest.mark.portable
@pytest.mark.parametrize("name", SCREENS)
def test_a_batch_of_another_agency_is_not_found(client, survey, officer, other_officer, name):
    batch = a_batch(survey, officer)
    typed(batch, officer)
    client.force_login(other_officer)
    assert client.get(url(name, batch.pk)).status_code in {404, 405}
    assert client.post(url(name, batch.pk), form(2, scores(4))).status_code in {404, 405}
    assert batch.sheets.count() == 1
    assert str(batch) not in client.get(url("index")).content.decode().split("<table")[-1]


@pytest.mark.portable
def test_an_auditor_reads_a_batch_and_types_nothing(client, survey, officer, auditor):
    batch = a_batch(survey, officer)
    client.force_login(auditor)
    assert client.get(url("batch", batch.pk)).status_code == 200
    for name in SCREENS[1:]:
        assert client.post(url(name, batch.pk), form(1, scores(4))).status_code in {302, 403}
    assert not batch.sheets.exists()


@pytest.mark.portable
def test_nobody_opens_a_batch_for_another_agencys_survey(client, survey, other_officer, at_noon):
    client.force_login(other_officer)
    given = {"version": survey.current_version_id, "answered_on": "2024-05-03", "expected": 2, "check_share": 0}
    assert client.post(url("add"), given).status_code == 200
    assert not PaperBatch.objects.exists()
