"""Alerts: the right people, once per subject and period, and nobody alarmed by chance."""

from datetime import UTC, date, datetime

import pytest

from core.delivery import letter_of
from core.models import Notification
from core.permissions import Role
from surveys.models import SurveyTarget
from surveys.services.alerts import send_alerts
from tests.factories import RegionFactory, StaffFactory
from tests.surveys.factories import SurveyFactory, answer

pytestmark = pytest.mark.django_db

WINTER, SPRING = datetime(2024, 2, 5, 5, tzinfo=UTC), datetime(2024, 5, 6, 5, tzinfo=UTC)
MAY, JUNE = datetime(2024, 5, 20, 5, tzinfo=UTC), datetime(2024, 6, 3, 5, tzinfo=UTC)


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency)


def many(survey, count, value, at):
    for place in range(count):
        answer(survey, value, at=at, biaya=value - place % 2)


def told(template):
    return set(Notification.objects.filter(template=template).values_list("recipient", flat=True))


def test_a_fall_beyond_chance_is_told_to_the_agency_and_the_region_once(
    survey, agency_head, officer, regional_admin, other_officer
):
    many(survey, 20, 4, WINTER)
    many(survey, 20, 3, SPRING)
    send_alerts(MAY)
    send_alerts(MAY)
    assert told("index_dropped") == {agency_head.email, officer.email, regional_admin.email}
    assert Notification.objects.filter(template="index_dropped").count() == 3


def test_a_small_difference_or_a_rise_alarms_nobody(survey, agency_head):
    many(survey, 20, 3, WINTER)
    many(survey, 20, 4, SPRING)
    send_alerts(MAY)
    assert told("index_dropped") == set()


def test_nine_answers_are_too_few_for_an_alarm(survey, agency_head):
    many(survey, 20, 4, WINTER)
    many(survey, 9, 2, SPRING)
    send_alerts(MAY)
    assert told("index_dropped") == set()


def test_a_sample_at_risk_is_told_to_its_agency(survey, agency, agency_head, other_officer):
    many(survey, 10, 4, SPRING)
    SurveyTarget.objects.create(agency=agency, period="2024Q2", population=1000)
    send_alerts(MAY)
    send_alerts(MAY)
    assert told("sample_at_risk") == {agency_head.email}
    message = letter_of(Notification.objects.get(template="sample_at_risk"))
    assert "278" in message.body
    assert "2024Q2" in message.subject


def test_an_agency_that_asks_nobody_is_reminded_in_the_last_month_only(survey, agency_head, other_officer):
    many(survey, 1, 4, SPRING)
    send_alerts(MAY)
    assert told("survey_reminder") == set()
    send_alerts(JUNE)
    send_alerts(JUNE)
    assert told("survey_reminder") == {other_officer.email}
    assert Notification.objects.filter(template="survey_reminder").count() == 1


def test_without_people_of_its_own_an_agency_is_the_regions_to_remind(survey, regional_admin, region):
    elsewhere = RegionFactory(code="35.27", name="Sampang")
    StaffFactory(username="sampang", grants=[(Role.REGIONAL_ADMIN, elsewhere)])
    send_alerts(JUNE)
    assert told("survey_reminder") == {regional_admin.email}


@pytest.mark.parametrize("template", ["index_dropped", "sample_at_risk", "survey_reminder"])
def test_every_message_can_be_composed(template, agency):
    context = {"agency": "Dinas", "agency_id": agency.pk, "period": "2024Q2", "last_day": "30 Juni 2024",
               "points": "3,10", "unit": "Dinas", "needed": 278, "reached": 10}  # fmt: skip
    row = Notification(template=template, recipient="a@example.go.id", context=context, not_before=MAY)
    message = letter_of(row)
    assert "2024Q2" in message.subject
    assert f"/admin/ikm/opd/{agency.pk}/" in message.body
    assert date(2024, 6, 30).isoformat() not in message.body
