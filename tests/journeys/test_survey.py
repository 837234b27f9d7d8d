"""The form on a phone: light, accessible, a question a screen. The way to it is in test_whole_survey.py."""

import pytest

from tests.surveys.factories import SurveyFactory, answer, make_point

BYTES, REQUESTS = 20_000, 3


@pytest.fixture
def point(section, agency, service):
    return make_point(SurveyFactory(agency=agency), name="Loket 3", service=service)


def choose(page, code, score):
    page.locator(f'input[name="e_{code}"][value="{score}"]').check()


def answer_all(page, score):
    for name in page.locator('input[name^="e_"][value="1"]').evaluate_all("inputs => inputs.map(input => input.name)"):
        choose(page, name.removeprefix("e_"), score)


def test_a_first_visit_is_light(wire_size, point):
    wire = wire_size(f"/q/{point.code}/")
    assert wire.total <= BYTES
    assert wire.requests <= REQUESTS


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_errors_thanks_and_neutral_page_are_accessible(new_page, point, scheme, assert_accessible, look):
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.goto(f"/q/{point.code}/")
    assert_accessible(page)
    look(page, f"survey-form-{scheme}")
    page.evaluate("document.querySelector('form[method=post]').noValidate = true")
    choose(page, "waktu", 2)
    page.locator("#comment").fill("Antrean lama\nsekali")
    page.locator("#send button").click()
    page.locator("#error-summary").wait_for()
    assert page.locator('input[name="e_waktu"][value="2"]').is_checked()
    assert page.locator("#comment").input_value() == "Antrean lama\nsekali"
    assert page.locator("#error-summary li").count() == 8
    assert_accessible(page)
    look(page, f"survey-errors-{scheme}")
    answer_all(page, 3)
    page.locator("#send button").click()
    page.wait_for_url("**/terima-kasih/**")
    assert_accessible(page)
    page.goto("/q/ABCDEFGHJKMNPQ/")
    assert_accessible(page)
    look(page, f"survey-unknown-code-{scheme}")


def test_a_question_fills_the_phone_and_the_link_leads_to_the_next(phone_without_javascript, point):
    page = phone_without_javascript
    page.goto(f"/q/{point.code}/#s1")
    height = page.viewport_size["height"]
    boxes = [page.locator(f"#s{number}").bounding_box() for number in range(1, 10)]
    assert all(box["height"] >= height * 0.9 for box in boxes)
    assert all(box["height"] <= height * 1.25 for box in boxes)
    cards = page.locator("#s1 .choice")
    assert all(cards.nth(place).bounding_box()["height"] >= 56 for place in range(4))
    page.locator('#s1 a[href="#s2"]').click()
    assert page.url.endswith("#s2")


def test_index_and_poster_are_accessible(phone, desktop, section, point, editor, sign_in, assert_accessible, look):
    for value in (2, 3, 4, 3, 3, 3, 2, 4, 4, 3, 3):
        answer(point.survey, value, at=point.survey.current_version.published_at)
    phone.goto(section.url)
    assert_accessible(phone)
    sign_in(desktop, editor)
    desktop.goto(f"/admin/service-points/{point.pk}/poster/")
    assert_accessible(desktop)
    look(desktop, "poster")
    desktop.goto("/survei/")
    assert_accessible(desktop)
