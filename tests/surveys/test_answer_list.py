"""The staff list of answers: by key, flat from first to last page, and never a full count."""

from datetime import timedelta
from itertools import chain

import pytest
from django.urls import reverse

from core.paging import Cursor, bounded_count, keyset_page, read_cursor
from surveys.models import Response, ResponseConflict
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point

pytestmark = pytest.mark.django_db
LIST = "survey_responses:index"


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency)


@pytest.fixture
def seven(survey):
    """Seven answers, two of them in the same moment; newest first."""
    minutes = (0, 1, 2, 2, 3, 4, 5)
    rows = [answer(survey, at=NOON + timedelta(minutes=n)) for n in minutes]
    return sorted(rows, key=lambda row: (row.submitted_at, row.pk), reverse=True)


def follow(given, at="submitted_at", size=3):
    return keyset_page(Response.objects.all(), given, at=at, size=size)


@pytest.mark.parametrize("at", ["submitted_at", ""])
def test_every_answer_is_met_once_forwards_and_backwards(seven, at):
    forwards, page = [], follow({}, at)
    while True:
        forwards.append([row.pk for row in page.rows])
        if not page.older:
            break
        page = follow({"after": page.older}, at)
    backwards, page = [], follow({"last": "1"}, at)
    while True:
        backwards.insert(0, [row.pk for row in page.rows])
        if not page.newer:
            break
        page = follow({"before": page.newer}, at)
    everything = [row.pk for row in seven]
    assert list(chain(*forwards)) == list(chain(*backwards)) == everything
    assert [len(page) for page in forwards] == [3, 3, 1]


@pytest.mark.parametrize("text", ["", "x", "1", "-1", "1-", "1-x", "9" * 50, "99999999999999999999999-1", "١-1"])
def test_a_made_up_cursor_opens_the_first_page(seven, text):
    assert read_cursor(text) is None
    assert [row.pk for row in follow({"after": text}).rows] == [row.pk for row in seven[:3]]


def test_a_cursor_comes_back_as_it_was():
    cursor = Cursor(NOON, 7)
    assert read_cursor(str(cursor)) == cursor


def test_the_count_stops_at_its_limit(seven):
    assert bounded_count(Response.objects.all(), 7) == (7, False)
    assert bounded_count(Response.objects.all(), 6) == (6, True)


def test_the_last_page_costs_as_many_statements_as_the_first(
    client, officer, survey, seven, django_assert_max_num_queries
):
    client.force_login(officer)
    url = f"{reverse(LIST)}?survey={survey.pk}"
    client.get(url)
    for address in (url, f"{url}&last=1"):
        with django_assert_max_num_queries(20):
            response = client.get(address)
        assert response.status_code == 200
        assert f"#{seven[0].pk}" in response.content.decode()


def test_the_list_narrows_by_point_day_channel_and_marks(client, officer, survey):
    point = make_point(survey)
    plain = answer(survey, 3, waktu=2)
    odd = answer(survey, 3, waktu=2, point=point, channel="kiosk", at=NOON + timedelta(days=2))
    Response.objects.filter(pk=odd.pk).update(is_flagged=True)
    ResponseConflict.objects.create(
        response=odd, payload_hash="x", content={"scores": {"waktu": 1}, "comment": "Lain"}, received_at=NOON
    )
    client.force_login(officer)
    for chosen in (
        f"service_point={point.pk}",
        "channel=kiosk",
        "is_flagged=true",
        "period_on_from=2024-05-07",
        "conflicts=true",
    ):
        html = client.get(f"{reverse(LIST)}?{chosen}").content.decode()
        assert (f"#{odd.pk}" in html, f"#{plain.pk}" in html) == (True, False), chosen
    html = client.get(reverse("survey_responses:inspect", args=[odd.pk])).content.decode()
    assert "Lain" in html


def test_another_agency_sees_no_answer_on_any_page(client, other_officer, survey, seven):
    client.force_login(other_officer)
    for given in ("", f"?survey={survey.pk}", "?last=1", f"?after={Cursor(NOON + timedelta(days=1), 10**6)}"):
        assert f"#{seven[0].pk}" not in client.get(reverse(LIST) + given).content.decode()
