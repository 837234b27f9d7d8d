"""How every type of question is drawn, in every language, and what a browser without :has() reads."""

import re

import pytest
from django.urls import reverse

from surveys.models import Response
from surveys.offers import mark_of
from surveys.rendering import render_questions
from surveys.services.publishing import PROFILE_CHOICES
from tests.cms.factories import make_site
from tests.surveys.every_type import AGREE, GRADE, PHOTO, QUEUE, WHY, every_type
from tests.surveys.factories import make_point
from tests.surveys.pages import form_data

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
OWN = {f"q_{QUEUE}": "no", f"q_{AGREE}": "yes"}


@pytest.fixture
def survey(agency):
    make_site(agency.region)
    return every_type(agency)


@pytest.fixture
def url(survey, service):
    return reverse("surveys:point", args=[make_point(survey, service=service).code])


def drawn(survey, language="id", **kwargs):
    return render_questions(survey.current_version.definition, language, profiles=PROFILE_CHOICES, **kwargs)


def part(html, name):
    """The fieldset or field of a question."""
    return next(piece for piece in re.split(r"<section", html) if f'name="{name}"' in piece or f'id="{name}"' in piece)


def test_a_long_scale_is_a_row_of_numbers_from_nought_with_its_ends_in_words(survey):
    html = part(drawn(survey), f"q_{GRADE}")
    assert html.count('type="radio"') == 11
    assert '<span class="choice__no">0</span>' in html
    assert "0: tidak mungkin. 10: pasti." in html
    assert "choice__face" not in html


def test_an_odd_scale_has_a_middle_that_looks_neither_glad_nor_sad(survey):
    assert re.findall(r'href="#f(.)"', part(drawn(survey), "q_" + "3" * 32)) == ["1", "2", "n", "3", "4"]


def test_a_question_that_follows_is_tied_to_its_answer_and_says_so_in_words(survey):
    html = drawn(survey)
    opener, follower = part(html, f"q_{QUEUE}"), part(html, f"q_{WHY}")
    assert re.search(r'value="yes"[^>]* data-opens="1"', opener)
    assert 'value="no" data-opens' not in opener
    assert follower.startswith(' class="step if-1"')
    assert "Only if you answered" in follower or "Hanya jika" in follower
    # A hidden field that must be filled would stop the browser from sending.
    assert " required" not in follower
    assert " required" in opener


def test_low_scores_alone_ask_for_a_reason(survey):
    html = part(drawn(survey), "e_waktu")
    assert re.findall(r'value="(\d)"[^>]* data-low', html) == ["1", "2"]
    assert 'name="r_waktu"' in html


def test_a_text_between_stands_above_the_next_question(survey):
    assert "Tentang kunjungan Anda" in part(drawn(survey), f"q_{QUEUE}")


def test_a_recording_is_played_only_in_its_language(survey):
    assert 'src="/media/antre.webm"' in drawn(survey)
    assert "<audio" not in drawn(survey, "jv")
    assert 'preload="none"' in drawn(survey)


def test_a_missing_text_is_indonesian_and_marked_as_such(survey):
    html = drawn(survey, "jv")
    assert "Punapa panjenengan ngantri?" in html
    assert re.search(r'<fieldset class="question" lang="id"[^>]*> <legend>.*?kesesuaian persyaratan', html)
    assert 'lang="id"' not in drawn(survey)


def test_every_language_is_kept_and_offered(citizen, survey, url):
    assert set(survey.current_version.rendered) == {"id", "en", "jv", "mad", "made_with"}
    html = citizen.get(url).content.decode()
    assert f'href="{url}?bahasa=jv"' in html
    assert f'href="/en{url}"' in html
    assert 'hreflang="mad"' in html


@pytest.mark.parametrize(
    ("address", "spoken"),
    [("{}", "id"), ("/en{}", "en"), ("{}?bahasa=jv", "jv"), ("{}?bahasa=mad", "mad"), ("{}?bahasa=xx", "id"),
     ("/en{}?bahasa=jv", "jv")],
)  # fmt: skip
def test_interface_questions_and_answer_share_one_language(citizen, url, address, spoken):
    address = address.format(url)
    response = citizen.get(address)
    html = response.content.decode()
    assert f'<html lang="{spoken}"' in html
    assert response["Content-Language"] == spoken
    action = re.search(r'<form method="post" action="([^"]+)"', html).group(1)
    sent = citizen.post(action, form_data(citizen, address) | OWN)
    assert sent.status_code == 303
    assert Response.objects.get().language == spoken
    assert f'<html lang="{spoken}"' in citizen.get(sent["Location"]).content.decode()


def test_a_survey_in_one_language_speaks_it_whatever_is_asked_for(citizen, agency):
    make_site(agency.region)
    point = make_point(every_type(agency, languages=["id"]))
    html = citizen.get(f"/en/q/{point.code}/?bahasa=jv").content.decode()
    assert '<html lang="id"' in html
    assert "hreflang" not in html


def test_a_link_out_of_a_javanese_survey_leads_to_an_address_that_exists(citizen, url):
    sent = citizen.post(url + "?bahasa=jv", form_data(citizen, url, 1) | OWN)
    html = citizen.get(sent["Location"]).content.decode()
    assert 'href="/aduan/?' in html
    assert citizen.get("/aduan/").status_code == 200


@pytest.mark.parametrize(("score", "offered"), [(1, True), (2, True), (3, False)])
def test_a_low_score_offers_a_complaint_that_knows_service_and_place(citizen, survey, url, service, score, offered):
    sent = citizen.post(url, form_data(citizen, url, 4, sarana=score) | OWN)
    html = citizen.get(sent["Location"]).content.decode()
    code = url.strip("/").split("/")[-1]
    assert f'href="/aduan/?layanan={service.pk}&amp;titik={code}"' in html
    assert ('id="offer"' in html) is offered
    stored = Response.objects.get()
    marks = [mark_of(stored.receipt, is_offered=flag, now=stored.submitted_at) for flag in (True, False)]
    assert sent["Location"].endswith(marks[0] if offered else marks[1])


def test_an_address_with_a_made_up_mark_offers_nothing(citizen, url):
    html = citizen.get(url + "terima-kasih/?t=" + "a" * 32 + "&m=" + "b" * 12).content.decode()
    assert 'id="offer"' not in html


def test_bad_answers_of_every_type_come_back_with_a_message_each(citizen, url):
    bad = {f"q_{GRADE}": "11", "q_" + "4" * 32: "99", "q_" + "5" * 32: "kemarin", "q_" + "6" * 32: "a" * 500}
    response = citizen.post(url, form_data(citizen, url, 1, **bad) | {"r_waktu": "a" * 301})
    html = response.content.decode()
    assert response.status_code == 422
    for name in [*bad, "r_waktu", f"q_{QUEUE}", f"q_{AGREE}"]:
        assert f'href="#{name}"' in html
        assert f'id="{name}-error"' in html
    assert f'name="f_{PHOTO}"' in html
