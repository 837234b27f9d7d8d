"""The citizen's form: shown with one read, taken with one write, nothing lost and nothing revealed."""

import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import signing
from django.urls import reverse

from surveys.codes import make_code
from surveys.models import Response, SurveyPage
from surveys.selectors.networks import is_in_office
from surveys.services.points import retire_point, rotate_code
from surveys.tokens import SALT, FormToken
from tests.factories import ServiceFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point
from tests.surveys.pages import QUESTION, form_data, republish, token_in

pytestmark = [pytest.mark.django_db, pytest.mark.portable, pytest.mark.usefixtures("standing_plain_page", "at_noon")]


@pytest.fixture
def page(section):
    return SurveyPage.objects.get()


@pytest.fixture
def point(page, service):
    return make_point(page.survey, name="Loket 3", service=service)


@pytest.fixture
def url(point):
    return reverse("surveys:point", args=[point.code])


def post(client, url, data, **headers):
    return client.post(url, data, headers=headers)


def test_a_scanned_code_shows_the_official_questions_and_where_one_is(citizen, url, service):
    html = citizen.get(url).content.decode()
    assert "Bagaimana pendapat Saudara tentang kesesuaian persyaratan" in html
    assert "Ada tetapi tidak berfungsi" in html
    assert service.name in html
    assert "Loket 3" in html
    assert html.count('type="radio" name="e_') == 9 * 4
    assert " checked" not in html


