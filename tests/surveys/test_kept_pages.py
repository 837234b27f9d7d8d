"""A form's page is kept in the process; whatever changes it counts at the next request."""

import gzip
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cms.models import BrandSettings
from core.models import Agency, Service
from surveys.models import Response, ServicePoint, Survey, SurveyPage
from surveys.services.points import retire_point, rotate_code
from surveys.services.publishing import close_survey
from tests.cms.factories import make_section, make_site
from tests.factories import ServiceFactory
from tests.surveys.factories import NOON, make_point
from tests.surveys.pages import form_data, make_survey_page, republish, token_in, yes_no

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def page(agency):
    make_site(agency.region)
    return make_survey_page(make_section(agency), questions=[yes_no()])


@pytest.fixture
def point(page, service):
    return make_point(page.survey, name="Loket 3", service=service)


@pytest.fixture
def url(point):
    return reverse("surveys:point", args=[point.code])


def html(client, url, **headers):
    return client.get(url, headers=headers).content.decode()


def test_a_kept_page_differs_in_nothing_but_its_token(citizen, url):
    first, second = citizen.get(url), citizen.get(url)
    tokens = token_in(first), token_in(second)
    assert tokens[0] != tokens[1]
    assert first.content.decode().replace(*tokens) == second.content.decode()
    assert second.headers["Content-Security-Policy"]
    assert not second.cookies


def test_a_browser_that_unpacks_gets_the_same_page_packed(citizen, url):
    plain, packed = citizen.get(url), citizen.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    packed.content = text = gzip.decompress(packed.content)
    assert text.decode().replace(token_in(packed), token_in(plain)) == plain.content.decode()


def test_showing_a_kept_form_is_one_narrow_query(citizen, url, django_assert_num_queries):
    citizen.get(url)
    with django_assert_num_queries(1) as asked:
        citizen.get(url)
    assert "definition" not in asked[0]["sql"]


def test_sending_to_a_kept_place_that_asks_for_the_service_is_three_statements(
    citizen, page, service, django_assert_num_queries
):
    url = reverse("surveys:point", args=[make_point(page.survey).code])
    citizen.post(url, form_data(citizen, url) | {"service": "other"})
    data = form_data(citizen, url) | {"service": str(service.pk)}
    with django_assert_num_queries(3):
        assert citizen.post(url, data).status_code == 303
    assert Response.objects.latest("pk").service == service


CHANGES = {
    "the point": lambda page, point: ServicePoint.objects.filter(pk=point.pk).update(name="Baru"),
    "the service": lambda page, point: Service.objects.filter(pk=point.service_id).update(name="Baru"),
    "the agency": lambda page, point: Agency.objects.filter(pk=point.agency_id).update(name="Baru"),
    "the title": lambda page, point: Survey.objects.filter(pk=point.survey_id).update(title="Baru"),
    "the introduction": lambda page, point: SurveyPage.objects.filter(pk=page.pk).update(intro="Baru"),
    "a question": lambda page, point: republish(page, questions=[yes_no("Baru")]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_new_words_are_shown_at_the_next_request(citizen, url, page, point, change):
    assert "Baru" not in html(citizen, url)
    change(page, point)
    assert "Baru" in html(citizen, url)


def test_a_new_name_of_the_site_is_shown_when_its_frame_is_read_again(citizen, url, page, at_noon):
    html(citizen, url)
    BrandSettings.objects.update_or_create(site=page.get_site(), defaults={"name": "Suara Baru"})
    at_noon.shift(timedelta(minutes=1))
    assert "Suara Baru" in html(citizen, url)


def test_a_rotated_and_a_retired_code_open_nothing_at_the_next_request(citizen, url, point):
    assert citizen.get(url).status_code == 200
    fresh = rotate_code(point=point, reason="Stiker ditimpa", now=NOON)
    assert citizen.get(url).status_code == 410
    url = reverse("surveys:point", args=[fresh.code])
    assert citizen.get(url).status_code == 200
    retire_point(point=fresh, reason="Loket tutup", now=NOON)
    assert citizen.get(url).status_code == 410
    assert citizen.post(url, {}).status_code == 410


def test_a_closed_survey_and_one_whose_last_day_passed_show_no_form(citizen, url, page, at_noon):
    SurveyPage.objects.filter(pk=page.pk).update(closes_on=NOON.date())
    assert citizen.get(url).status_code == 200
    at_noon.shift(timedelta(days=1))
    assert citizen.get(url).status_code == 410
    at_noon.shift(timedelta(days=-1))
    assert citizen.get(url).status_code == 200
    close_survey(page=page, now=NOON)
    assert citizen.get(url).status_code == 410


def test_an_answer_after_a_republication_is_stored_under_the_new_version(citizen, url, page):
    old = page.survey.current_version
    citizen.post(url, form_data(citizen, url))
    republish(page, questions=[yes_no("Baru")])
    citizen.post(url, form_data(citizen, url))
    first, second = Response.objects.order_by("pk")
    assert (first.version, first.is_late, second.is_late) == (old, False, False)
    assert second.version != old


def test_a_service_made_or_ended_is_offered_or_not_at_the_next_request(citizen, page, service, at_noon):
    url = reverse("surveys:point", args=[make_point(page.survey).code])
    assert "Layanan baru" not in html(citizen, url)
    made = ServiceFactory(agency=service.agency, name="Layanan baru")
    assert "Layanan baru" in html(citizen, url)
    assert f'value="{made.pk}" selected' in html(citizen, f"{url}?layanan={made.code}")
    assert " selected" not in html(citizen, f"{url}?layanan=karangan")
    Service.objects.filter(pk=made.pk).update(active_until=NOON.date() + timedelta(days=1))
    assert "Layanan baru" in html(citizen, url)
    at_noon.shift(timedelta(days=1))
    assert "Layanan baru" not in html(citizen, url)


def test_each_language_has_its_own_page(citizen, url, page):
    assert 'lang="id"' in html(citizen, url)
    assert '<html lang="en"' in html(citizen, f"/en{url}")
    assert '<html lang="id"' in html(citizen, url)
