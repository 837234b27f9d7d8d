"""A citizen files without a name, keeps the receipt, tracks the case, answers; with and without a script."""

import pytest

from core.models import User
from workflows.models import Complaint
from workflows.services import desk
from workflows.states import Status

from .casework import open_case, photo, receipt_of

# One worker loads the demo for all of them.
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("demo")]


def fill(page):
    page.locator("#id_title").fill("Jembatan dusun retak")
    page.locator("#id_body").fill("Jembatan antardusun retak di tengah, berbahaya untuk anak sekolah.")


def send(page):
    """The demo has a published case about a bridge: who reports another one sends once more, with everything kept."""
    page.locator("button[name=send]").click()
    page.locator("section[aria-labelledby=similar] a").wait_for()
    assert page.locator("#id_title").input_value() == "Jembatan dusun retak"
    page.locator("button[name=send]").click()


@pytest.mark.slow
def test_from_a_report_with_a_photo_to_an_answered_question(phone, demo, assert_accessible, look):
    phone.goto("/aduan/")
    assert_accessible(phone)
    fill(phone)
    phone.locator("#id_district").select_option(label="Kamal")
    phone.locator("#id_village option:nth-child(2)").wait_for(state="attached")
    phone.locator("#id_village").select_option(index=1)
    phone.set_input_files("#id_files", [photo()])
    phone.locator("#id_is_anonymous").check()
    send(phone)
    phone.wait_for_url("**/aduan/diterima/")
    assert_accessible(phone)
    look(phone, "receipt")
    number, code = receipt_of(phone)
    complaint = Complaint.objects.get(reference=number)
    assert complaint.is_anonymous
    assert complaint.attachments.count() == 1

    open_case(phone, number, code)
    assert_accessible(phone)
    verifier = User.objects.get(username="verifikator")
    desk.request_info(complaint_id=complaint.pk, actor=verifier, question="Di dusun mana letak jembatan itu?")
    phone.reload()
    assert "Di dusun mana" in phone.locator("main").inner_text()
    phone.locator("#id_words").fill("Antara Dusun Timur dan Dusun Barat.")
    phone.locator("button[value=reply]").click()
    phone.get_by_text("Antara Dusun Timur").wait_for()
    assert Complaint.objects.get(pk=complaint.pk).status == Status.RECEIVED
    look(phone, "case")


def test_everything_works_without_a_script(phone_without_javascript, demo):
    page = phone_without_javascript
    page.goto("/aduan/")
    fill(page)
    page.locator("#id_district").select_option(label="Socah")
    page.set_input_files("#id_files", [photo()])
    page.locator("button[name=pick]").click()
    assert page.locator("#id_title").input_value() == "Jembatan dusun retak"
    assert "lubang.jpg" in page.locator("#files").inner_text()
    page.locator("#id_village").select_option(index=1)
    send(page)
    number, code = receipt_of(page)
    assert Complaint.objects.get(reference=number).attachments.count() == 1
    open_case(page, number, code)
    page.locator("form[action$='/keluar/'] button").click()
    page.goto("/aduan/lacak/kasus/")
    assert page.url.endswith("/aduan/lacak/")


@pytest.mark.slow
def test_mistakes_are_told_beside_the_field_and_a_wrong_code_opens_nothing(desktop, demo, assert_accessible):
    desktop.goto("/aduan/")
    desktop.locator("#id_title").fill("Lampu jalan mati")
    desktop.locator("button[name=send]").click()
    desktop.locator("#id_body[aria-invalid=true]").wait_for()
    assert desktop.locator("#id_title").input_value() == "Lampu jalan mati"
    assert_accessible(desktop)
    desktop.goto("/aduan/lacak/")
    desktop.locator("#id_reference").fill(Complaint.objects.first().reference)
    desktop.locator("#id_code").fill("AAAA-AAAA-AAAA-AAAA")
    desktop.locator("main form button").click()
    desktop.locator(".error-summary").wait_for()
    assert_accessible(desktop)


def test_the_form_is_light(demo, wire_size):
    assert wire_size("/aduan/").total < 100_000
