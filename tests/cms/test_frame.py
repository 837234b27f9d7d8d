"""Name, colours, menu and languages around every page, and what they cost."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Site

from cms.models import BrandSettings, InformationPage
from cms.selectors import chrome_for, frame_of
from tests.cms.factories import add_page, make_site
from tests.factories import RegionFactory

pytestmark = pytest.mark.portable


@pytest.fixture
def asked(rf):
    """A request as a citizen's browser sends it; each call is a new one."""
    return lambda path="/", host="localhost": rf.get(path, HTTP_HOST=host)


@pytest.fixture
def brand(home):
    return BrandSettings.objects.create(site=Site.objects.get(is_default_site=True), name="Suara Bangkalan")


def png(width=40, height=40):
    file = ContentFile(b"", name="logo.png")
    Picture.new("RGBA", (width, height), (200, 30, 30, 128)).save(file, "PNG")
    return file


def test_a_slim_page_costs_one_query_and_then_none(asked, brand, django_assert_num_queries):
    with django_assert_num_queries(1):
        chrome = chrome_for(asked())
        assert chrome["brand"]["name"] == "Suara Bangkalan"
        assert [link["code"] for link in chrome["language_links"]] == ["id", "en"]
    with django_assert_num_queries(0):
        assert chrome_for(asked())["brand"]["tagline"] == "Kabupaten Bangkalan"


def test_a_page_that_shows_no_frame_costs_nothing(asked, brand, django_assert_num_queries):
    with django_assert_num_queries(0):
        chrome_for(asked())


def test_the_full_frame_costs_three_queries_without_a_logo(asked, brand, django_assert_num_queries):
    with django_assert_num_queries(3):
        chrome = chrome_for(asked())
        assert next(str(item["label"]) for item in chrome["nav_items"]) == "Perangkat daerah"
        assert not chrome["footer_links"]


def test_an_installation_without_a_site_still_has_a_name(asked, db):
    Site.objects.all().delete()
    assert chrome_for(asked())["brand"]["name"] == "Suara Layanan"
    assert not chrome_for(asked())["footer_links"]


def test_the_menu_marks_the_one_place_where_we_are(asked, home):
    items = chrome_for(asked("/opd/dinas/"))["nav_items"]
    assert [item["url"] for item in items if item["current"]] == ["/opd/"]
    items = chrome_for(asked("/aduan/lacak/"))["nav_items"]
    assert [item["url"] for item in items if item["current"]] == ["/aduan/lacak/"]


def test_links_keep_the_language_and_the_switch_keeps_the_page(asked, home):
    with override("en"):
        chrome = chrome_for(asked("/en/cari/?q=akta"))
        assert chrome["nav_items"][0]["url"] == "/en/opd/"
        assert {link["code"]: link["url"] for link in chrome["language_links"]} == {
            "id": "/cari/?q=akta",
            "en": "/en/cari/?q=akta",
        }
        assert [link["code"] for link in chrome["language_links"] if link["current"]] == ["en"]


def test_information_pages_of_the_first_level_stand_in_the_footer(asked, home):
    add_page(home, InformationPage(title="Privasi", slug="privasi"))
    add_page(home, InformationPage(title="Rancangan", slug="rancangan", live=False))
    assert [link["label"] for link in chrome_for(asked())["footer_links"]] == ["Privasi"]


def test_each_host_gets_its_own_region(asked, home):
    root = make_site(RegionFactory(code="35.27", name="Sampang"), hostname="sampang.localhost")
    assert frame_of(asked(host="sampang.localhost")).region_name == "Kabupaten Sampang"
    assert frame_of(asked(host="sampang.localhost:8000")).root_url_path == root.url_path
    assert frame_of(asked(host="localhost")).region_name == "Kabupaten Bangkalan"


# --- Brand ------------------------------------------------------------------------------------


def test_default_colours_need_no_stylesheet_of_their_own(asked, brand):
    assert chrome_for(asked())["brand"]["css_version"] == ""


def test_a_colour_changes_the_version_and_comes_out_cached_for_a_year(client, asked, brand):
    brand.brand_colour = "#7a1f5c"
    brand.save()
    version = chrome_for(asked())["brand"]["css_version"]
    response = client.get(f"/merek.css?v={version}", HTTP_HOST="localhost")
    assert "#7a1f5c" in response.content.decode()
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/css")
    stale = client.get("/merek.css?v=alt", HTTP_HOST="localhost")
    assert "immutable" not in stale["Cache-Control"]


def test_the_logo_is_inlined_for_the_slim_header(client, asked, brand):
    brand.logo = Image.objects.create(title="Lambang", file=png())
    brand.save()
    chrome = chrome_for(asked())["brand"]
    assert str(chrome["logo_url"]).startswith("/media/")
    css = client.get(f"/merek.css?v={chrome['css_version']}", HTTP_HOST="localhost").content.decode()
    assert "data:image/webp;base64," in css
    assert len(css) < 8 * 1024


@pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "url(x)", ""])
def test_only_a_hex_colour_is_taken(brand, colour):
    brand.brand_colour = colour
    with pytest.raises(ValidationError) as refused:
        brand.full_clean()
    assert "brand_colour" in refused.value.message_dict


def test_robots_and_sitemap_name_public_pages_only(client, home, section):
    robots = client.get("/robots.txt", HTTP_HOST="localhost").content.decode()
    assert "Disallow: /admin/" in robots
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    draft = add_page(home, InformationPage(title="Rancangan", slug="rancangan", live=False))
    sitemap = client.get("/sitemap.xml", HTTP_HOST="localhost").content.decode()
    assert section.url in sitemap
    assert draft.slug not in sitemap


def test_the_sitemap_does_not_grow_by_a_query_a_page(client, home, section):
    add_page(home, InformationPage(title="Nol", slug="nol"))
    client.get("/sitemap.xml", HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as before:
        client.get("/sitemap.xml", HTTP_HOST="localhost")
    add_page(home, InformationPage(title="Satu", slug="satu"))
    add_page(home, InformationPage(title="Dua", slug="dua"))
    with CaptureQueriesContext(connection) as after:
        client.get("/sitemap.xml", HTTP_HOST="localhost")
    assert len(after) == len(before)
