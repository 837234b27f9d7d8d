"""Publishing results: frozen once, corrected openly, by those who may."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from core.models import Service
from core.periods import period_from_key
from surveys.models import PublishedIndex, SurveyTarget
from surveys.selectors.freezing import content_hash, frozen_content
from surveys.selectors.results import ResultSubject, publishable_by
from surveys.services.results import Refusal, ResultRefused, correct_result, draft_result, publish_result
from tests.cms.factories import make_site
from tests.factories import AgencyFactory
from tests.surveys.factories import SurveyFactory, answer

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 7, 10, 3, tzinfo=UTC)
QUARTER = period_from_key("2024Q2")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency)


def fill(survey, n=10, value=3, **changes):
    for _ in range(n):
        answer(survey, value, **changes)


def publish(unit, actor, period=QUARTER, **how):
    return publish_result(subject=ResultSubject.of(unit), period=period, actor=actor, now=NOW, **how)


def correct(unit, actor, reason="Formulir kertas terlambat masuk.", **how):
    return correct_result(subject=ResultSubject.of(unit), period=QUARTER, reason=reason, actor=actor, now=NOW, **how)


def refusal(call, *args, **kwargs):
    with pytest.raises(ResultRefused) as found:
        call(*args, **kwargs)
    return found.value.refusal


# --- Freezing ------------------------------------------------------------------------------


def test_the_frozen_figure_is_the_worked_example(survey, agency, agency_head):
    """skm.md §5: three forms, repeated four times so that there are enough; 25 · 91 / 27 = 84.259…"""
    for _ in range(4):
        answer(survey, 3, biaya=4, pengaduan=4)
        answer(survey, 4)
        answer(survey, 3, persyaratan=2, biaya=4, sarana=2)
    found = publish(agency, agency_head)
    assert (found.index, found.grade, found.n, found.revision) == (Decimal("84.26"), "B", 12, 1)
    totals = {row["code"]: row["total"] for row in found.content["elements"]}
    # Questionnaire order of the example: 9 10 10 12 10 10 10 9 11, four times.
    assert totals == {
        "persyaratan": 36, "prosedur": 40, "waktu": 40, "biaya": 48, "produk": 40,
        "kompetensi": 40, "perilaku": 40, "sarana": 36, "pengaduan": 44,
    }  # fmt: skip
    assert found.content["figure"]["index_exact"] == "2275/27"
    assert found.content["method"]["weight"] == "exact"
    assert found.content["period"] == {"kind": "quarter", "key": "2024Q2", "from": "2024-04-01", "to": "2024-06-30"}


def test_the_hash_is_that_of_the_content_as_the_database_gives_it_back(survey, agency, agency_head):
    fill(survey)
    found = PublishedIndex.objects.get(pk=publish(agency, agency_head).pk)
    assert content_hash(found.content) == found.content_hash
    assert re.fullmatch("[0-9a-f]{64}", found.content_hash)


def test_small_numbers_never_enter_the_frozen_content(survey, agency, agency_head):
    fill(survey, 30)
    fill(survey, 3, 1, channel="paper")
    fill(survey, 20, channel="qr")
    content = publish(agency, agency_head).content
    rows = {row["key"]: (row["n"], row["index"]) for row in content["channels"]}
    # The three on paper take the smallest other channel with them, or 53 - 30 - 20 would tell.
    assert rows == {"paper": (None, None), "qr": (None, None), "link": (30, "75.00")}
    assert {row["key"]: row["n"] for row in content["visits"]} == {"open": 53}


def test_the_number_of_users_makes_the_sample(survey, agency, agency_head):
    SurveyTarget.objects.create(agency=agency, period="2024Q2", population=100)
    fill(survey)
    content = publish(agency, agency_head).content
    assert content["sample"] == {"population": 100, "needed": 80, "reached": 10}


def test_open_answers_carry_no_margin_of_error(survey, agency):
    fill(survey, 9, 3)
    fill(survey, 9, 4)
    assert frozen_content(ResultSubject.of(agency), QUARTER)["statistics"]["interval"] is None


def test_a_service_and_a_region_have_results_of_their_own(survey, agency, service, region, regional_admin):
    fill(survey, 10, 4, service=service)
    fill(survey, 10, 2)
    other = SurveyFactory(agency=AgencyFactory(region=region))
    fill(other, 10, 1)
    assert publish(service, regional_admin).index == 100
    # (75 + 25) / 2: the mean of two agencies.
    assert publish(region, regional_admin).index == Decimal("50.00")
    assert publish(agency, regional_admin).index == Decimal("75.00")


# --- What is refused ------------------------------------------------------------------------


def test_a_running_period_is_not_published(survey, agency, agency_head):
    fill(survey)
    assert refusal(publish, agency, agency_head, period_from_key("2024")) is Refusal.NOT_OVER


def test_the_last_day_belongs_to_the_period_in_the_regions_own_zone(survey, agency, agency_head):
    fill(survey)
    # 00:30 on 1 July in Bangkalan is still 30 June in Greenwich.
    with time_machine.travel(NOW, tick=False):
        early = datetime(2024, 6, 30, 16, 30, tzinfo=UTC)
        assert draft_result(subject=ResultSubject.of(agency), period=QUARTER, now=early).refusal is Refusal.NOT_OVER
        late = datetime(2024, 6, 30, 17, 30, tzinfo=UTC)
        assert draft_result(subject=ResultSubject.of(agency), period=QUARTER, now=late).refusal is None


def test_nine_answers_are_not_enough(survey, agency, agency_head):
    fill(survey, 9)
    assert refusal(publish, agency, agency_head) is Refusal.NOT_ENOUGH


def test_a_result_is_published_once(survey, agency, agency_head):
    fill(survey)
    publish(agency, agency_head)
    assert refusal(publish, agency, agency_head) is Refusal.NOTHING_CHANGED
    fill(survey, 1, 1)
    assert refusal(publish, agency, agency_head) is Refusal.PUBLISHED


def test_answers_that_arrive_after_the_preview_stop_the_publication(survey, agency, agency_head):
    fill(survey)
    seen = draft_result(subject=ResultSubject.of(agency), period=QUARTER, now=NOW).content_hash
    fill(survey, 1)
    assert refusal(publish, agency, agency_head, expected_hash=seen) is Refusal.CHANGED_MEANWHILE


@pytest.mark.parametrize("person", ["officer", "editor", "other_officer", "verifier", "auditor"])
def test_only_the_head_and_the_administrator_publish(person, survey, agency, request):
    fill(survey)
    with pytest.raises(PermissionDenied):
        publish(agency, request.getfixturevalue(person))
    assert not PublishedIndex.objects.exists()


def test_the_head_of_one_agency_publishes_neither_another_nor_the_region(survey, agency, other_agency, agency_head):
    fill(SurveyFactory(agency=other_agency))
    for unit in (other_agency, agency.region):
        with pytest.raises(PermissionDenied):
            publish(unit, agency_head)
    own = {subject.key for subject in publishable_by(agency_head)}
    assert own == {f"agency:{agency.pk}"}


# --- Correcting -----------------------------------------------------------------------------


def test_a_correction_is_a_new_revision_and_the_old_one_stays(survey, agency, agency_head):
    fill(survey)
    first = publish(agency, agency_head)
    fill(survey, 10, 1)
    second = correct(agency, agency_head)
    assert (second.revision, second.index, second.reason) == (2, 50, "Formulir kertas terlambat masuk.")
    first = PublishedIndex.objects.get(pk=first.pk)
    assert (first.revision, first.index) == (1, 75)
    assert list(PublishedIndex.objects.valid()) == [second]


def test_a_correction_needs_a_reason_a_difference_and_something_published(survey, agency, agency_head):
    fill(survey)
    assert refusal(correct, agency, agency_head) is Refusal.NOT_PUBLISHED
    publish(agency, agency_head)
    assert refusal(correct, agency, agency_head) is Refusal.NOTHING_CHANGED
    fill(survey, 1, 1)
    assert refusal(correct, agency, agency_head, reason="  ") is Refusal.NO_REASON


def test_the_database_refuses_to_change_or_delete_a_published_result(survey, agency, agency_head):
    fill(survey)
    found = publish(agency, agency_head)
    rows = PublishedIndex.objects.filter(pk=found.pk)
    for tamper in (lambda: rows.update(index=99), lambda: rows.update(reason="x"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            tamper()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_publishedindex")
    assert PublishedIndex.objects.get().index == 75


def test_no_edit_afterwards_reaches_a_published_figure(survey, agency, service, agency_head):
    """Names, answers, elements and the survey itself change; the closed period does not."""
    fill(survey, service=service)
    before = PublishedIndex.objects.filter(pk=publish(agency, agency_head).pk).values().get()
    fill(survey, 20, 1)
    agency.name = agency.short_name = "Nama Baru"
    agency.save()
    Service.objects.filter(pk=service.pk).update(name="Layanan Lain", active_until=date(2024, 7, 1))
    survey.is_open = False
    survey.save()
    with pytest.raises(ProtectedError):
        agency.delete()
    assert PublishedIndex.objects.filter(pk=before["id"]).values().get() == before


def test_reading_a_result_never_needs_a_query_per_answer(survey, agency, django_assert_max_num_queries):
    make_site(agency.region)
    fill(survey, 12)
    with django_assert_max_num_queries(20):
        frozen_content(ResultSubject.of(agency), QUARTER)
