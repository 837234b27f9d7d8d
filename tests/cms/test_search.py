"""Search across the pages of a site."""

import pytest

from cms.models import InformationPage
from cms.selectors import found_pages
from tests.cms.factories import add_page, make_standard
from tests.factories import ServiceFactory


@pytest.fixture
def standards(section, agency):
    rows = (
        ("Akta kelahiran", "Surat dari bidan"),
        ("Akta kematian", "Surat dari rumah sakit"),
        ("Kartu keluarga", "Kutipan akta nikah"),
    )
    return [
        make_standard(
            section, ServiceFactory(agency=agency, name=name), requirements=[("requirement", {"text": requirement})]
        )
        for name, requirement in rows
    ]


def titles(home, query, **kwargs):
    return [found.page.title for found in found_pages(root_path=home.path, query=query, **kwargs).found]


def test_words_of_title_and_requirements_are_found(home, standards):
    assert titles(home, "kelahiran") == ["Akta kelahiran"]
    assert titles(home, "bidan") == ["Akta kelahiran"]
    assert set(titles(home, "akta")) == {"Akta kelahiran", "Akta kematian", "Kartu keluarga"}


def test_all_words_first_and_any_word_when_nothing_has_them_all(home, standards):
    assert titles(home, "akta kematian") == ["Akta kematian"]
    assert "Akta kelahiran" in titles(home, "kelahiran zzz")


def test_a_service_is_found_by_its_agency(home, standards):
    assert "Kartu keluarga" in titles(home, "Pekerjaan Umum")


def test_a_result_says_which_agency_it_belongs_to(home, standards, section):
    results = found_pages(root_path=home.path, query="kelahiran")
    assert [found.agency for found in results.found] == [section.title]


def test_drafts_and_unpublished_pages_are_not_found(home, standards):
    add_page(home, InformationPage(title="Rahasia kelahiran", slug="rahasia", live=False))
    standards[0].unpublish()
    assert titles(home, "kelahiran") == []


def test_odd_queries_are_answered(citizen, home, standards):
    for query in ("", "   ", "'", '"', "a" * 5000, "akta AND", "*", "NEAR(", "%", "\x00", "title:akta"):
        assert citizen.get("/cari/", {"q": query}).status_code == 200, query


def test_nothing_found_says_what_to_do(citizen, home, standards):
    html = citizen.get("/en/cari/?q=xyzzy").content.decode()
    assert "Nothing found" in html
    assert "/en/aduan/" in html


def test_results_come_in_pages(citizen, home, section, agency):
    for number in range(12):
        make_standard(section, ServiceFactory(agency=agency, name=f"Izin {number}"))
    first = citizen.get("/cari/?q=izin").content.decode()
    assert "?q=izin&amp;page=2" in first
    assert len(titles(home, "izin")) == 10
    assert len(titles(home, "izin", number="2")) == 2
    assert len(titles(home, "izin", number="99")) == 2


def test_search_pages_are_not_indexed(citizen, home):
    assert 'content="noindex"' in citizen.get("/cari/?q=a").content.decode()