def test_showing_a_form_costs_at_most_two_queries(citizen, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert citizen.get(url).status_code == 200


def test_a_point_without_a_service_asks_for_it_with_no_query_more(
    citizen, page, service, django_assert_max_num_queries
):
    url = reverse("surveys:point", args=[make_point(page.survey).code])
    with django_assert_max_num_queries(2):
        html = citizen.get(url).content.decode()
    assert f'<option value="{service.pk}">{service.name}</option>' in html


def test_sending_a_form_costs_at_most_four_statements(citizen, url, django_assert_max_num_queries):
    data = form_data(citizen, url)
    with django_assert_max_num_queries(4):
        assert post(citizen, url, data).status_code == 303
    assert Response.objects.count() == 1


def test_sending_a_form_of_an_older_version_costs_one_statement_more(citizen, page, django_assert_max_num_queries):
    url = reverse("surveys:point", args=[make_point(page.survey).code])
    data = form_data(citizen, url) | {"service": "other"}
    is_in_office(ip_address("127.0.0.1"), page.survey.agency)  # read once a minute
    old = page.survey.current_version
    republish(page, questions=[])
    with django_assert_max_num_queries(5):
        assert post(citizen, url, data).status_code == 303
    stored = Response.objects.get()
    assert stored.version == old
    assert stored.is_late


def test_an_answer_keeps_where_and_how_it_was_given(citizen, url, point, service):
    data = form_data(citizen, url, 4, waktu=2, p_sex="female", comment="Cepat\r\nsekali", **{f"q_{QUESTION}": "no"})
    response = post(citizen, url, data)
    stored = Response.objects.get()
    assert response["Location"].startswith(reverse("surveys:point_thanks", args=[point.code]) + f"?t={stored.receipt}&")
    assert (stored.service_point, stored.service, stored.channel, stored.language) == (point, service, "qr", "id")
    assert [stored.score(slot) for slot in range(1, 10)].count(2) == 1
    assert (stored.sex, stored.comment, stored.answers) == ("female", "Cepat\nsekali", {QUESTION: "no"})
    assert stored.is_complete
    assert stored.flags == "hasty"


def test_a_citizen_who_only_answers_gets_no_cookie_and_no_session(citizen, url):
    pages = [citizen.get(url), post(citizen, url, form_data(citizen, url))]
    pages.append(citizen.get(pages[1]["Location"]))
    assert [page.status_code for page in pages] == [200, 303, 200]
    assert not citizen.cookies
    assert all("Set-Cookie" not in page.headers for page in pages)
    assert "Tanda" in pages[2].content.decode() or "Receipt" in pages[2].content.decode()


def test_a_page_posted_twice_is_one_answer_with_one_receipt(citizen, url):
    data = form_data(citizen, url)
    first, second = post(citizen, url, data), post(citizen, url, data | {"e_waktu": "1"})
    assert first["Location"] == second["Location"]
    assert Response.objects.count() == 1


BAD_INPUT = {
    "a score above the scale": {"e_waktu": "5"},
    "a score of zero": {"e_waktu": "0"},
    "a word for a score": {"e_waktu": "x"},
    "a missing answer": {"e_waktu": ""},
    "two answers to one question": {"e_waktu": ["1", "2"]},
    "a comment that is too long": {"comment": "a" * 2001},
    "an unknown profile": {"p_sex": "other"},
    "a field of another form": {"e_maklumat": "3"},
    "an answer that was not offered": {f"q_{QUESTION}": "maybe"},
}


@pytest.mark.parametrize("bad", BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_is_named_and_nothing_typed_is_lost(citizen, url, bad):
    data = form_data(citizen, url, 2, comment="Terima kasih <b>Bu</b>\nSari") | {"p_education": "sma"} | bad
    response = post(citizen, url, data)
    html = response.content.decode()
    assert response.status_code == 422
    assert Response.objects.count() == 0
    assert 'id="error-summary"' in html
    assert re.search(r'name="e_biaya" value="2"[^>]* checked', html)
    assert '<option value="sma" selected>' in html
    if "comment" not in bad:
        assert "Terima kasih &lt;b&gt;Bu&lt;/b&gt;\nSari" in html
    assert data["token"] in html


def test_a_message_stands_beside_its_field_and_the_summary_links_there(citizen, url):
    html = post(citizen, url, form_data(citizen, url) | {"e_sarana": "7"}).content.decode()
    assert 'href="#e_sarana"' in html
    assert 'id="e_sarana-error"' in html
    assert html.count("field__error") == 1


def test_a_corrected_form_is_stored_under_the_same_key(citizen, url):
    data = form_data(citizen, url) | {"e_waktu": ""}
    again = post(citizen, url, data)
    post(citizen, url, data | {"e_waktu": "3", "token": token_in(again)})
    assert post(citizen, url, data | {"e_waktu": "4"}).status_code == 303
    assert Response.objects.count() == 1


@pytest.mark.parametrize("token", ["", "forged", "a.b:c", "é" * 300])
def test_a_changed_token_brings_the_form_back_with_the_answers(citizen, url, token):
    response = post(citizen, url, form_data(citizen, url, 1) | {"token": token})
    html = response.content.decode()
    assert response.status_code == 400
    assert Response.objects.count() == 0
    assert len(re.findall(r'value="1"[^>]* checked', html)) == 9
    assert post(citizen, url, form_data(citizen, url) | {"token": token_in(response)}).status_code == 303


@pytest.mark.parametrize("content", [[], "text", [1, 2], [1, 2, "no-uuid", 5], {"a": 1}, [None, 0, "0" * 32, 1e300]])
def test_a_signed_token_of_another_shape_is_refused_too(citizen, url, content):
    signed = signing.Signer(salt=SALT).sign_object(content)
    assert post(citizen, url, form_data(citizen, url) | {"token": signed}).status_code == 400


def test_a_token_of_another_place_is_refused(citizen, page, url):
    elsewhere = reverse("surveys:form", args=[page.survey.slug])
    assert post(citizen, url, form_data(citizen, url) | {"token": token_in(citizen.get(elsewhere))}).status_code == 400


def test_a_token_with_the_version_of_another_survey_is_refused(citizen, agency, point, url):
    foreign = SurveyFactory(agency=agency).current_version
    token = FormToken(foreign.pk, point.pk, uuid4(), NOON)
    assert post(citizen, url, form_data(citizen, url) | {"token": str(token)}).status_code == 400


def test_an_expired_form_comes_back_and_keeps_its_key(citizen, url, at_noon):
    data = form_data(citizen, url)
    at_noon.shift(timedelta(hours=25))
    again = post(citizen, url, data)
    assert again.status_code == 422
    assert post(citizen, url, data | {"token": token_in(again)}).status_code == 303
    assert post(citizen, url, data | {"token": token_in(again)}).status_code == 303
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_only_our_own_page_may_send_the_form(citizen, url, headers, status):
    assert post(citizen, url, form_data(citizen, url), **headers).status_code == status
    assert Response.objects.count() == (status == 303)


def test_an_oversized_body_is_refused_before_it_is_read(citizen, url):
    response = post(citizen, url, form_data(citizen, url) | {"comment": "a" * 70_000})
    assert response.status_code == 413
    assert Response.objects.count() == 0


def test_thousands_of_fields_are_refused(citizen, url):
    body = "&".join(f"f{n}=" for n in range(3000))
    response = citizen.post(url, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


@pytest.mark.parametrize("body", [b"\x00", b"e_waktu=%ff%fe", b"--x\r\nrubbish"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_rubbish_never_fails_the_server(citizen, url, body, kind):
    assert citizen.post(url, body, content_type=kind).status_code in {400, 422}


def test_what_a_program_fills_in_is_marked_and_kept(citizen, url, at_noon):
    data = form_data(citizen, url) | {"website": "http://spam.example"}
    at_noon.shift(timedelta(minutes=2))
    post(citizen, url, data)
    stored = Response.objects.get()
    assert (stored.flags, stored.is_flagged) == ("straight trap", True)


def test_a_forged_and_a_revoked_code_show_the_same_neutral_page(citizen, point, url):
    rotate_code(point=point, reason="Poster disalin", now=NOON)
    revoked = citizen.get(url)
    forged = citizen.get(reverse("surveys:point", args=["ABCDEFGHJKMNPQ"]))
    never_issued = citizen.get(reverse("surveys:point", args=[make_code(settings.SECRET_KEY)]))
    assert (revoked.status_code, forged.status_code, never_issued.status_code) == (410, 404, 410)
    bodies = [re.sub(r"/q/[^/]+/", "/q/x/", page.content.decode()) for page in (revoked, forged, never_issued)]
    assert bodies[0] == bodies[1] == bodies[2]
    assert "/aduan/" in bodies[0]
    assert reverse("surveys:list") in bodies[0]
    assert point.name not in bodies[0]
    assert point.agency.name not in bodies[0]


def test_a_forged_code_asks_the_surveys_nothing(citizen, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(3) as asked:  # site and redirects, as for every unknown address
        citizen.get(reverse("surveys:point", args=["ABCDEFGHJKMNPR"]))
    assert not [query for query in asked.captured_queries if "surveys_" in query["sql"]]


def test_a_retired_point_takes_no_more_answers(citizen, point, url):
    data = form_data(citizen, url)
    retire_point(point=point, reason="Loket ditutup", now=NOON)
    assert post(citizen, url, data).status_code == 410
    assert Response.objects.count() == 0


def test_a_code_may_be_typed_in_small_letters_and_groups(citizen, point):
    assert citizen.get(f"/q/{point.printed_code.lower()}/").status_code == 200


def test_the_link_asks_for_the_service_and_stores_it(citizen, page, service, agency):
    other = ServiceFactory(agency=agency)
    url = reverse("surveys:form", args=[page.survey.slug])
    missing = post(citizen, url, form_data(citizen, url))
    assert missing.status_code == 422
    assert 'id="service-error"' in missing.content.decode()
    assert post(citizen, url, form_data(citizen, url) | {"service": str(other.pk)}).status_code == 303
    stored = Response.objects.get()
    assert (stored.service, stored.channel, stored.service_point) == (other, "link", None)
    assert f'value="{service.pk}" selected' in citizen.get(url + f"?layanan={service.code}").content.decode()


@pytest.mark.parametrize("given", ["0", "x", "99999999"])
def test_a_service_of_nobody_is_refused(citizen, page, service, given):
    url = reverse("surveys:form", args=[page.survey.slug])
    assert post(citizen, url, form_data(citizen, url) | {"service": given}).status_code == 422


def test_the_page_in_its_section_shows_the_same_form(citizen, page):
    tree_url = f"/opd/{page.survey.agency.code}/survei/"
    html = citizen.get(tree_url).content.decode()
    assert f'action="{reverse("surveys:form", args=[page.survey.slug])}"' in html
    assert page.url == reverse("surveys:form", args=[page.survey.slug])


def test_english_is_asked_and_stored_as_english(citizen, point):
    url = f"/en/q/{point.code}/"
    html = citizen.get(url).content.decode()
    assert 'lang="en"' in html
    assert "Bagaimana pendapat" not in html
    assert post(citizen, url, form_data(citizen, url)).status_code == 303
    assert Response.objects.get().language == "en"


def test_a_survey_outside_its_days_says_so(citizen, page, url, at_noon):
    republish(page, opens_on=NOON.date() + timedelta(days=1), closes_on=NOON.date() + timedelta(days=2))
    early = citizen.get(url)
    assert early.status_code == 200
    assert 'name="token"' not in early.content.decode()
    at_noon.shift(timedelta(days=2))
    assert 'name="token"' in citizen.get(url).content.decode()
    at_noon.shift(timedelta(days=1))
    assert citizen.get(url).status_code == 410


def test_the_last_day_ends_at_midnight_of_the_region_and_a_begun_form_may_be_finished(citizen, page, url, at_noon):
    republish(page, closes_on=NOON.date())
    at_noon.move_to(datetime(2024, 5, 6, 16, 50, tzinfo=UTC))  # 23:50 in Bangkalan
    data = form_data(citizen, url)
    at_noon.shift(timedelta(minutes=20))
    assert citizen.get(url).status_code == 410
    assert post(citizen, url, data).status_code == 303
    at_noon.shift(timedelta(minutes=20))
    assert post(citizen, url, form_data_late(data)).status_code == 410


def form_data_late(data):
    """The same form again, too late to be finished."""
    return dict(data)


def test_an_unpublished_survey_is_closed_and_keeps_its_answers(citizen, page, url, at_noon):
    answer(page.survey)
    data = form_data(citizen, url)
    at_noon.shift(timedelta(minutes=1))
    page.unpublish()
    at_noon.shift(timedelta(minutes=40))
    assert citizen.get(url).status_code == 410
    assert post(citizen, url, data).status_code == 410
    assert Response.objects.count() == 1


def test_the_thank_you_page_prints_no_text_from_its_address(citizen, point):
    url = reverse("surveys:point_thanks", args=[point.code])
    assert "<script" not in citizen.get(url + "?t=<script>alert(1)</script>").content.decode()


def test_the_list_leads_to_every_open_survey(citizen, page, region):
    closed = SurveyFactory(agency=page.survey.agency, is_open=False)
    html = citizen.get(reverse("surveys:list")).content.decode()
    assert reverse("surveys:form", args=[page.survey.slug]) in html
    assert closed.slug not in html


def test_a_form_weighs_little_on_the_wire(citizen, url):
    response = citizen.get(url, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 6_000
