"""Interviews by officers, surveys among civil servants, and the paper that is printed."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.models import Service
from surveys.errors import AlreadyAnswered, WrongPlace
from surveys.models import Participation, Response, Survey
from surveys.selectors.forms import version_for
from surveys.services import internal as internal_service
from surveys.services.internal import has_taken_part, submit_internal
from surveys.services.posters import point_url
from surveys.services.printing import paper_texts
from tests.cms.factories import make_section, make_site
from tests.factories import UserFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point, scores
from tests.surveys.pages import form_data, make_survey_page

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture
def page(agency):
    make_site(agency.region)
    return make_survey_page(make_section(agency))


@pytest.fixture
def point(page, service):
    return make_point(page.survey, name="Loket 3", service=service)


# --- Asked by an officer ------------------------------------------------------------------------


def interview(point):
    return reverse("service_points:interview", args=[point.pk])


def test_an_officer_asks_one_person_after_the_other(client, officer, point, at_noon):
    client.force_login(officer)
    for value in (4, 2):
        stored = client.post(interview(point), form_data(client, interview(point), value))
        assert stored.status_code == 303
        assert interview(point) in client.get(stored["Location"]).content.decode()
    rows = Response.objects.all()
    assert {(row.channel, row.service_point) for row in rows} == {("assisted", point)}
    assert not any("staff" in row.flags for row in rows)


def test_no_field_of_a_citizen_sets_the_channel(citizen, point, at_noon):
    address = reverse("surveys:point", args=[point.code])
    data = form_data(citizen, address)
    assert citizen.post(f"{address}?channel=assisted", data | {"channel": "assisted"}).status_code == 422
    assert citizen.post(f"{address}?channel=assisted", data).status_code == 303
    assert Response.objects.get().channel == "qr"


def test_a_citizens_form_posted_to_the_officers_address_needs_the_officer(citizen, point, at_noon):
    data = form_data(citizen, reverse("surveys:point", args=[point.code]))
    assert citizen.post(interview(point), data).status_code == 302
    assert not Response.objects.exists()


def test_an_interview_is_guarded_against_forged_posts(officer, point, at_noon):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    html = strict.get(interview(point)).content.decode()
    assert "csrfmiddlewaretoken" in html
    data = form_data(strict, interview(point))
    data.pop("csrfmiddlewaretoken", None)
    assert strict.post(interview(point), data).status_code == 403
    assert not Response.objects.exists()


@pytest.mark.parametrize(("person", "states"), [("other_officer", {404}), ("auditor", {302, 403})])
def test_only_those_who_collect_for_the_agency_ask(client, point, person, states, request, at_noon):
    client.force_login(request.getfixturevalue(person))
    assert client.get(interview(point)).status_code in states
    assert client.post(interview(point), {}).status_code in states


def test_a_point_out_of_use_is_not_asked_at(client, officer, point):
    type(point).objects.update(is_active=False)
    client.force_login(officer)
    assert client.get(interview(point)).status_code == 404


# --- Among civil servants -----------------------------------------------------------------------


@pytest.fixture
def internal(page):
    Survey.objects.filter(pk=page.survey_id).update(audience=Service.Audience.INTERNAL)
    page.survey.refresh_from_db()
    return page.survey


@pytest.fixture
def clerk(db):
    """An active account with no role at all."""
    return UserFactory(username="clerk")


def inside(survey):
    return reverse("surveys:internal", args=[survey.slug])


def asked(survey, user, *, now=NOON, key=None, **changes):
    version = version_for(survey.slug, survey.current_version_id)
    return submit_internal(
        user=user,
        version=version,
        answers=scores(3, **changes),
        key=key or uuid4(),
        language="id",
        now=now,
        seconds=77,
        point=None,
    )


def test_any_active_account_answers_and_nobody_else(client, internal, clerk, at_noon):
    assert "login" in client.get(inside(internal))["Location"] or "masuk" in client.get(inside(internal))["Location"]
    client.force_login(clerk)
    sent = client.post(inside(internal), form_data(client, inside(internal)))
    assert sent["Location"] == reverse("surveys:internal_thanks", args=[internal.slug])
    assert client.get(sent["Location"]).status_code == 200
    assert Response.objects.get().channel == "internal"
    clerk.is_active = False
    clerk.save()
    assert client.get(inside(internal)).status_code == 302


def test_every_public_way_leads_to_the_sign_in(citizen, internal, at_noon):
    point = make_point(internal, name="Ruang rapat")
    ways = [
        reverse("surveys:point", args=[point.code]),
        reverse("surveys:form", args=[internal.slug]),
        internal.page.url,
    ]
    for address in ways:
        for met in (citizen.get(address), citizen.post(address, {"e_waktu": "4"})):
            assert met.status_code in {303, 405}
            assert met.status_code == 405 or met["Location"] == inside(internal)
    assert internal.title not in citizen.get(reverse("surveys:list")).content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize("channel", ["qr", "link", "kiosk", "assisted"])
def test_no_open_channel_stores_an_internal_answer(internal, channel):
    with pytest.raises(WrongPlace):
        answer(internal, channel=channel)


def test_a_public_survey_takes_no_internal_answer(page, clerk):
    with pytest.raises(WrongPlace):
        asked(page.survey, clerk)
    assert not Participation.objects.exists()


def test_one_person_answers_once_a_quarter(client, internal, clerk, at_noon):
    client.force_login(clerk)
    data = form_data(client, inside(internal))
    first, again = client.post(inside(internal), data), client.post(inside(internal), data)
    assert (first.status_code, again.status_code) == (303, 303)
    assert "<form" not in client.get(inside(internal)).content.decode()
    with pytest.raises(AlreadyAnswered):
        asked(internal, clerk)
    assert Response.objects.count() == 1
    assert asked(internal, clerk, now=datetime(2024, 7, 1, 5, tzinfo=UTC)).pk
    assert asked(internal, UserFactory()).pk


def test_taking_part_is_remembered_under_an_older_key(internal, clerk, settings):
    asked(internal, clerk)
    settings.SEALING_KEYS = ["bmV3LWtleS1vZi1hbi1pbnN0YWxsYXRpb24tMDAwMDE=", *settings.SEALING_KEYS]
    assert has_taken_part(survey=internal, user=clerk, on=NOON.date())
    with pytest.raises(AlreadyAnswered):
        asked(internal, clerk)


def test_a_faulty_answer_does_not_use_up_the_participation(internal, clerk):
    with pytest.raises(ValueError, match="off_scale"):
        asked(internal, clerk, waktu=9)
    assert not Participation.objects.exists()


def test_nothing_joins_an_answer_with_its_person(internal, at_noon):
    """No person, no time, no order: every column of both tables is looked at."""
    people = [UserFactory() for _ in range(12)]
    for minutes, person in enumerate(people):
        asked(internal, person, now=NOON + timedelta(minutes=minutes, seconds=7))
    midnight = datetime.combine(NOON.date(), time.min, internal.agency.region.zone)
    rows = Response.objects.order_by("pk")
    assert {(row.submitted_at, row.seconds, row.captured_at, row.service_point_id) for row in rows} == {
        (midnight, None, None, None)
    }
    assert {field.name for field in Participation._meta.get_fields()} == {"id", "survey", "period_on"}
    assert set(Participation.objects.values_list("period_on", flat=True)) == {datetime(2024, 4, 1).date()}
    # The order of the participations is not the order of answering.
    by_number = list(Participation.objects.order_by("pk").values_list("pk", flat=True))
    in_time = [next(pk for pk in by_number if has_number(pk, internal, person)) for person in people]
    assert in_time != by_number
    # No value of one table stands in the other, but for what all rows share.
    shared = {str(internal.pk), "None", "", "False", "True"}
    values = {str(getattr(row, field.attname)) for row in rows for field in Response._meta.concrete_fields} - shared
    assert not values & {str(pk) for pk in by_number}
    assert not values & {person.username for person in people}


def has_number(pk, survey, person):
    return pk in internal_service._numbers(survey, person, NOON.date())


def test_internal_posts_are_guarded_against_forgery(internal, clerk, at_noon):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)
    data = form_data(strict, inside(internal))
    data.pop("csrfmiddlewaretoken", None)
    assert strict.post(inside(internal), data).status_code == 403
    assert not Participation.objects.exists()


def test_the_start_page_lists_open_internal_surveys(client, internal, officer, at_noon):
    client.force_login(officer)
    assert inside(internal) in client.get(reverse("wagtailadmin_home")).content.decode()
    client.post(inside(internal), form_data(client, inside(internal)))
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert inside(internal) not in html
    assert internal.title in html


# --- Printed forms ------------------------------------------------------------------------------


def paper(point, query=""):
    return reverse("service_points:paper_pdf", args=[point.pk]) + query


def pages_of(answer):
    return list(pypdfium2.PdfDocument(BytesIO(answer.content)))


def test_every_sheet_bears_version_place_code_and_a_qr(client, officer, point):
    client.force_login(officer)
    sheets = pages_of(client.get(paper(point, "?first=41&copies=2")))
    texts = [sheet.get_textpage().get_text_range() for sheet in sheets]
    assert len(sheets) >= 2
    for sheet, text in zip(sheets, texts, strict=True):
        assert point.survey.current_version.number in text
        assert point.name in text
        assert point.printed_code in text
        assert point_url(point) in {code.text for code in zxingcpp.read_barcodes(sheet.render(scale=3).to_pil())}
    assert "00041" in texts[0]
    assert "00042" in texts[-1]


def test_the_form_asks_what_the_version_asks_in_its_order(point):
    texts = paper_texts(point.survey.current_version, point)
    asked_for = [row["label"] for row in texts["questions"]]
    definition = point.survey.current_version.definition
    assert asked_for == [element["question"]["id"] for element in definition["elements"]]
    assert texts["questions"][3]["options"] == ["1 Sangat mahal", "2 Cukup mahal", "3 Murah", "4 Gratis"]
    assert texts["service"] == point.service.name
    assert texts["hours"] == ["08.00–12.00", "13.00–17.00"]


def test_own_questions_are_printed_but_photos(agency):
    label = {"help": {"id": ""}, "required": False}
    questions = [
        {"id": "s", "code": "S", "type": "section", "label": {"id": "Tentang loket"}, **label},
        {"id": "a", "code": "A", "type": "rating", "min": 0, "max": 10, "label": {"id": "Saran?"}, **label},
        {"id": "f", "code": "F", "type": "photo", "label": {"id": "Foto?"}, **label},
        {"id": "t", "code": "T", "type": "long_text", "label": {"id": "Ceritakan"}, **label},
    ]
    survey = SurveyFactory(agency=agency, questions=questions)
    own = paper_texts(survey.current_version, make_point(survey))["own"]
    assert [(row["number"], row["label"]) for row in own] == [
        ("", "Tentang loket"),
        ("10", "Saran?"),
        ("11", "Ceritakan"),
    ]
    assert own[1]["options"][0] == "0"
    assert len(own[1]["options"]) == 11


@pytest.mark.parametrize("query", ["?first=x", "?first=1&copies=0", "?copies=999", "?first=-1"])
def test_impossible_numbers_are_no_sheets(client, officer, point, query):
    client.force_login(officer)
    assert client.get(paper(point, query)).status_code == 404


def test_forms_of_another_agency_are_not_printed(client, other_officer, point):
    client.force_login(other_officer)
    assert client.get(paper(point)).status_code == 404


def test_a_form_is_printed_in_indonesian_whatever_the_screen_says(point):
    with translation.override("en"):
        texts = paper_texts(point.survey.current_version, point)
    assert texts["profile"][0]["options"] == ["1 Laki-laki", "2 Perempuan"]
