"""One answer, stored exactly once, under the questionnaire it was shown."""

import threading
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from core.models import Region
from surveys.answers import Fault, InvalidAnswers
from surveys.errors import SurveyClosed, WrongPlace
from surveys.models import Response, ResponseConflict, Survey
from surveys.selectors.forms import version_for
from surveys.services.responses import submit_response
from surveys.services.versions import define, publish_version
from tests.factories import ServiceFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point, scores

pytestmark = pytest.mark.django_db


def submit(survey, **changes):
    parts = {
        "version": changes.pop("version", None) or version_for(survey.slug, survey.current_version_id),
        "point": None,
        "answers": scores(),
        "key": uuid4(),
        "channel": "link",
        "language": "id",
        "now": NOON,
    }
    return submit_response(**(parts | changes))


def test_an_answer_is_stored_with_where_and_how_it_was_given():
    service = ServiceFactory()
    survey = SurveyFactory(agency=service.agency)
    point = make_point(survey, service=service)
    fields = scores(3, sarana=1) | {"comment": ["Parkir sempit"], "p_sex": ["female"]}
    stored = Response.objects.get(pk=submit(survey, point=point, answers=fields, channel="qr").pk)
    assert (stored.score_8, stored.score_9, stored.score_10) == (1, 3, None)
    assert (stored.comment, stored.sex, stored.age_band, stored.channel) == ("Parkir sempit", "female", "", "qr")
    assert (stored.service_point, stored.service, stored.agency) == (point, service, service.agency)
    assert (stored.region, stored.survey, stored.version) == (service.agency.region, survey, survey.current_version)
    assert stored.instrument_version.code == "skm-2017"
    assert (stored.is_complete, stored.is_late, stored.submitted_at) == (True, False, NOON)
    assert len(stored.receipt) == 32


def test_submitting_is_one_statement(django_assert_num_queries):
    survey = SurveyFactory()
    version = version_for(survey.slug, survey.current_version_id)
    with django_assert_num_queries(1):
        submit(survey, version=version)


def test_the_day_is_the_regions_not_the_servers():
    survey = SurveyFactory()
    late_evening = datetime(2024, 12, 31, 17, 30, tzinfo=UTC)  # 00:30 of the new year in Jakarta
    assert submit(survey, now=late_evening).period_on == date(2025, 1, 1)
    Region.objects.update(time_zone="Asia/Jayapura")
    assert submit(survey, now=datetime(2024, 12, 31, 15, 30, tzinfo=UTC)).period_on == date(2025, 1, 1)


def test_the_same_key_again_is_the_first_answer(django_assert_num_queries):
    survey, key = SurveyFactory(), uuid4()
    first = submit(survey, key=key)
    version = version_for(survey.slug, survey.current_version_id)
    with django_assert_num_queries(2):
        again = submit(survey, key=key, version=version)
    assert (again.pk, again.receipt) == (first.pk, first.receipt)
    assert Response.objects.count() == 1


def test_the_same_key_with_other_content_keeps_the_first():
    survey, key = SurveyFactory(), uuid4()
    submit(survey, key=key, answers=scores(4))
    again = submit(survey, key=key, answers=scores(1) | {"comment": ["Ganti"]})
    assert again.score_1 == 4
    assert Response.objects.get().score_1 == 4


def test_other_content_under_the_same_key_is_kept_once_to_be_looked_at():
    survey, key = SurveyFactory(), uuid4()
    first = submit(survey, key=key, answers=scores(4))
    for value in (1, 1, 4, 2):
        submit(survey, key=key, answers=scores(value))
    conflicts = ResponseConflict.objects.all()
    assert [row.content["scores"]["waktu"] for row in conflicts] == [1, 2]
    assert {row.response for row in conflicts} == {first}


def test_a_replay_inside_a_callers_transaction_breaks_nothing():
    survey, key = SurveyFactory(), uuid4()
    with transaction.atomic():
        submit(survey, key=key)
        submit(survey, key=key)
        submit(survey)
    assert Response.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_posts_of_one_form_at_once_are_one_answer():
    survey, key = SurveyFactory(), uuid4()
    version = version_for(survey.slug, survey.current_version_id)
    gate, receipts, errors = threading.Barrier(6), [], []

    def post(value):
        try:
            gate.wait(10)
            receipts.append(submit(survey, version=version, key=key, answers=scores(value)).receipt)
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is reported by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(value % 4 + 1,)) for value in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert Response.objects.count() == 1
    assert set(receipts) == {Response.objects.get().receipt}


def test_a_faulty_form_stores_nothing():
    with pytest.raises(InvalidAnswers) as caught:
        submit(SurveyFactory(), answers=scores(3, waktu=5))
    assert caught.value.faults == {"e_waktu": Fault.OFF_SCALE}
    assert not Response.objects.exists()


def test_a_closed_survey_takes_no_answer():
    survey = SurveyFactory()
    Survey.objects.update(is_open=False)
    with pytest.raises(SurveyClosed):
        submit(survey)


def test_a_form_opened_before_a_new_version_is_stored_under_its_own_and_marked_late():
    survey = SurveyFactory()
    shown = survey.current_version
    definition = define(instrument_version=survey.instrument_version, comment=None)
    publish_version(survey=survey, definition=definition, now=NOON)
    stored = submit(survey, version=version_for(survey.slug, shown.pk), answers=scores() | {"comment": ["masih ada"]})
    assert (stored.version, stored.is_late, stored.comment) == (shown, True, "masih ada")


def test_a_point_of_another_survey_is_refused():
    with pytest.raises(WrongPlace):
        submit(SurveyFactory(), point=make_point(SurveyFactory()))


def test_a_service_of_another_agency_is_refused():
    with pytest.raises(WrongPlace):
        submit(SurveyFactory(), service=ServiceFactory())


def test_the_point_knows_the_service_better_than_the_form():
    first = ServiceFactory()
    second = ServiceFactory(agency=first.agency)
    survey = SurveyFactory(agency=first.agency)
    assert submit(survey, point=make_point(survey, service=first), service=second).service == first
    assert submit(survey, service=second).service == second


def test_an_interrupted_interview_is_kept_as_incomplete():
    fields = scores()
    del fields["e_biaya"]
    stored = submit(SurveyFactory(), answers=fields, partial=True, channel="assisted")
    assert (stored.is_complete, stored.score_4) == (False, None)
    assert list(Response.objects.countable()) == []


@pytest.mark.parametrize("changes", [{"score_1": 11}, {"score_14": 0}, {"channel": "fax"}])
def test_the_database_refuses_what_no_form_may_hold(changes):
    answer(SurveyFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.update(**changes)


def test_the_circumstances_of_an_answer_are_kept():
    stored = submit(SurveyFactory(), seconds=90, is_verified=True, flags=["trap"])
    stored = Response.objects.get(pk=stored.pk)
    assert (stored.seconds, stored.is_verified, stored.flags, stored.is_flagged) == (90, True, "straight trap", True)
    assert (stored.captured_at, stored.clock_offset) == (None, None)


def test_an_answer_kept_on_a_device_counts_for_the_local_day_it_was_given():
    # 23:30 on Sunday in Bangkalan, sent on Monday by a device whose clock is ten minutes ahead.
    captured = datetime(2024, 5, 5, 16, 30, tzinfo=UTC)
    stored = Response.objects.get(pk=submit(SurveyFactory(), captured_at=captured, clock_offset=600).pk)
    assert (stored.period_on, stored.captured_at, stored.clock_offset) == (date(2024, 5, 5), captured, 600)
    assert stored.submitted_at == NOON
