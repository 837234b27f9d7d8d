"""Samples of real agencies: progress from the tallies, who is missing, who has nothing."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.periods import period_from_key
from surveys.models import Response, SurveyTarget
from surveys.reliability import Verdict
from surveys.selectors.freezing import frozen_content
from surveys.selectors.index import Subject
from surveys.selectors.results import ResultSubject
from surveys.selectors.statistics import statistics_for
from surveys.selectors.targets import agencies_without_answers, agencies_without_target, progress_of, targets_at_risk
from surveys.targets import Pace
from tests.factories import AgencyFactory, ServiceFactory
from tests.surveys.factories import SurveyFactory, answer

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
NOW = datetime(2024, 5, 20, 3, tzinfo=UTC)
TODAY = date(2024, 5, 20)
QUARTER = period_from_key("2024Q2")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency)


def target(agency, population, period="2024Q2", **parts):
    return SurveyTarget.objects.create(agency=agency, period=period, population=population, **parts)


def test_the_days_follow_from_the_period(agency):
    found = target(agency, 1000)
    assert (found.start, found.end, found.sample) == (date(2024, 4, 1), date(2024, 7, 1), 278)


def test_progress_counts_complete_forms_of_the_agency_its_units_and_its_services(survey, agency, service):
    below = AgencyFactory(parent=agency)
    for _ in range(3):
        answer(survey, 3)
        answer(survey, 3, service=service)
        answer(SurveyFactory(agency=below), 3)
    answer(survey, 3, at=datetime(2024, 7, 1, 3, tzinfo=UTC))
    rows = progress_of([target(agency, 10), target(agency, 10, service=service), target(agency, 10, "2024")], TODAY)
    assert [row.progress.reached for row in rows] == [9, 3, 10]
    assert [row.progress.pace for row in rows] == [Pace.ON_COURSE, Pace.AT_RISK, Pace.REACHED]
    assert [row.progress.missing for row in rows] == [1, 7, 0]


def test_progress_of_many_targets_costs_few_queries(region, django_assert_max_num_queries):
    rows = []
    for _ in range(5):
        agency = AgencyFactory(region=region)
        rows += [target(agency, 50), target(agency, 50, service=ServiceFactory(agency=agency))]
    with django_assert_max_num_queries(4):
        progress_of(SurveyTarget.objects.select_related("agency", "service"), TODAY)


def test_targets_at_risk_are_those_behind_in_a_running_period(survey, agency, other_agency):
    target(agency, 10_000)
    target(other_agency, 100)
    target(other_agency, 100, "2024Q1")
    found = targets_at_risk(agency.region, TODAY)
    assert [(row.target.agency, row.progress.missing) for row in found] == [(agency, 370), (other_agency, 80)]


def test_agencies_without_answers_and_without_a_target_are_named(survey, agency, other_agency):
    answer(survey, 3)
    target(agency, 100)
    assert agencies_without_answers(agency.region, QUARTER, TODAY) == [other_agency]
    assert agencies_without_target(agency.region, QUARTER, TODAY) == [other_agency]


def test_a_unit_has_one_target_per_period_and_serves_somebody(agency, other_agency, service):
    target(agency, 10)
    target(agency, 10, service=service)
    for again in ({}, {"service": service}):
        with pytest.raises(IntegrityError), transaction.atomic():
            target(agency, 20, **again)
    with pytest.raises(IntegrityError), transaction.atomic():
        target(other_agency, 0)
    with pytest.raises(ValidationError):
        SurveyTarget(agency=other_agency, service=service, period="2024Q2", population=5).full_clean()


def test_the_liaison_officer_types_the_number_of_users(client, officer, agency, other_agency, survey):
    client.force_login(officer)
    given = {"agency": agency.pk, "service": "", "period": "2024Q2", "population": "500"}
    assert client.post("/admin/survey-targets/new/", given).status_code == 302
    listed = client.get("/admin/survey-targets/").content.decode()
    # Krejcie and Morgan: 500 users, 217 answers.
    assert "217" in listed
    assert client.post("/admin/survey-targets/new/", given | {"agency": other_agency.pk}).status_code == 200
    assert SurveyTarget.objects.get().population == 500


def test_another_agencys_officer_neither_sees_nor_changes_a_target(client, other_officer, agency):
    found = target(agency, 500)
    client.force_login(other_officer)
    assert "500" not in client.get("/admin/survey-targets/").content.decode()
    for action in ("edit", "delete", "inspect"):
        assert client.get(f"/admin/survey-targets/{action}/{found.pk}/").status_code == 404


def test_statistics_of_a_subject_come_from_the_tallies(survey, agency, django_assert_num_queries):
    for value in (1, 2, 3, 4) * 8:
        answer(survey, value, waktu=5 - value)
    with django_assert_num_queries(2):
        found = statistics_for(Subject(agency=agency), QUARTER.start, QUARTER.end)
    assert found.n == 32
    # Nine equal variances v; eight elements rise, one falls, so the total 8x - x has 49 v: 9/8 · (1 - 9/49).
    assert found.reliability.alpha == Fraction(45, 49)
    assert found.validity["waktu"].verdict is Verdict.WEAK
    assert found.validity["biaya"].verdict is Verdict.GOOD
    assert found.interval is None


def test_verified_visits_have_an_interval_corrected_for_the_number_of_users(survey, agency):
    for value in (3, 4) * 5:
        answer(survey, value)
    Response.objects.update(is_verified=True)
    answer(survey, 1)
    found = statistics_for(Subject(agency=agency), QUARTER.start, QUARTER.end, population=19)
    # Indexes 75 and 100 five times each; t of nine degrees 2.262; 9 of 18 are left to be asked.
    reach = 2.262157 * (10 * 12.5**2 / 9 / 10 * 9 / 18) ** 0.5
    assert (found.n, found.verified) == (11, 10)
    assert (round(found.interval.low, 2), round(found.interval.high, 2)) == (
        round(87.5 - reach, 2),
        round(87.5 + reach, 2),
    )
    content = frozen_content(ResultSubject.of(agency), QUARTER)
    # One open answer: neither its number nor, by subtraction, its index is told.
    assert [(row["key"], row["n"], row["index"]) for row in content["visits"]] == [
        ("open", None, None),
        ("verified", None, None),
    ]
    # Nor by the interval, whose middle is the verified index.
    assert content["statistics"]["interval"] is None
    Response.objects.update(is_verified=True)
    assert frozen_content(ResultSubject.of(agency), QUARTER)["statistics"]["interval"]["n"] == 11


def test_who_is_missing_is_listed_within_the_own_area_with_a_link_that_fills_the_form(
    client, officer, regional_admin, agency, other_agency, survey
):
    target(agency, 100, "2024Q1")
    client.force_login(officer)
    page = client.get("/admin/survey-targets/missing/?period=2024Q2").context
    assert [(row.agency, row.before) for row, _url in page["without_target"]] == [(agency, 100)]
    assert [row for row, _url in page["without_answers"]] == [agency]
    (url,) = [url for _row, url in page["without_target"]]
    form = client.get(url).context["form"]
    assert (form["agency"].value(), form["period"].value()) == (str(agency.pk), "2024Q2")
    client.force_login(regional_admin)
    page = client.get("/admin/survey-targets/missing/?period=bukan").context
    assert {row.agency for row, _url in page["without_target"]} == {agency, other_agency}
