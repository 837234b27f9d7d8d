"""The dashboard: whose it is, what it says below ten answers, and that it never reads every answer."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.periods import PeriodKind, period_from_key, period_of
from surveys.models import SurveyTarget
from surveys.reminders import is_reminder_day
from surveys.selectors.dashboard import dashboard_for
from surveys.selectors.forms import version_for
from surveys.selectors.trends import period_before
from surveys.services import tallies
from surveys.services.responses import submit_response
from surveys.targets import Pace
from surveys.trendtest import Change
from tests.cms.factories import make_site
from tests.factories import AgencyFactory, ServiceFactory, StaffFactory, UserFactory
from tests.surveys.factories import SurveyFactory, answer, make_point

NOW = datetime(2024, 5, 20, 5, tzinfo=UTC)
SPRING, WINTER = datetime(2024, 5, 6, 5, tzinfo=UTC), datetime(2024, 2, 5, 5, tzinfo=UTC)
Q2 = period_from_key("2024Q2")


@pytest.fixture
def survey(agency, service):
    return SurveyFactory(agency=agency)


@pytest.fixture
def point(survey, service):
    return make_point(survey, service=service, name="Loket 1")


def many(survey, count, value=4, *, at=SPRING, **kwargs):
    for place in range(count):
        # Not all alike: a test of two means needs some spread.
        answer(survey, value, at=at, biaya=value - place % 2, **kwargs)


def board(unit, now=NOW):
    return dashboard_for(unit=unit, period=Q2, now=now)


def page(client, unit, name, **query):
    return client.get(reverse(f"ikm:{name}", args=[unit.pk]), {"periode": "2024Q2", **query})


def text_of(response):
    return response.content.decode()


# --- Rules --------------------------------------------------------------------------------------


def day(text):
    return datetime.fromisoformat(text).date()


@pytest.mark.parametrize(
    ("on", "is_due"), [("2024-05-31", False), ("2024-06-01", True), ("2024-06-30", True), ("2024-07-01", False)]
)
def test_the_last_thirty_days_of_a_quarter_are_reminded_of(on, is_due):
    assert is_reminder_day(Q2, day(on)) is is_due


def test_the_period_before_the_first_quarter_is_the_last_of_the_year_before():
    assert period_before(period_of(day("2024-02-01"), PeriodKind.QUARTER)).key == "2023Q4"


# --- Figures ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_below_ten_answers_nobody_reads_an_index(client, agency_head, survey, agency):
    many(survey, 9)
    client.force_login(agency_head)
    context = page(client, agency, "agency").context
    assert context["head"] == {"is_enough": False, "n": 9}
    assert context["elements"] == []
    assert "index" not in context["services"][0]


@pytest.mark.django_db
def test_ten_answers_give_index_grade_elements_and_their_ways(client, agency_head, survey, agency, service, point):
    many(survey, 10, point=point, channel="qr")
    client.force_login(agency_head)
    context = page(client, agency, "agency").context
    # 9 elements of 4, but cost is 3 in every second form: (8*40 + 35) / 90 * 25
    assert (context["head"]["index"], context["head"]["band"].grade) == ("98,61", "A")
    assert [line["index"] for line in context["elements"] if line["number"] == 4] == ["87,50"]
    assert [row["name"] for row in context["services"]] == [service.name]
    assert context["services"][0]["url"] == reverse("ikm:service", args=[service.pk]) + "?periode=2024Q2"
    assert [row["name"] for row in context["places"]] == ["Loket 1"]
    assert {way["title"]: len(way["rows"]) for way in context["ways"]}.popitem()[1] == 1


@pytest.mark.django_db
def test_a_service_and_a_point_have_the_same_screen(client, agency_head, survey, service, point):
    many(survey, 10, point=point, channel="qr")
    client.force_login(agency_head)
    for unit, name in ((service, "service"), (point, "point")):
        assert page(client, unit, name).context["head"]["index"] == "98,61"


@pytest.mark.django_db
def test_a_fall_is_told_with_its_points_and_chance_is_called_chance(survey, agency):
    many(survey, 20, 4, at=WINTER)
    many(survey, 20, 3)
    assert board(agency).step.change is Change.FELL
    many(survey, 60, 4)
    assert board(agency).points[-1].figure.n == 80


@pytest.mark.django_db
def test_without_a_period_before_nothing_is_compared(survey, agency):
    many(survey, 12)
    assert board(agency).step.change is Change.TOO_FEW


@pytest.mark.django_db
def test_a_change_of_the_questionnaire_is_not_compared(agency, survey):
    many(survey, 12)
    old = SurveyFactory(agency=agency, instrument="skm-2014")
    for place in range(12):
        given = {
            f"e_{code}": [str(3 + place % 2)] for code in old.instrument_version.elements.values_list("code", flat=True)
        }
        submit(old, given)
    assert board(agency).step.change is Change.NOT_COMPARABLE


def submit(survey, given):
    """An answer to an instrument of other elements."""
    version = version_for(survey.slug, survey.current_version_id)
    submit_response(version=version, point=None, answers=given, key=uuid4(), channel="link", language="id", now=WINTER)


@pytest.mark.django_db
def test_the_target_shows_what_is_missing_and_whether_it_is_at_risk(survey, agency):
    many(survey, 10)
    SurveyTarget.objects.create(agency=agency, period="2024Q2", population=1000)
    row = board(agency).targets[0].progress
    assert (row.needed, row.reached, row.missing, row.pace) == (278, 10, 268, Pace.AT_RISK)


@pytest.mark.django_db
def test_the_region_lists_who_has_no_answers(client, regional_admin, region, survey, agency, other_agency):
    many(survey, 10)
    client.force_login(regional_admin)
    context = page(client, region, "region").context
    shown = {row["name"]: row["is_enough"] for row in context["agencies"]}
    assert shown == {agency.name: True, other_agency.name: False}
    assert context["without_answers"] == [other_agency.name]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_answers(region, survey, agency, other_agency, point):
    many(survey, 3, point=point, channel="qr")
    tallies.fold(now=NOW)
    few = _queries(lambda: (board(agency), board(region)))
    many(survey, 30, point=point, channel="qr")
    many(SurveyFactory(agency=other_agency), 30)
    tallies.fold(now=NOW)
    assert _queries(lambda: (board(agency), board(region))) <= few <= 50


def _queries(look):
    with CaptureQueriesContext(connection) as queries:
        look()
    return len(queries)


# --- Live ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@time_machine.travel(NOW, tick=False)
def test_an_unchanged_fragment_is_not_sent_again_and_a_new_answer_is(client, agency_head, survey, agency):
    many(survey, 10)
    client.force_login(agency_head)
    first = page(client, agency, "agency", fragment="1")
    assert "<html" not in text_of(first)
    again = client.get(first.wsgi_request.get_full_path(), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    answer(survey, 1, at=SPRING)
    changed = client.get(first.wsgi_request.get_full_path(), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "private" in changed["Cache-Control"]


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.portable
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["agency", "service", "point"])
def test_another_agencys_officer_finds_nothing(client, other_officer, agency, service, point, name):
    unit = {"agency": agency, "service": service, "point": point}[name]
    client.force_login(other_officer)
    assert page(client, unit, name).status_code == 404
    assert page(client, unit, name, fragment="1").status_code == 404


@pytest.mark.portable
@pytest.mark.django_db
def test_an_agencys_people_do_not_open_the_region(client, agency_head, region):
    client.force_login(agency_head)
    assert page(client, region, "region").status_code == 404


@pytest.mark.portable
@pytest.mark.django_db
def test_the_first_screen_is_the_persons_own(client, agency_head, auditor, agency, region):
    for person, address in (
        (agency_head, reverse("ikm:agency", args=[agency.pk])),
        (auditor, reverse("ikm:region", args=[region.pk])),
    ):
        client.force_login(person)
        assert client.get(reverse("ikm:home")).url == address


@pytest.mark.portable
@pytest.mark.django_db
def test_somebody_without_a_role_has_no_dashboard(client, region):
    client.force_login(StaffFactory())
    assert client.get(reverse("ikm:home")).status_code in (302, 403)
    assert page(client, region, "region").status_code in (302, 403)


@pytest.mark.portable
@pytest.mark.django_db
@pytest.mark.parametrize("period", ["x", "2099Q1", "9" * 400, "2024Q5"])
def test_an_unreadable_or_future_period_is_the_running_one(client, agency_head, agency, period):
    client.force_login(agency_head)
    assert page(client, agency, "agency", periode=period).status_code == 200


@pytest.mark.django_db
def test_units_below_an_agency_are_part_of_it(client, agency_head, agency):
    below = AgencyFactory(parent=agency, code="upt")
    ServiceFactory(agency=below)
    many(SurveyFactory(agency=below), 10)
    assert board(agency).figure.n == 10
    client.force_login(agency_head)
    assert page(client, below, "agency").context["head"]["is_enough"]


@pytest.mark.portable
@pytest.mark.django_db
def test_a_superuser_begins_with_a_region_that_has_a_site(client, region):
    make_site(region)
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(reverse("ikm:home")).url == reverse("ikm:region", args=[region.pk])
