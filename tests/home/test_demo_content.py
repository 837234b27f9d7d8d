"""The demo site: real standards with their real score, and nothing twice."""

from datetime import UTC, datetime

import pytest
from wagtail.models import Page, Site

from cms.models import AgencyPage, CharterPage, InformationPage, NewsPage, ServicePage
from home.demo.content import load_content
from tests.factories import AgencyFactory

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
OFFERED_BY = ("DUKCAPIL", "KEC-01", "SETWAN", "DISDIK", "DISPUSIP")

# Delivery and total as counted by hand when the standards were collected; the last one is the complete example.
SCORES = {
    "kk-baru": (6, 6),
    "akta-kelahiran": (6, 6),
    "pengantar-skck": (4, 4),
    "public-hearing": (6, 6),
    "pengaduan": (6, 6),
    "informasi-publik": (4, 4),
    "kartu-anggota": (6, 14),
}


@pytest.fixture
def demo(region):
    for code in (*OFFERED_BY, "DLH"):
        AgencyFactory(region=region, code=code, name=f"Dinas {code}", short_name=code)
    load_content(region, NOW)
    region.refresh_from_db()
    return region


@pytest.mark.portable
def test_the_region_gets_the_default_site_with_a_page_for_every_agency(demo):
    site = Site.objects.get(is_default_site=True)
    assert demo.site == site
    assert demo.is_demo
    assert AgencyPage.objects.live().count() == demo.agencies.count()
    assert not Page.objects.filter(depth=2).exclude(pk=site.root_page_id).exists()


@pytest.mark.portable
def test_the_standards_are_published_with_their_score(demo):
    rows = ServicePage.objects.live().values_list("slug", "published_delivery", "published_total")
    assert {slug: scores for slug, *scores in rows} == {slug: list(scores) for slug, scores in SCORES.items()}
    assert all(page.service.is_demo for page in ServicePage.objects.all())


@pytest.mark.portable
def test_a_real_standard_keeps_its_words_units_and_slips(demo):
    page = ServicePage.objects.get(slug="akta-kelahiran")
    texts = [block.value["text"] for block in page.requirements]
    assert texts[3] == texts[4] == "Fotokopi surat nikah / akta perkawinan orang tua"
    assert (page.duration_qualifier, page.duration_value, page.duration_unit) == ("paling lambat", 3, "days")
    assert page.fee_kind == "free"
    assert page.decree_number == ""
    assert ServicePage.objects.get(slug="public-hearing").decree_number == "175/04/Setwan/III/2022"
    limits = [block.value["value"] for block in ServicePage.objects.get(slug="pengantar-skck").complaint_limits]
    assert limits == [2, 5, 14, 60]


def test_every_demo_page_opens(client, demo):
    for page in Page.objects.live().filter(depth__gt=1).specific():
        assert client.get(page.get_url()).status_code == 200, page


def test_loading_again_adds_nothing_and_keeps_what_an_editor_changed(demo):
    charter = CharterPage.objects.get()
    charter.promise = "Diubah editor"
    charter.save_revision().publish()
    before = Page.objects.count()
    load_content(demo, NOW)
    assert Page.objects.count() == before
    assert CharterPage.objects.get().promise == "Diubah editor"


@pytest.mark.portable
def test_news_are_dated_before_today_and_information_stands_in_the_footer(client, demo):
    assert all(page.published_on < NOW.date() for page in NewsPage.objects.all())
    html = client.get("/").content.decode()
    assert InformationPage.objects.count() >= 4
    for slug in ("privasi", "aksesibilitas", "tentang", "cara-mengadu"):
        assert f'href="/{slug}/"' in html


def test_a_region_without_some_of_the_agencies_gets_a_site_all_the_same(region):
    AgencyFactory(region=region, code="DUKCAPIL")
    load_content(region, NOW)
    assert set(ServicePage.objects.values_list("slug", flat=True)) == {"kk-baru", "akta-kelahiran"}
