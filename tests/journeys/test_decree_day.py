"""Decree day: days off come after people were given their dates; what moves, who decides, what everybody reads."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from core.delivery import deliver_due
from tests.workflows.factories import FILED_AT, Walk, cast_of, make_receipt
from workflows.models import CalendarProposal, Complaint
from workflows.services.identity import Identity
from workflows.states import Klass, Status

from .browsing import DESKTOP
from .casework import open_case, open_desk

SOURCE = "Keputusan Bupati 7/2026"
OFF = "19 Mei 2026"
# From Tuesday 26 May over Iduladha and its joint leave to Friday, when offices close at 16.30.
MOVED = datetime(2026, 5, 29, 9, 30, tzinfo=UTC)


@pytest.fixture
def desk(site_url, region, agency, verifier, officer, agency_head, regional_admin):
    return open_desk(region, agency)


@pytest.fixture
def long_case(desk, region):
    """At an agency, due after the day off: it must move. With the reporter's code."""
    receipt = make_receipt(region, identity=Identity(name="Siti", email="siti@example.org"))
    Walk(receipt.complaint, cast_of(region), FILED_AT).to(Status.FORWARDED)
    return receipt


@pytest.fixture
def short_case(desk, region):
    """Due before the day off: it stays."""
    return make_receipt(region, klass=Klass.INFORMATION_REQUEST).complaint


def due(case):
    return Complaint.objects.get(pk=case.pk).due_at


@pytest.mark.slow
def test_a_decree_moves_what_it_must_after_a_second_person_agreed(
    new_page, phone, sign_in, verifier, regional_admin, officer, long_case, short_case, assert_accessible, look
):
    case = long_case.complaint
    before = due(case), due(short_case)
    with time_machine.travel(FILED_AT + timedelta(days=2)):
        author, second, reader = (sign_in(new_page(**DESKTOP), who) for who in (verifier, regional_admin, officer))
        put_forward(author, look)
        previewed(author, case, short_case, assert_accessible, look)
        assert (due(case), due(short_case)) == before
        approved(second, look)
        assert (due(case), due(short_case)) == (MOVED, before[1])
        explained(reader, phone, long_case, assert_accessible, look)
        told(case)


def put_forward(page, look):
    """Pasted as it stands in the decree; a line without a day is said back."""
    page.goto("/admin/calendar_changes/")
    page.locator("header a[href$='/perubahan/days/baru/']").click()
    for name, value in {"title": "Hari jadi", "source": SOURCE, "decided_on": "2026-05-05"}.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_known_from").fill("2026-05-06")
    page.locator("#id_kind").select_option("local")
    page.locator("#id_text").fill("hari pasaran")
    save = page.locator("form.s-form .s-actions button")
    save.click()
    page.locator("#id_text[aria-invalid=true]").wait_for()
    page.locator("#id_text").fill(f"Selasa, {OFF} Hari jadi kabupaten")
    look(page, "decree-form")
    save.click()
    page.wait_for_url("**/admin/tenggat/perubahan/*/")


def previewed(page, case, other, assert_accessible, look):
    """Which case moves and how; whoever put it forward cannot approve it."""
    change = CalendarProposal.objects.get()
    assert (change.status, change.summary["cases"], change.summary["checked"] > 1) == ("waiting", 1, True)
    words = page.locator("main").inner_text()
    assert case.reference in words
    assert other.reference not in words
    assert page.locator("button[value=approve]").count() == 0
    assert_accessible(page)
    look(page, "decree-preview")


def approved(page, look):
    page.goto("/admin/calendar_changes/")
    page.locator("main").get_by_role("link", name="Hari jadi").first.click()
    with page.expect_navigation():
        page.locator("button[value=approve]").click()
    change = CalendarProposal.objects.get()
    assert (change.status, change.decided_by.username) == ("applied", "regional_admin")
    assert page.locator("button[value=approve]").count() == 0
    look(page, "decree-approved")


def explained(officer, reporter, receipt, assert_accessible, look):
    """Staff and citizen read the same day with the same source, and one line in the record says that it moved."""
    case = receipt.complaint
    assert case.events.filter(action="calendar_changed").count() == 1
    officer.goto(f"/admin/pengaduan/{case.reference}/tenggat/")
    assert SOURCE in source_of_day(officer)
    look(officer, "decree-why-staff")
    open_case(reporter, case.reference, receipt.code)
    assert SOURCE in reporter.locator(".timeline").inner_text() or reporter.locator(".timeline > li").count() > 3
    reporter.locator("a[href$='/aduan/lacak/tenggat/']").first.click()
    assert SOURCE in source_of_day(reporter)
    assert_accessible(reporter)
    look(reporter, "decree-why")


def source_of_day(page):
    """The note that the day off points to."""
    link = page.locator("tr", has_text=f"{OFF}").first.locator("a[href^='#']")
    return page.locator(f"[id='{link.get_attribute('href')[1:]}']").inner_text()


def told(case):
    """One message, however often the outbox is emptied."""
    for _ in range(2):
        deliver_due(timezone.now())
    letters = [letter for letter in mail.outbox if letter.to == ["siti@example.org"] and SOURCE in letter.body]
    assert [(case.reference in letter.body, "29 Mei 2026" in letter.body) for letter in letters] == [(True, True)]
