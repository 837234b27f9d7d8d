"""One question per page: nothing but the form carries the answers, and nothing typed is lost."""

import io
import re
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from surveys.models import Response
from surveys.services.photos import discard_unsent_photos, open_photo
from tests.cms.factories import make_site
from tests.surveys.every_type import AGREE, GRADE, PHOTO, QUEUE, WHY, every_type
from tests.surveys.factories import ELEMENTS_2017, NOON, make_point

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
FIRST = {f"e_{code}": "3" for code in ELEMENTS_2017}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def survey(agency):
    make_site(agency.region)
    return every_type(agency, layout="per_question")


@pytest.fixture
def url(survey, service):
    return reverse("surveys:point", args=[make_point(survey, name="Loket 3", service=service).code])


def hidden(response):
    return {name: unescape(value) for name, value in HIDDEN.findall(response.content.decode())}


def press(client, url, response, button="next", **given):
    """Press a button of a page as a browser would, with these answers on it."""
    return client.post(url, {**hidden(response), **given, "go": button})


def page_of(response):
    return hidden(response)["page"]


def walk(client, url, answers):
    """From the start to the summary, answering what is asked; the names of the pages met."""
    response, met = client.get(url), []
    while page_of(response) != "check":
        page = page_of(response)
        met.append(page)
        response = press(client, url, response, **{name: answers[name] for name in [page] if name in answers})
        assert response.status_code == 200, page
    return response, met


ANSWERS = FIRST | {f"q_{QUEUE}": "no", f"q_{GRADE}": "0", f"q_{AGREE}": "yes"}


def test_a_citizen_walks_through_and_one_answer_is_stored(citizen, url):
    summary, met = walk(citizen, url, ANSWERS)
    assert met[:2] == ["start", "e_persyaratan"]
    assert f"q_{WHY}" not in met
    assert Response.objects.count() == 0
    html = summary.content.decode()
    assert "3 – Cepat" in html
    assert html.count('name="go" value="to:') >= 20
    sent = press(citizen, url, summary, "send")
    assert sent.status_code == 303
    stored = Response.objects.get()
    assert (stored.score_1, stored.answers[GRADE], stored.answers[QUEUE], stored.is_complete) == (3, 0, "no", True)
    assert not citizen.cookies


def test_an_unanswered_page_comes_back_with_its_message_and_the_answers_before(citizen, url):
    first = press(citizen, url, citizen.get(url))
    second = press(citizen, url, first, e_persyaratan="4")
    again = press(citizen, url, second)
    html = again.content.decode()
    assert (again.status_code, page_of(again)) == (422, "e_prosedur")
    assert hidden(again)["e_persyaratan"] == "4"
    assert "<title>Kesalahan: " in html
    assert 'href="#e_prosedur"' in html
    assert "autofocus" in html
    assert html.count("<h1") == 1


def test_back_keeps_what_was_just_chosen(citizen, url):
    page = press(citizen, url, press(citizen, url, citizen.get(url)), e_persyaratan="4")
    back = press(citizen, url, page, "back", e_prosedur="2")
    assert (back.status_code, page_of(back)) == (200, "e_persyaratan")
    assert re.search(r'name="e_persyaratan" value="4"[^>]* checked', back.content.decode())
    assert hidden(back)["e_prosedur"] == "2"


def test_an_answer_opens_the_next_question_and_a_changed_one_drops_it(citizen, url):
    summary, met = walk(citizen, url, ANSWERS | {f"q_{QUEUE}": "yes", f"q_{WHY}": "b"})
    assert f"q_{WHY}" in met
    change = press(citizen, url, summary, f"to:q_{QUEUE}")
    assert page_of(change) == f"q_{QUEUE}"
    summary = press(citizen, url, change, **{f"q_{QUEUE}": "no"})
    assert page_of(summary) == "check"
    press(citizen, url, summary, "send")
    assert WHY not in Response.objects.get().answers


def test_a_correction_that_opens_a_required_question_leads_there(citizen, url):
    summary, _met = walk(citizen, url, ANSWERS)
    change = press(citizen, url, summary, f"to:q_{QUEUE}")
    asked = press(citizen, url, change, **{f"q_{QUEUE}": "yes"})
    assert (asked.status_code, page_of(asked)) == (200, f"q_{WHY}")
    assert page_of(press(citizen, url, asked, **{f"q_{WHY}": "a"})) == "check"


def test_sending_too_early_leads_to_the_open_question(citizen, url):
    start = citizen.get(url)
    refused = press(citizen, url, start, "send", **FIRST)
    assert (refused.status_code, page_of(refused)) == (422, f"q_{QUEUE}")
    assert Response.objects.count() == 0


