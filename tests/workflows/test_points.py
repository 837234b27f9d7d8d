"""A complaint from the poster of a service point: verified code, known office, and what a wrong code shows."""

import pytest

from surveys.services.points import rotate_code
from tests.factories import AgencyFactory, RegionFactory
from tests.surveys.factories import NOON, SurveyFactory, make_point
from tests.workflows.screens import url
from tests.workflows.test_filing_page import ADDRESS, TYPED, token_of
from workflows.models import Complaint

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture
def point(agency, service):
    return make_point(SurveyFactory(agency=agency), service=service)


def test_the_poster_says_office_service_and_place(client, website, point, agency, service, people):
    page = client.get(ADDRESS, {"titik": point.printed_code.lower()})
    html = page.content.decode()
    assert all(word in html for word in (point.name, agency.name, service.name))
    assert 'name="about" value="s' in html

    client.post(ADDRESS, {**TYPED, "token": token_of(page), "point": point.code})
    filed = Complaint.objects.get()
    assert (filed.service, filed.agency_hint, filed.channel) == (service, agency, "qr")
    assert filed.service_point_code == point.code
    client.force_login(people["verifier"])
    assert point.name in client.get(url("case", filed)).content.decode()


def test_a_revoked_code_says_so_and_offers_the_general_form(client, website, point):
    old = point.code
    rotate_code(point=point, reason="Stiker ditimpa", now=NOON)
    page = client.get(ADDRESS, {"titik": old})
    assert page.context["point"].state == "ended"
    assert point.name not in page.content.decode()
    client.post(ADDRESS, {**TYPED, "token": token_of(page), "point": old})
    assert (Complaint.objects.get().service_point_code, Complaint.objects.get().channel) == ("", "web")


@pytest.mark.parametrize("code", ["K7QM3XPD9RTB2Z", "<script>", "9" * 5000, "\x00"])
def test_a_code_nobody_signed_tells_nothing(client, website, code):
    page = client.get(ADDRESS, {"titik": code})
    assert (page.status_code, page.context["point"].state) == (200, "unknown")


def test_a_point_of_another_region_is_unknown_here(client, website):
    far = AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"))
    point = make_point(SurveyFactory(agency=far))
    assert client.get(ADDRESS, {"titik": point.code}).context["point"].state == "unknown"
