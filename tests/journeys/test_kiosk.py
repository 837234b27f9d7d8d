"""A kiosk in a browser: it asks without network, forgets whoever stood there, and brings every answer once."""

import json
import time

import pytest
from django.utils import timezone

from surveys.models import Channel, Device, Response
from surveys.services.devices import issue_code
from tests.cms.factories import make_site
from tests.surveys.devices import make_device
from tests.surveys.factories import SurveyFactory, make_point

SCREEN = {"viewport": {"width": 1280, "height": 800}}
TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}
SMALL = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def survey(site_url, agency, service):
    make_site(agency.region)
    return SurveyFactory(agency=agency, title="Survei kepuasan pelayanan", service=service)


def open_device(page, survey, **values):
    """Set the device up as a person does: open the page, type the code."""
    device = make_device(survey, point=make_point(survey, name="Lobi"), idle_seconds=15, **values)
    page.goto("/kios/#" + issue_code(device=device, now=timezone.now()))
    page.locator("#setup button").first.click()
    page.locator("[data-start]").wait_for()
    return device


def answer_all(page, score):
    page.locator("[data-start]").click()
    for _question in range(9):
        page.locator(f".step:not([hidden]) input[value='{score}']").check()
        page.locator("[data-next]").click()
    page.locator("[data-finish]").click()
    page.locator("[data-screen=thanks]").wait_for()


def wait_until(is_true):
    for _attempt in range(50):
        if is_true():
            return
        time.sleep(0.1)
    raise AssertionError("waited five seconds")


def stored(page, name):
    """Everything the browser keeps under a name, as text."""
    script = """name => new Promise(resolve => { const request = indexedDB.open('kios');
        request.onsuccess = () => { const all = request.result.transaction(name).objectStore(name).getAll();
        all.onsuccess = () => { request.result.close(); resolve(JSON.stringify(all.result)); }; }; })"""
    return page.evaluate(script, name)


def test_an_answer_given_offline_waits_in_sight_and_arrives_once(new_page, survey, assert_accessible, look):
    page = new_page(**SCREEN)
    open_device(page, survey)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    # After a power cut, without network: the page comes from the device itself.
    page.reload()
    answer_all(page, 4)
    look(page, "kiosk-thanks")
    page.locator("[data-some]").wait_for()
    assert page.locator("[data-some] b").inner_text() == "1"
    assert Response.objects.count() == 0
    assert len(json.loads(stored(page, "queue"))) == 1

    page.reload()
    assert page.locator("[data-some] b").inner_text() == "1"
    page.context.set_offline(False)
    page.locator("[data-none]").wait_for()
    answer = Response.objects.get()
    assert (answer.channel, answer.score_1, answer.language) == (Channel.KIOSK, 4, "id")
    assert stored(page, "queue") == "[]"
    wait_until(lambda: Device.objects.get().unsent == 0)


def test_whoever_leaves_is_forgotten(new_page, survey, assert_accessible, look):
    page = new_page(**SCREEN)
    open_device(page, survey)
    assert_accessible(page)
    look(page, "kiosk-start")
    page.clock.install()
    page.locator("[data-start]").click()
    page.locator(".step:not([hidden]) input[value='2']").check()
    assert_accessible(page)
    look(page, "kiosk-question")
    page.go_back()
    assert page.locator("[data-screen=form]").is_visible()

    page.clock.run_for(16_000)
    page.locator("dialog[data-warning]").wait_for()
    assert_accessible(page)
    look(page, "kiosk-warning")
    page.locator("[data-stay]").click()
    assert page.locator(".step:not([hidden]) input[value='2']").is_checked()
    page.clock.run_for(26_000)
    page.locator("[data-screen=start]").wait_for()
    assert page.locator("input:checked").count() == 0
    assert stored(page, "queue") == "[]"
    assert "e_" not in page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, location.href])"
    )


@pytest.mark.parametrize("size", [TABLET, SMALL], ids=["tablet", "small"])
def test_an_officer_asks_on_a_tablet_in_another_language(new_page, survey, assert_accessible, look, size):
    page = new_page(**size)
    open_device(page, survey, kind=Device.Kind.TABLET)
    assert_accessible(page)
    look(page, "tablet-start")
    page.locator("[data-start]").click()
    page.locator(".step:not([hidden]) input[value='3']").check()
    page.locator("[data-language=en]").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".step:not([hidden]) input[value='3']").is_checked()
    assert_accessible(page)
    look(page, "tablet-question")
    for target in page.locator("button:visible, .choice:visible").all():
        assert target.bounding_box()["height"] >= 72, target.inner_text()
    page.locator("[data-officer-open]").click()
    page.locator("[data-officer-panel]").wait_for()
    assert_accessible(page)
    look(page, "tablet-officer")
