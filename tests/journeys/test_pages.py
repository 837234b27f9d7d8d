"""Every public page and the main staff screens of the demo: accessible, narrow enough, light enough."""

import pytest
from django.utils.timezone import localdate

from core.models import Notification
from core.sealing import seal
from workflows.models import Complaint, PublicEntry, Reporter
from workflows.selectors.aftercare import reporters_address
from workflows.services.opening import link_of

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
