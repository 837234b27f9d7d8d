"""One survey from an editor's idea to a badge on another website, as everybody on its way meets it."""

import json
from datetime import timedelta

import pypdfium2
import time_machine
import zxingcpp
from django.utils import timezone
from playwright.sync_api import expect

from core.periods import PeriodKind, period_of
from surveys.models import Device, Response, ServicePoint, SurveyPage
from tests.surveys.factories import ELEMENTS_2017, answer

from .kiosk import SCREEN, answer_all, open_device, stored, wait_until

TITLE, QUEUE, FAIR = "Survei kepuasan pelayanan", "Apakah Anda mengantre?", "Apakah antreannya teratur?"


def test_a_survey_from_its_first_word_to_its_badge(
    desktop, phone_without_javascript, new_page, section, agency, editor, agency_head, sign_in, assert_accessible, look
):
    survey = written(sign_in(desktop, editor), section, look)
    point, scanned = printed(desktop, survey, agency.services.get(), look)
    for _ in range(9):
        answer(survey, 3, at=timezone.now())
    answered_on_a_phone(phone_without_javascript, scanned, agency, look)
    assert index_on(phone_without_javascript, section) == "77,50"  # 25 * (9 * 3 + 4) / 10
    answered_offline(new_page(**SCREEN), point, look)
    assert index_on(phone_without_javascript, section) == "79,55"  # 25 * (9 * 3 + 2 * 4) / 11
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        publish_last_month(sign_in(desktop, agency_head), agency, look)
        desktop.goto(f"/lencana/opd/{agency.code}/")
        assert "79,55" in desktop.locator("body").inner_text()
        assert_accessible(desktop)


def written(page, section, look):
    """The editor adds two questions of which the second depends on the first, and publishes."""
    page.goto(f"/admin/pages/add/surveys/surveypage/{section.pk}/", wait_until="networkidle")
    page.locator("#id_title").press_sequentially(TITLE)
    page.keyboard.press("Tab")
    # The address follows the title once the editor's scripts run; nobody types faster than they load.
    expect(page.locator("#id_slug")).to_have_value("survei-kepuasan-pelayanan")
    assert page.locator(".official-questions li").count() == 9
    for place, words in enumerate((QUEUE, FAIR)):
        page.locator('[data-contentpath="questions"] .c-sf-add-button').last.click()
        page.get_by_role("option", name="Ya atau tidak").click()
        page.locator(f"[name=questions-{place}-value-label]").fill(words)
    only_if(page.locator('[data-contentpath="show_if"]').last)
    look(page, "survey-editor")
    page.locator('footer [data-controller~="w-dropdown"] [data-w-dropdown-target="toggle"]').click()
    # Saving by itself changes the address too: only the list of the section says that it was published.
    page.locator('[name="action-publish"]').click()
    page.wait_for_url(f"**/admin/pages/{section.pk}/")
    survey = SurveyPage.objects.get(title=TITLE).survey
    first, second = survey.current_version.definition["questions"]
    assert second["show_if"] == {"field": f"q_{first['id']}", "any_of": ["yes"]}
    return survey


def only_if(condition):
    """Chosen by words; nobody has to know a code."""
    condition.locator("[data-panel-toggle]").click()
    condition.locator("select").select_option(label=QUEUE)
    condition.get_by_role("checkbox").first.check()
    expect(condition.locator("[data-panel-heading-text]")).to_contain_text(QUEUE)


def printed(page, survey, service, look):
    """A service point, and its code as a camera reads it from the poster that comes out of the printer."""
    page.goto("/admin/service-points/new/")
    page.locator("#id_survey").select_option(str(survey.pk))
    page.locator("#id_service").select_option(str(service.pk))
    page.locator("#id_name").fill("Loket 3")
    with page.expect_navigation():
        page.locator('form [type="submit"]').last.click()
    point = ServicePoint.objects.get()
    page.goto(f"/admin/service-points/{point.pk}/poster/")
    look(page, "poster")
    sheets = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
    codes = zxingcpp.read_barcodes(sheets[0].render(scale=2).to_pil().convert("L"))
    return point, codes[0].text


def answered_on_a_phone(page, scanned, agency, look):
    page.goto(scanned)
    assert agency.name in page.content()
    for code in ELEMENTS_2017:
        page.locator(f'input[name="e_{code}"][value="4"]').check()
    page.locator('input[name^="q_"][value="yes"]').first.check()
    page.locator("#send button").click()
    page.wait_for_url("**/terima-kasih/**")
    look(page, "survey-thanks")
    assert page.context.cookies() == []
    assert Response.objects.filter(channel="qr", service_point__name="Loket 3").count() == 1


def answered_offline(page, point, look):
    """The answer waits in sight through a power cut and arrives once."""
    open_device(page, point.survey, point=point)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    # Without network the page comes from the device itself.
    page.reload()
    answer_all(page, 4)
    look(page, "kiosk-thanks")
    page.locator("[data-some]").wait_for()
    page.reload()
    assert page.locator("[data-some] b").inner_text() == "1"
    assert len(json.loads(stored(page, "queue"))) == 1
    assert not Response.objects.filter(channel="kiosk").exists()
    page.context.set_offline(False)
    page.locator("[data-none]").wait_for()
    kept = Response.objects.get(channel="kiosk")
    assert (kept.score_1, kept.language, len(kept.answers)) == (4, "id", 2)
    assert stored(page, "queue") == "[]"
    wait_until(lambda: Device.objects.get().unsent == 0)


def index_on(page, section):
    page.goto(section.url)
    return page.locator(".score__value").inner_text()


def publish_last_month(page, agency, look):
    month = period_of(Response.objects.latest("period_on").period_on, PeriodKind.MONTH)
    page.goto("/admin/published-results/publish/")
    page.locator("#id_subject").select_option(label=agency.name)
    page.locator("#id_period").select_option(month.key)
    with page.expect_navigation():
        page.locator("form.s-form button[type=submit]").click()
    look(page, "result-preview")
    with page.expect_navigation():
        page.locator("form.s-form button[type=submit]").click()
    look(page, "result-published")
