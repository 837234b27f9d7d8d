"""Every public page and the main staff screens of the demo: accessible, narrow enough, light enough."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, localtime

from core.models import Notification
from core.sealing import seal
from workflows.models import Complaint, PublicEntry, Reporter
from workflows.selectors.aftercare import reporters_address
from workflows.services.opening import link_of

# As with every test of the demo: one worker loads it for all.
pytestmark = pytest.mark.xdist_group("demo")
PUBLIC = [
    "/",
    "/opd/",
    "/opd/dispendukcapil/",
    "/opd/dispendukcapil/kk-baru/",
    "/opd/dispendukcapil/maklumat/",
    "/opd/dpmptsp/",
    "/survei/",
    "/survei/dukcapil-survei/",
    "/aduan/",
    "/aduan/lacak/",
    "/berita/",
    "/cari/?q=akta",
    "/data/",
    "/hasil/",
    f"/hasil/DUKCAPIL/{localdate().year - 1}/",
    "/lencana/opd/DUKCAPIL/",
    "/akun/login/",
    "/tidak-ada/",
    "/en/",
    "/en/aduan/",
]
MOST_BYTES = 100_000


def _published():
    return PublicEntry.objects.published().first().complaint.reference


def _link_to_a_merged_case():
    """As a letter carries it; its reporter is shown the case it follows."""
    Reporter.objects.filter(complaint__status="duplicate").update(email_sealed=seal("warga@contoh.example"))
    case = Complaint.objects.whole().select_related("reporter").get(status="duplicate")
    row = Notification(pk=10**6, about=f"complaint:{case.pk}", recipient_hash=reporters_address(case)[1])
    return link_of(row)


def _enter_a_complaint(page):
    page.goto("/admin/pengaduan/baru/")
    page.locator("#id_channel").select_option(index=1)
    page.locator("#id_received_at").fill(f"{localtime() - timedelta(minutes=5):%Y-%m-%dT%H:%M}")
    page.locator("#id_title").fill("Saluran air tersumbat")
    page.locator("#id_body").fill("Saluran air di depan balai desa tersumbat sejak hari Minggu.")
    page.locator("#id_is_anonymous").check()
    page.locator("button[name=send]").click()
    page.locator(".receipt-sheet").wait_for()


def _fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_every_public_page_is_accessible_and_fits_the_screen(width, request, demo, assert_accessible, look):
    page, published, link = request.getfixturevalue(width), _published(), _link_to_a_merged_case()

    def check(name):
        assert_accessible(page)
        assert _fits(page), name
        look(page, name.strip("/").replace("/", "-").replace("?", "-") or "beranda")

    for path in (*PUBLIC, f"/aduan/publik/{published}/", f"/aduan/ikuti/{published}/"):
        page.goto(path)
        check(path)
    page.goto(link)
    check("buka")
    page.locator("main form button").click()
    page.locator("#followed").wait_for()
    check("digabung")
    page.goto(link)
    page.locator("main a[href='/aduan/lacak/']").wait_for()
    check("buka-habis")


@pytest.mark.parametrize("path", ["/", "/opd/dpmptsp/", "/opd/dispendukcapil/kk-baru/", "/aduan/"])
def test_a_first_visit_without_photos_stays_below_a_hundred_kilobytes(path, demo, wire_size):
    wire = wire_size(path)
    assert wire.total <= MOST_BYTES, wire


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_desk_is_accessible_and_fits_the_screen(width, request, demo, sign_in, assert_accessible, look):
    page = sign_in(request.getfixturevalue(width), "verifikator")
    case, at_work = (Complaint.objects.filter(status=status).first() for status in ("verified", "in_progress"))
    for path in (
        "/admin/",
        "/admin/pengaduan/",
        f"/admin/pengaduan/{case.reference}/",
        f"/admin/pengaduan/{case.reference}/tenggat/",
        "/admin/pengaduan/baru/",
        f"/admin/pengaduan/{at_work.reference}/",
    ):
        page.goto(path)
        # The forms of all moves at once, that of taking a case back among them.
        page.locator("[data-move]").evaluate_all("boxes => boxes.forEach(box => { box.open = true })")
        assert_accessible(page)
        assert _fits(page), path
        look(page, "meja" + path.replace("/", "-"))
    assert page.locator("#move-take_back textarea").is_visible()
    _enter_a_complaint(page)
    assert_accessible(page)
    page.emulate_media(media="print")
    ends = page.locator(".receipt-sheet strong").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)"
    )
    assert max(ends) <= page.viewport_size["width"], "number and code stay on the paper"
