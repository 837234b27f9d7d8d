"""How staff and a reporter go through one case in the browser; each has a page of a browser profile of their own."""

import io

from PIL import Image

from tests.cms.factories import make_site
from workflows.models import Complaint, ComplaintDesk
from workflows.services.calendars import load_calendars
from workflows.services.policies import load_sla_policies


def open_desk(region, agency):
    """The complaint desk of a region with its website, holidays and limits."""
    make_site(region)
    load_calendars()
    load_sla_policies()
    return ComplaintDesk.objects.create(region=region, prefix="BKL", coordinator=agency)


def photo(name="lubang.jpg", colour=(120, 110, 90)):
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def receipt_of(page):
    """Number and secret code."""
    return [element.inner_text() for element in page.locator(".code").all()]


def open_case(page, number, code):
    """The reporter's own page of a case."""
    page.goto("/aduan/lacak/")
    page.locator("#id_reference").fill(number)
    page.locator("#id_code").fill(code)
    page.locator("main form button").click()
    page.wait_for_url("**/aduan/lacak/kasus/")


def say(page, action, words="", files=()):
    """What the reporter does on that page."""
    page.reload()
    if words:
        page.locator("#id_words").fill(words)
    if files:
        page.set_input_files("#id_files", list(files))
    with page.expect_navigation():
        page.locator(f"#answer button[value={action}]").click()


def case_url(number):
    return f"/admin/pengaduan/{number}/"


def make_move(page, number, move, files=(), **typed):
    """One move on the case page of the staff, opened as people do: from its summary."""
    page.goto(case_url(number))
    box = page.locator(f"#move-{move}")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    for name, value in typed.items():
        field = box.locator(f"[name={move}-{name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    if files:
        box.locator(f"[name={move}-files]").set_input_files(list(files))
    with page.expect_navigation():
        box.locator("form .s-actions button").click()


def offered(page, number):
    """The keys of the moves a person has now."""
    page.goto(case_url(number))
    return {box.get_attribute("data-move") for box in page.locator("[data-move]").all()}


def state_of(number):
    return Complaint.objects.get(reference=number).status
