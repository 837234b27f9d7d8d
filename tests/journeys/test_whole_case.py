"""One complaint from a photo of a hole to the figures everybody reads, as each of seven people meets it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.permissions import Role
from tests.factories import StaffFactory
from tests.workflows.factories import make_complaint
from workflows.actors import ReporterGrant
from workflows.models import Satisfaction
from workflows.services.satisfaction import rate_case

from .browsing import DESKTOP, PHONE
from .casework import case_url, make_move, offered, open_case, open_desk, photo, receipt_of, say, state_of

# Monday, 08.00 in Bangkalan.
START = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def desk(site_url, region, agency, verifier, officer, agency_head, regional_admin):
    """The complaint desk of a region with its website; four earlier cases were closed and rated."""
    open_desk(region, agency)
    for stars in (3, 3, 4, 4):
        case = make_complaint("closed", region=region, now=START - timedelta(days=7))
        judged = {"stars": stars, "is_remedied": "yes", "was_clear": "yes"}
        rate_case(complaint_id=case.pk, actor=ReporterGrant(case.pk), **judged)


@pytest.fixture
def staff(desk, new_page, sign_in, region, verifier, officer, other_officer, regional_admin):
    """A browser of their own for everybody, by user name."""
    arbiter = StaffFactory(username="arbiter", name="Penengah", grants=[(Role.VERIFIER, region)])
    people = (verifier, officer, other_officer, regional_admin, arbiter)
    return {person.username: sign_in(new_page(**DESKTOP), person) for person in people}


@pytest.mark.slow
def test_from_a_photo_of_a_hole_to_the_figures_everybody_reads(
    phone, staff, new_page, agency, other_agency, officer, sign_in, assert_accessible, look
):
    with time_machine.travel(START):
        before = public_figures(phone)
        number, code = filed(phone)
        open_case(phone, number, code)
        asked_and_answered(phone, staff["verifier"], number, look)
        returned_twice(staff, number, agency, other_agency)
        decided_by_the_arbiter(staff, number, agency, look)
        answered_on_a_phone(sign_in(new_page(**PHONE), officer), number, assert_accessible, look)
        reviewed(phone, staff, number, assert_accessible, look)
        rated(phone, assert_accessible, look)
        after = public_figures(phone, look)
    assert before == ["4", "100,0 %", before[2], "–"]
    assert after == ["5", "100,0 %", after[2], "3,8"]  # (3 + 3 + 4 + 4 + 5) / 5
    assert number in staff["verifier"].locator("main").inner_text()


def public_figures(page, look=lambda *_: None):
    page.goto("/aduan/statistik/")
    look(page, "case-statistics")
    return [value.inner_text() for value in page.locator(".stats .stat__value").all()]


def filed(page):
    page.goto("/aduan/")
    page.locator("#id_title").fill("Lubang di Jalan Teuku Umar")
    page.locator("#id_body").fill("Lubang sedalam lutut di depan Puskesmas, sudah tiga orang jatuh.")
    page.set_input_files("#id_files", [photo()])
    page.locator("#id_is_anonymous").check()
    page.locator("button[name=send]").click()
    page.wait_for_url("**/aduan/diterima/")
    return receipt_of(page)


def asked_and_answered(reporter, verifier, number, look):
    """The question stops the clock; the answer comes back with a second photo."""
    verifier.goto("/admin/pengaduan/")
    verifier.get_by_role("link", name="Lubang di Jalan Teuku Umar").click()
    verifier.wait_for_url(f"**{case_url(number)}")
    make_move(verifier, number, "request_info", question="Di sisi utara atau selatan Puskesmas?")
    assert state_of(number) == "needs_info"
    reporter.reload()
    assert "sisi utara atau selatan" in reporter.locator(".timeline").inner_text()
    say(reporter, "reply", "Di sisi utara, dekat halte.", [photo("halte.jpg", (10, 90, 60))])
    assert state_of(number) == "received"
    make_move(verifier, number, "verify")
    look(verifier, "case-verified")


def returned_twice(staff, number, agency, other_agency):
    """Two offices say "not ours", each to its own face."""
    for name, office in (("officer", agency), ("other_officer", other_agency)):
        make_move(staff["verifier"], number, "forward", agency=str(office.pk))
        make_move(
            staff[name], number, "return_to_coordinator", reason="not_ours", explanation="Bukan ruas yang kami tangani."
        )
        assert staff[name].goto(case_url(number)).status in (200, 404)
    assert state_of(number) == "verified"


def decided_by_the_arbiter(staff, number, agency, look):
    """Named by the administrator; nobody else of the desk can forward now, and the decision binds."""
    admin = staff["regional_admin"]
    admin.goto("/admin/pengaduan/pengembalian/")
    admin.locator("form[action*='/penengah/'] select").select_option(label="Penengah")
    with admin.expect_navigation():
        admin.locator("form[action*='/penengah/'] button").click()
    look(admin, "case-returns")
    assert "forward" not in offered(staff["verifier"], number)
    assert "forward" in offered(staff["arbiter"], number)
    make_move(staff["arbiter"], number, "forward", agency=str(agency.pk))
    look(staff["arbiter"], "case-arbiter")


def answered_on_a_phone(page, number, assert_accessible, look):
    """Two taps accept; what the arbiter sent cannot go back."""
    page.goto("/admin/pengaduan/")
    page.get_by_role("link", name="Lubang di Jalan Teuku Umar").click()
    with page.expect_navigation():
        page.locator(".s-quick form button").click()
    assert state_of(number) == "in_progress"
    assert "return_to_coordinator" not in offered(page, number)
    assert_accessible(page)
    words = "Lubang sudah ditambal pada hari Selasa oleh regu pemeliharaan jalan."
    make_move(page, number, "follow_up", files=[photo("tambalan.jpg", (60, 60, 60))], answer=words)
    assert state_of(number) == "followed_up"
    look(page, "case-answered")


def reviewed(reporter, staff, number, assert_accessible, look):
    """The reporter sees the evidence and disagrees; somebody who has not answered looks again and closes."""
    reporter.reload()
    evidence = reporter.locator(".timeline > li").last.locator(".files a").get_attribute("href")
    assert reporter.request.get(evidence).headers["content-type"] == "image/jpeg"
    look(reporter, "case-followed-up")
    say(reporter, "not_solved", "Tambalannya sudah lepas lagi pagi ini.")
    assert state_of(number) == "in_review"
    assert offered(staff["officer"], number).isdisjoint({"close", "follow_up"})
    result = "Sudah ditinjau bersama: seluruh ruas diaspal ulang pada hari Rabu."
    make_move(
        staff["verifier"], number, "close", files=[photo("aspal.jpg", (20, 20, 20))], result=result, reason="remedied"
    )
    assert state_of(number) == "closed"
    assert_accessible(staff["verifier"])
    look(staff["verifier"], "case-closed")


def rated(reporter, assert_accessible, look):
    reporter.reload()
    assert_accessible(reporter)
    reporter.locator("[name=stars][value='5']").check()
    reporter.locator("[name=is_remedied][value=yes]").check()
    reporter.locator("[name=was_clear][value=yes]").check()
    with reporter.expect_navigation():
        reporter.locator("#rating button").click()
    look(reporter, "case-rated")
    assert Satisfaction.objects.latest("pk").stars == 5
