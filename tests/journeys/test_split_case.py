"""One report for two offices: split at the desk, asked and answered at each, read as one case by its reporter."""

import pytest

from workflows.models import Complaint

from .browsing import DESKTOP, PHONE
from .casework import case_url, make_move, open_case, open_desk, photo, receipt_of, say, state_of

ROAD = "Lubang di jalan masuk sudah ditambal dan salurannya dibersihkan."
QUEUE = "Nomor antrean dibagikan di dalam gedung mulai pukul tujuh pagi."


@pytest.fixture
def staff(site_url, region, agency, verifier, officer, other_officer, new_page, sign_in):
    """The desk and one office at a table, the other office with a phone."""
    open_desk(region, agency)
    widths = {verifier: DESKTOP, officer: DESKTOP, other_officer: PHONE}
    return {person.username: sign_in(new_page(**width), person) for person, width in widths.items()}


@pytest.mark.slow
def test_a_case_of_two_offices_is_one_case_to_its_reporter(phone, staff, agency, other_agency, assert_accessible, look):
    number, code = filed(phone)
    road, queue = split(staff["verifier"], number, agency, other_agency)
    open_case(phone, number, code)
    asked_from_a_phone(staff["other_officer"], queue, assert_accessible, look)
    answered_by_the_reporter(phone, other_agency, assert_accessible, look)
    make_move(staff["other_officer"], queue, "follow_up", files=[photo()], answer=QUEUE)
    assert state_of(number) == "in_progress"
    make_move(staff["officer"], road, "accept")
    make_move(staff["officer"], road, "follow_up", files=[photo("tambalan.jpg", (60, 60, 60))], answer=ROAD)
    assert "tujuh pagi" not in staff["officer"].locator("main").inner_text()
    closed_by_the_reporter(phone, (agency, other_agency), assert_accessible, look)
    assert state_of(number) == "closed"
    for name in ("verifier", "other_officer"):
        staff[name].goto(case_url(number if name == "verifier" else queue))
        assert_accessible(staff[name])
        look(staff[name], f"split-end-{name}")


def filed(page):
    page.goto("/aduan/")
    page.locator("#id_title").fill("Antrean sampai ke jalan yang berlubang")
    page.locator("#id_body").fill("Antrean loket sampai ke luar pagar, tepat di jalan masuk yang berlubang.")
    page.locator("#id_is_anonymous").check()
    page.locator("button[name=send]").click()
    page.wait_for_url("**/aduan/diterima/")
    return receipt_of(page)


def split(verifier, number, agency, other_agency):
    """Each office gets a task of its own; the numbers of the parts."""
    make_move(verifier, number, "verify")
    tasks = {"agency_1": str(agency.pk), "task_1": "Tambal lubang di jalan masuk."}
    tasks |= {"agency_2": str(other_agency.pk), "task_2": "Atur antrean di pagi hari."}
    make_move(verifier, number, "split", **tasks)
    parts = Complaint.objects.filter(part_of__whole__reference=number).order_by("pk")
    assert verifier.locator(".s-parts > li").count() == 2
    return list(parts.values_list("reference", flat=True))


def asked_from_a_phone(page, part, assert_accessible, look):
    """Two taps accept the part; its office asks the reporter itself."""
    page.goto("/admin/pengaduan/")
    page.locator(f"a[href='{case_url(part)}']").first.click()
    page.wait_for_url(f"**{case_url(part)}*")
    with page.expect_navigation():
        page.locator(".s-quick form button").click()
    assert state_of(part) == "in_progress"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert_accessible(page)
    look(page, "split-part")
    make_move(page, part, "request_info", question="Hari apa antreannya paling panjang?")
    assert state_of(part) == "needs_info"


def answered_by_the_reporter(page, office, assert_accessible, look):
    page.reload()
    assert office.name in page.locator("#answer").inner_text()
    assert_accessible(page)
    look(page, "split-question")
    say(page, "reply_part", "Hari Senin, dari pukul tujuh sampai sembilan.")
    assert "pukul tujuh sampai sembilan" in page.locator(".timeline").inner_text()


def closed_by_the_reporter(page, offices, assert_accessible, look):
    """One answer of each office, under its name; one button closes the case."""
    page.reload()
    words = page.locator(".timeline").inner_text()
    assert all(words.count(text) == 1 for text in (ROAD, QUEUE))
    assert all(office.name in words for office in offices)
    assert_accessible(page)
    look(page, "split-answered")
    say(page, "confirm")
