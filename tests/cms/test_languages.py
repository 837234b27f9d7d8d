"""Languages a survey may speak: known to Django and Wagtail, without an address of their own."""

import pytest
from django.urls import reverse
from django.utils.translation import get_language_info, override
from wagtail.models import Locale

from core.services import sync_roles
from tests.cms.factories import make_section, make_site


@pytest.mark.parametrize(("code", "name"), [("jv", "Basa Jawa"), ("mad", "Bhâsa Madhurâ")])
def test_django_knows_the_language_by_its_own_name(code, name):
    assert get_language_info(code)["name_local"] == name


@pytest.mark.parametrize("code", ["jv", "mad"])
def test_a_link_given_out_in_a_survey_language_leads_to_the_indonesian_page(code):
    with override(code):
        assert reverse("surveys:list") == "/survei/"
    with override("en"):
        assert reverse("surveys:list") == "/en/survei/"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["jv", "mad"])
def test_a_survey_language_has_no_addresses_and_no_switch_on_pages(client, region, code):
    make_site(region)
    assert client.get(f"/{code}/survei/").status_code == 404
    assert f'hreflang="{code}"' not in client.get("/survei/").content.decode()


@pytest.mark.django_db
def test_a_locale_of_a_survey_language_breaks_no_staff_screen(client, agency, regional_admin):
    make_site(agency.region)
    section = make_section(agency)
    sync_roles()
    for code in ("jv", "mad"):
        Locale.objects.create(language_code=code)
    assert all(str(locale) for locale in Locale.objects.all())
    client.force_login(regional_admin)
    explorer = reverse("wagtailadmin_explore", args=[section.pk])
    editor = reverse("wagtailadmin_pages:edit", args=[section.pk])
    for url in (reverse("wagtailadmin_home"), explorer, editor):
        assert client.get(url).status_code == 200
