"""What a citizen meets: every public page, its links, its cost, its policy."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from cms.models import AgencyPage, InformationPage, NewsIndexPage, NewsPage
from cms.templatetags.cms_tags import rupiah
from tests.cms.factories import add_page, charter, make_section, make_standard
from tests.factories import AgencyFactory, ServiceFactory

pytestmark = pytest.mark.portable

BODY = [
    ("heading", "Judul bagian"),
    ("paragraph", "<p>Isi berita</p>"),
    ("note", {"title": "Ingat", "text": "<p>Ya</p>"}),
]


@pytest.fixture
def standard(section, service):
    return make_standard(
        section,
        service,
        requirements=[
            ("requirement", {"text": "KTP asli"}),
            ("requirement", {"text": "Surat pindah", "condition": "bagi yang pindah", "form_code": "F1.02"}),
        ],
        procedure=[("step", {"actor": "pemohon", "text": "Mengambil antrean", "minutes": 5})],
        duration_value=3,
        duration_unit="working_days",
        duration_qualifier="paling lambat",
        fee_kind="amount",
        fee_amount=Decimal("25000"),
        products=[("product", "Surat keterangan")],
        complaint_channels=[("channel", {"kind": "whatsapp", "detail": "0812"})],
    )


@pytest.fixture
def news(home):
    index = NewsIndexPage.objects.child_of(home).get()
    page = NewsPage(title="Kabar", slug="kabar", summary="Ringkas", published_on=date(2026, 3, 2), body=BODY)
    return add_page(index, page)


@pytest.fixture
def site_pages(home, section, standard, news):
    add_page(section, charter())
    add_page(home, InformationPage(title="Privasi", slug="privasi", body=BODY))
    section = f"/opd/{standard.get_parent().slug}/"
    return [
        "/",
        "/opd/",
        section,
        standard.url,
        f"{section}maklumat/",
        "/berita/",
        news.url,
        "/privasi/",
        "/cari/?q=surat",
    ]


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_public_page_opens_in_both_languages_under_the_strict_policy(citizen, site_pages):
    for address in [*site_pages, *(f"/en{address}" for address in site_pages)]:
        response = citizen.get(address)
        html = response.content.decode()
        assert response.status_code == 200, address
        policy = response["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), address
        assert not re.search(r"<style|\sstyle=|\son\w+=", html), address
        assert "sessionid" not in response.cookies
        assert html.count("<h1") == 1, address


# Cost on a warm process: frame, menu and site roots are cached for everybody, the first citizen pays for them.
COSTS = {
    "/": 15,
    "/opd/": 10,
    "section": 20,
    "standard": 16,
    "/berita/": 10,
    "news": 11,
    "/privasi/": 9,
    "/cari/?q=surat": 6,
}


def test_public_pages_cost_a_known_number_of_queries(
    citizen, site_pages, section, standard, news, django_assert_max_num_queries
):
    named = {"section": section.url, "standard": standard.url, "news": news.url}
    for name, limit in COSTS.items():
        address = named.get(name, name)
        citizen.get(address)
        with django_assert_max_num_queries(limit):
            assert citizen.get(address).status_code == 200


def test_lists_cost_the_same_with_more_rows(citizen, section, service, region, django_assert_num_queries):
    make_standard(section, service)
    costs = {}
    for address in ("/opd/", section.url):
        citizen.get(address)
        with CaptureQueriesContext(connection) as captured:
            citizen.get(address)
        costs[address] = len(captured)
    for _number in range(5):
        make_section(AgencyFactory(region=region))
        make_standard(section, ServiceFactory(agency=section.agency))
    for address, cost in costs.items():
        with django_assert_num_queries(cost):
            assert citizen.get(address).content.count(b"card__title") == 6


def test_a_standard_says_what_how_how_long_and_how_much(citizen, standard, service):
    text = text_of(citizen.get(f"/en{standard.url}"))
    for said in (
        "KTP asli",
        "Bagi yang pindah",
        "F1.02",
        "Mengambil antrean",
        "Paling lambat 3 working days",
        "Rp25.000",
    ):
        assert said in text
    assert "Published standard 6/14" in text
    assert "The decree is not stated yet" in text
    assert "Legal basis" in text


def test_a_standard_leads_to_a_complaint_about_this_service(citizen, standard, service):
    assert f'href="/aduan/?layanan={service.pk}"' in citizen.get(standard.url).content.decode()


def test_an_agency_page_leads_to_its_services_charter_and_complaint(citizen, site_pages, section, standard, agency):
    html = citizen.get(section.url).content.decode()
    assert f'href="{standard.url}"' in html
    assert f'href="{section.url}maklumat/"' in html
    assert f'href="/aduan/?opd={agency.pk}"' in html


def test_none_required_is_not_the_same_as_not_filled_in(citizen, section, service):
    page = make_standard(section, service, requirements_state="none_required", fee_state="not_applicable")
    text = text_of(citizen.get(f"/en{page.url}"))
    assert "Nothing is required" in text
    assert "Does not apply to this service" in text
    assert "Not filled in yet" in text


def test_drafts_and_unpublished_pages_are_not_found(citizen, section, standard, other_agency):
    draft = make_standard(section, ServiceFactory(agency=section.agency), live=False)
    assert citizen.get(f"{section.url}{draft.slug}/").status_code == 404
    standard.unpublish()
    assert citizen.get(f"{section.url}{standard.slug}/").status_code == 404
    assert standard.title not in citizen.get(section.url).content.decode()


def test_the_directory_groups_by_kind_and_filters_by_name_and_kind(citizen, home, region, section):
    make_section(AgencyFactory(region=region, code="bappeda", name="Badan Perencanaan", kind="board"))
    every = text_of(citizen.get("/en/opd/"))
    assert every.index("Office (dinas)") < every.index("Board (badan)", every.index("Badan Perencanaan") - 200)
    assert "1 agency" in text_of(citizen.get("/en/opd/?jenis=board"))
    assert "Dinas Pekerjaan Umum" in text_of(citizen.get("/en/opd/?q=dpupr"))
    assert "No agency found" in text_of(citizen.get("/en/opd/?q=%22%3E<script>"))


def test_what_a_citizen_types_is_escaped(citizen, home):
    for address in ("/opd/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/cari/?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        assert "<script>alert" not in citizen.get(address).content.decode()


def test_an_agency_without_anything_still_has_a_page(citizen, home, region):
    page = make_section(AgencyFactory(region=region))
    assert "No service standard published yet" in text_of(citizen.get(f"/en{page.url}"))
    assert AgencyPage.objects.get(pk=page.pk).live


def test_a_site_without_content_shows_its_front_page(citizen, home):
    assert citizen.get("/").status_code == 200


def test_news_come_newest_first_with_those_of_agencies(citizen, home, section, news):
    add_page(section, NewsPage(title="Kabar dinas", slug="baru", summary="Baru", published_on=date(2026, 4, 1)))
    text = text_of(citizen.get("/berita/"))
    assert text.index("Kabar dinas") < text.index("Kabar", text.index("Kabar dinas") + 12)


@pytest.mark.parametrize("number", ["0", "99", "x"])
def test_an_impossible_page_number_shows_a_page(citizen, news, number):
    assert citizen.get(f"/berita/?page={number}").status_code == 200


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(0, "Rp0"), (10000, "Rp10.000"), (Decimal("2500000.50"), "Rp2.500.000,50"), (None, "")],
)
def test_rupiah_are_printed_as_people_write_them(amount, printed):
    assert rupiah(amount) == printed


def test_a_step_that_goes_back_says_so():
    steps = [{"value": {"actor": "petugas", "text": "Memeriksa", "back_to": 1}}]
    assert "1" in render_to_string("cms/includes/steps.html", {"steps": steps})
