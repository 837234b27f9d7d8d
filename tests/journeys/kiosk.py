"""A kiosk as people use it: set up by a code, answered at the screen, looked into by a test."""

import time

from django.utils import timezone

from surveys.services.devices import issue_code
from tests.surveys.devices import make_device
from tests.surveys.factories import make_point

SCREEN = {"viewport": {"width": 1280, "height": 800}}


def open_device(page, survey, *, point=None, **values):
    """Set the device up as a person does: open the page, type the code."""
    point = point or make_point(survey, name="Lobi")
    device = make_device(survey, point=point, idle_seconds=15, **values)
    page.goto("/kios/#" + issue_code(device=device, now=timezone.now()))
    page.locator("#setup button").first.click()
    page.locator("[data-start]").wait_for()
    return device


def answer_all(page, score):
    """The score everywhere, yes to own questions, up to the thanks."""
    page.locator("[data-start]").click()
    choice = page.locator(f".step:not([hidden]) input:is([value='{score}'], [value='yes'])").first
    while page.locator("[data-next]").is_visible():
        choice.check()
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