def test_the_reason_of_a_low_score_is_kept_and_of_a_good_one_dropped(citizen, url):
    summary, _met = walk(citizen, url, ANSWERS)
    low = press(citizen, url, summary, "to:e_waktu")
    summary = press(citizen, url, low, e_waktu="1", r_waktu="Antre dua jam")
    assert "Antre dua jam" in summary.content.decode()
    press(citizen, url, summary, "send", r_biaya="tidak dipakai")
    assert Response.objects.get().reasons == {"waktu": "Antre dua jam"}


def test_the_language_changes_with_everything_kept(citizen, url):
    page = press(citizen, url, press(citizen, url, citizen.get(url)), e_persyaratan="4")
    stayed = citizen.post(url + "?bahasa=jv", {**hidden(page), "go": "stay", "e_prosedur": "2"})
    html = stayed.content.decode()
    assert '<html lang="jv"' in html
    assert f'action="{url}?bahasa=jv"' in html
    assert re.search(r'name="e_prosedur" value="2"[^>]* checked', html)
    assert hidden(stayed)["e_persyaratan"] == "4"


def test_a_page_costs_no_more_queries_than_the_form(citizen, url, django_assert_max_num_queries):
    start = citizen.get(url)
    with django_assert_max_num_queries(2):
        press(citizen, url, start)


@pytest.mark.parametrize("page", ["q_forged", "", "check", "about", "<b>"])
def test_a_forged_page_name_never_fails_the_server(citizen, url, page):
    assert citizen.post(url, {**hidden(citizen.get(url)), "page": page, "go": "next"}).status_code in (200, 422)


def photo(name="foto.jpg", size=(60, 40)):
    notes = Image.Exif()
    notes[0x010E] = "di rumah"
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, "JPEG", exif=notes)
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


def at_photo(client, url):
    start = client.get(url)
    return client.post(url, {**hidden(start), **ANSWERS, "page": "start", "go": f"to:q_{PHOTO}"})


def test_a_photo_is_written_anew_and_found_from_the_answer(citizen, url):
    page = at_photo(citizen, url)
    assert 'enctype="multipart/form-data"' in page.content.decode()
    summary = press(citizen, url, page, **{f"f_{PHOTO}": photo()})
    assert page_of(summary) == "check"
    press(citizen, url, summary, "send")
    stored = Response.objects.get()
    with open_photo(stored.key, stored.answers[PHOTO]) as kept:
        content = kept.read()
    assert content.startswith(b"\xff\xd8")
    assert b"di rumah" not in content
    assert discard_unsent_photos(now=NOON.replace(year=2099)) == 0


def test_staff_of_the_agency_see_photo_and_reason_and_others_do_not(client, survey, url, editor, other_officer):
    summary = press(client, url, at_photo(client, url), **{f"f_{PHOTO}": photo()})
    press(client, url, summary, "send", e_waktu="1", r_waktu="Antre dua jam")
    stored = Response.objects.get()
    number = [row["id"] for row in survey.current_version.definition["questions"]].index(PHOTO) + 1
    address = reverse("survey_photo", args=[stored.pk, number])
    client.force_login(editor)
    screen = client.get(reverse("survey_responses:inspect", args=[stored.pk])).content.decode()
    assert f'href="{address}"' in screen
    assert "Antre dua jam" in screen
    sent = client.get(address)
    assert sent["Content-Type"] == "image/jpeg"
    assert b"".join(sent.streaming_content)
    assert client.get(reverse("survey_photo", args=[stored.pk, 1])).status_code == 404
    client.force_login(other_officer)
    assert client.get(address).status_code == 404


def test_something_else_than_a_photo_is_refused_beside_its_field(citizen, url):
    page = at_photo(citizen, url)
    refused = press(citizen, url, page, **{f"f_{PHOTO}": SimpleUploadedFile("foto.jpg", b"<svg onload=1>")})
    assert (refused.status_code, page_of(refused)) == (422, f"q_{PHOTO}")
    assert f'id="q_{PHOTO}-error"' in refused.content.decode()


def test_the_photo_of_another_form_cannot_be_sent_as_an_own_one(citizen, url):
    theirs = hidden(press(citizen, url, at_photo(citizen, url), **{f"f_{PHOTO}": photo()}))[f"q_{PHOTO}"]
    start = hidden(citizen.get(url))
    citizen.post(url, {**start, **ANSWERS, f"q_{PHOTO}": theirs, "go": "send"})
    assert PHOTO not in Response.objects.get().answers


def test_a_photo_may_be_left_out_again_and_unsent_ones_are_swept(citizen, url):
    summary = press(citizen, url, at_photo(citizen, url), **{f"f_{PHOTO}": photo()})
    page = press(citizen, url, summary, f"to:q_{PHOTO}")
    summary = press(citizen, url, page, **{f"x_{PHOTO}": "1"})
    assert f"q_{PHOTO}" not in hidden(summary)
    assert discard_unsent_photos(now=NOON.replace(year=2099)) == 1
