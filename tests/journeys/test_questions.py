"""Every type of question, on one page and one per page: accessible, usable by eye, by keyboard and without script."""

import pytest
from wagtail.documents.models import Document

from surveys.models import Response
from tests.cms.factories import make_site
from tests.surveys.every_type import GRADE, PHOTO, QUEUE, WHY, every_type
from tests.surveys.factories import ELEMENTS_2017, make_point
from tests.surveys.pages import make_survey_page, yes_no

BYTES, REQUESTS = 20_000, 3


@pytest.fixture
def one_page(site_url, agency, service):
    make_site(agency.region)
    return f"/q/{make_point(every_type(agency), service=service).code}/"


@pytest.fixture
def per_question(site_url, agency, service):
    make_site(agency.region)
    return f"/q/{make_point(every_type(agency, layout='per_question'), service=service).code}/"


def field(page, name, value):
    return page.locator(f'input[name="{name}"][value="{value}"]')


def go(page):
    with page.expect_navigation():
        page.locator("#go").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_questions_on_one_page(new_page, one_page, scheme, assert_accessible, look):
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.goto(one_page)
    assert_accessible(page)
    follower, reason = page.locator(f'input[name="q_{WHY}"]').first, page.locator("#r_waktu")
    assert not follower.is_visible()
    assert not reason.is_visible()
    field(page, "e_waktu", 2).check()
    field(page, f"q_{QUEUE}", "yes").check()
    assert follower.is_visible()
    assert reason.is_visible()
    page.evaluate("document.querySelector('form[method=post]').noValidate = true")
    with page.expect_navigation():
        page.locator("#send button").click()
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.locator(f"#q_{WHY}-error").is_visible()
    assert_accessible(page)
    look(page, f"questions-errors-{scheme}")


def test_one_question_per_page_by_keyboard(new_page, per_question, assert_accessible, look):
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto(per_question)
    seen, checked = set(), {"start", f"q_{QUEUE}", f"q_{GRADE}", f"q_{PHOTO}", "q_" + "7" * 32, "about"}
    while not page.locator(".check").count():
        name = page.locator('input[name="page"]').input_value()
        seen.add(name)
        if name in checked:
            assert_accessible(page)
        if name == "e_waktu":
            go(page)
            assert page.title().startswith("Kesalahan: ")
            assert page.evaluate("document.activeElement.id") == "error-summary"
            assert_accessible(page)
        box = page.locator("input[type=radio], input[type=checkbox]").first
        if box.count():
            box.focus()
            page.keyboard.press("Space")
        look(page, f"question-{len(seen)}")
        go(page)
    assert f"q_{WHY}" in seen
    assert_accessible(page)
    look(page, "questions-check")
    go(page)
    assert page.locator("#offer").is_visible()
    assert_accessible(page)
    assert Response.objects.get().is_complete


def test_a_phone_without_javascript_answers_one_question_per_page(phone_without_javascript, per_question, wire_size):
    page = phone_without_javascript
    page.goto(per_question)
    go(page)
    for code in ELEMENTS_2017:
        cards = page.locator(".choice")
        assert all(cards.nth(place).bounding_box()["height"] >= 56 for place in range(4))
        field(page, f"e_{code}", 3).check()
        go(page)
    assert page.locator("h1").inner_text() == "Apakah Anda mengantre?"
    assert page.context.cookies() == []
    wire = wire_size(per_question)
    assert wire.total <= BYTES
    assert wire.requests <= REQUESTS


def test_every_type_together_stays_light(wire_size, one_page):
    wire = wire_size(one_page)
    assert wire.total <= BYTES
    # A recording is fetched when somebody plays it.
    assert wire.requests <= REQUESTS


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_forced_colours_and_large_text_break_nothing(new_page, one_page, size, assert_accessible, look):
    page = new_page(viewport={"width": 360, "height": 740}, forced_colors="active")
    page.goto(one_page)
    page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", size)
    field(page, "e_waktu", 4).check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(page, f"questions-forced-{size.rstrip('%')}")
    if size == "100%":
        assert_accessible(page)


MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext(), out = context.createMediaStreamDestination(), tone = context.createOscillator();
  tone.connect(out);
  tone.start();
  return out.stream;
};
"""


def test_an_editor_records_a_question(desktop, section, editor, sign_in, look):
    draft = make_survey_page(section, questions=[yes_no("Apakah Anda mengantre?")])
    page = sign_in(desktop, editor)
    page.add_init_script(MICROPHONE)
    page.goto(f"/admin/pages/{draft.pk}/edit/")
    javanese = page.locator('[data-contentpath="audio_jv"]')
    page.locator("section.w-panel", has=javanese).last.locator("[data-panel-toggle]").first.click()
    button = javanese.locator(".survey-recorder button")
    idle = button.inner_text()
    button.click()
    page.wait_for_function("([button, idle]) => button.textContent !== idle", arg=[button.element_handle(), idle])
    button.click()
    javanese.locator("audio").wait_for()
    look(page, "survey-recording")
    document = Document.objects.get()
    assert document.title == "Apakah Anda mengantre? (jv)"
    assert javanese.locator("input").first.input_value() == str(document.pk)
