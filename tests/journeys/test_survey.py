"""From an editor's idea to a moved index: write, publish, print, scan, answer, read."""

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from core.services import sync_roles
from surveys.models import Response, ServicePoint, SurveyPage
from tests.cms.factories import make_section, make_site
from tests.surveys.factories import SurveyFactory, answer, instrument, make_point

BYTES, REQUESTS = 20_000, 3


@pytest.fixture
def section(site_url, agency, service):
    make_site(agency.region)
    page = make_section(agency)
    instrument()
    sync_roles()
    return page


@pytest.fixture
def point(section, agency, service):
    return make_point(SurveyFactory(agency=agency), name="Loket 3", service=service)


def choose(page, code, score):
    page.locator(f'input[name="e_{code}"][value="{score}"]').check()


def answer_all(page, score):
    for name in page.locator('input[name^="e_"][value="1"]').evaluate_all("inputs => inputs.map(input => input.name)"):
        choose(page, name.removeprefix("e_"), score)


def test_an_editor_publishes_a_survey_and_a_citizen_moves_the_index(
    desktop, phone_without_javascript, section, agency, editor, sign_in, assert_accessible, look
):
    sign_in(desktop, editor)
    desktop.goto(f"/admin/pages/add/surveys/surveypage/{section.pk}/", wait_until="networkidle")
    desktop.locator("#id_title").press_sequentially("Survei kepuasan pelayanan")
    desktop.keyboard.press("Tab")
    # The address follows the title once the editor's scripts run; nobody types faster than they load.
    expect(desktop.locator("#id_slug")).to_have_value("survei-kepuasan-pelayanan")
    assert desktop.locator(".official-questions li").count() == 9
    look(desktop, "survey-editor")
    desktop.locator('footer [data-controller~="w-dropdown"] [data-w-dropdown-target="toggle"]').click()
    # Saving by itself changes the address too: only the list of the section says that it was published.
    desktop.locator('[name="action-publish"]').click()
    desktop.wait_for_url(f"**/admin/pages/{section.pk}/")
    survey = SurveyPage.objects.get(title="Survei kepuasan pelayanan").survey

    desktop.goto("/admin/service-points/new/")
    desktop.locator("#id_survey").select_option(str(survey.pk))
    desktop.locator("#id_service").select_option(str(agency.services.get().pk))
    desktop.locator("#id_name").fill("Loket 3")
    with desktop.expect_navigation():
        desktop.locator('form [type="submit"]').last.click()
    point = ServicePoint.objects.get()
    desktop.goto(f"/admin/service-points/inspect/{point.pk}/")
    look(desktop, "service-point")
    image = desktop.request.get(f"/admin/service-points/{point.pk}/qr.png").body()
    scanned = zxingcpp.read_barcodes(Image.open(BytesIO(image)).convert("L"))[0].text

    for _ in range(9):
        answer(survey, 3, at=survey.current_version.published_at)
    citizen = phone_without_javascript
    citizen.goto(section.url)
    assert citizen.locator(".score__value").count() == 0
    citizen.goto(scanned)
    assert agency.name in citizen.content()
    answer_all(citizen, 4)
    citizen.locator("#send button").click()
    citizen.wait_for_url("**/terima-kasih/**")
    look(citizen, "survey-thanks")
    assert citizen.context.cookies() == []
    assert Response.objects.filter(service_point=point, channel="qr").count() == 1

    citizen.goto(section.url)
    # 25 * (9 * 3 + 4) / 10
    assert citizen.locator(".score__value").inner_text() == "77,50"
    look(citizen, "agency-index")


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
    assert len(pypdfium2.PdfDocument(desktop.pdf(prefer_css_page_size=True))) == 1
    desktop.goto("/survei/")
    assert_accessible(desktop)
