"""A pile of paper forms at the keyboard: digits jump on, Enter saves, a second person checks, answers come of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.permissions import Role
from surveys.models import PaperBatch, Response
from surveys.services.paper import open_batch
from tests.cms.factories import make_site
from tests.factories import StaffFactory
from tests.surveys.factories import SurveyFactory, make_point

SHEETS = {1: "344434343", 2: "233323433"}


@pytest.fixture
def point(site_url, agency, service):
    make_site(agency.region)
    return make_point(SurveyFactory(agency=agency, title="Survei kepuasan pelayanan", service=service), name="Loket 3")


@pytest.fixture
def batch(point, officer):
    now = timezone.now()
    return open_batch(
        version=point.survey.current_version,
        point=point,
        answered_on=(now - timedelta(days=2)).date(),
        expected=2,
        check_share=100,
        actor=officer,
        now=now,
    )


def type_sheet(page, digits):
    """Profile by number, nine digits, Enter: no key more."""
    page.keyboard.type("1354" + digits)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.slow
def test_a_pile_of_paper_becomes_answers(new_page, desktop, sign_in, officer, agency, batch, assert_accessible, look):
    colleague = StaffFactory(username="kolega", name="Kolega", grants=[(Role.LIAISON, agency)])
    address = reverse("paper_batches:entry", args=[batch.pk])
    sign_in(desktop, officer)
    desktop.goto(address)
    look(desktop, "paper-entry")
    assert_accessible(desktop)
    for number, digits in SHEETS.items():
        assert str(number) in desktop.locator(".paper__count").inner_text()
        type_sheet(desktop, digits)
    desktop.locator("[name=e_waktu]").press_sequentially("7")
    assert desktop.locator("[name=e_waktu]").input_value() == ""

    second = new_page(viewport={"width": 360, "height": 740})
    sign_in(second, colleague)
    second.goto(reverse("paper_batches:check", args=[batch.pk]))
    look(second, "paper-check")
    assert_accessible(second)
    for _sheet in SHEETS:
        number = int("".join(filter(str.isdigit, second.locator(".paper__count").inner_text())))
        type_sheet(second, SHEETS[number].replace("344434", "341434"))
    look(second, "paper-batch")
    assert_accessible(second)
    second.goto(reverse("paper_batches:settle", args=[batch.pk, 1]))
    look(second, "paper-settle")
    assert_accessible(second)
    with second.expect_navigation():
        second.locator("form.paper__form button[type=submit]").click()

    desktop.goto(reverse("paper_batches:batch", args=[batch.pk]))
    look(desktop, "paper-batch")
    assert_accessible(desktop)
    with desktop.expect_navigation():
        desktop.locator("form[action$='/close/'] button").click()
    assert PaperBatch.objects.get().is_closed
    assert sorted(Response.objects.values_list("channel", "score_1")) == [("paper", 2), ("paper", 3)]


def test_a_point_offers_every_way_to_collect(new_page, desktop, sign_in, officer, point, assert_accessible, look):
    small = new_page(viewport={"width": 360, "height": 740})
    for page in (desktop, small):
        sign_in(page, officer)
        for name in ("inspect", "slips"):
            page.goto(reverse(f"service_points:{name}", args=[point.pk]))
            look(page, f"point-{name}")
            assert_accessible(page)
        page.goto(reverse("paper_batches:add") + f"?point={point.pk}")
        look(page, "paper-add")
    small.goto(reverse("service_points:interview", args=[point.pk]))
    look(small, "interview")
    assert_accessible(small)
