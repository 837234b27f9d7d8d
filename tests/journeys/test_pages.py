"""Every public page and the main staff screens of the demo: accessible, narrow enough, light enough."""

import pytest
from django.utils.timezone import localdate

from workflows.models import Complaint

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


def _fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_every_public_page_is_accessible_and_fits_the_screen(width, request, demo, assert_accessible, look):
    page = request.getfixturevalue(width)
    for path in PUBLIC:
        page.goto(path)
        assert_accessible(page)
        assert _fits(page), path
        look(page, path.strip("/").replace("/", "-").replace("?", "-") or "beranda")


@pytest.mark.parametrize("path", ["/", "/opd/dpmptsp/", "/opd/dispendukcapil/kk-baru/", "/aduan/"])
def test_a_first_visit_without_photos_stays_below_a_hundred_kilobytes(path, demo, wire_size):
    wire = wire_size(path)
    assert wire.total <= MOST_BYTES, wire


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_desk_is_accessible_and_fits_the_screen(width, request, demo, sign_in, assert_accessible, look):
    page = sign_in(request.getfixturevalue(width), "verifikator")
    case = Complaint.objects.filter(status="verified").first()
    for path in (
        "/admin/",
        "/admin/pengaduan/",
        f"/admin/pengaduan/{case.reference}/",
        f"/admin/pengaduan/{case.reference}/tenggat/",
        "/admin/pengaduan/baru/",
    ):
        page.goto(path)
        assert_accessible(page)
        assert _fits(page), path
        look(page, "meja" + path.replace("/", "-"))
