"""A kiosk in a browser: it forgets whoever stood there. Without network it is met in test_whole_survey.py."""

import pytest

from surveys.models import Device
from tests.cms.factories import make_site
from tests.surveys.factories import SurveyFactory

from .kiosk import SCREEN, open_device, stored

TABLET = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}
SMALL = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def survey(site_url, agency, service):
    make_site(agency.region)
    return SurveyFactory(agency=agency, title="Survei kepuasan pelayanan", service=service)


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
