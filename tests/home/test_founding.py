"""A real regency begins: places, site, first administrator, and nothing of the demo."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

from cms.models import AgencyPage, InformationPage
from core.models import Agency, District, Region, RoleAssignment, User
from core.permissions import Role
from core.release import load_demo_once
from home.models import HomePage
from tests.factories import AgencyFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
FIRST = {"code": "35.26", "admin": "siti", "email": "siti@example.go.id"}


def start(**options) -> str:
    out = StringIO()
    call_command("start_region", stdout=out, **{**FIRST, **options})
    return out.getvalue()


def test_a_region_gets_places_a_site_and_an_administrator(client):
    out = start()
    region = Region.objects.get(code="35.26")
    assert "Kabupaten Bangkalan: 18 districts, 281 villages, 0 agencies" in out
    assert region.site == Site.objects.get(is_default_site=True)
    assert not region.is_demo
    assert not Agency.objects.exists()
    role = RoleAssignment.objects.get()
    assert (role.user.username, role.role, role.region) == ("siti", Role.REGIONAL_ADMIN, region)
    assert not role.user.is_superuser
    for path in ("/", "/opd/", "/berita/", "/cara-mengadu/", "/privasi/", "/tentang/", "/aksesibilitas/", "/aduan/"):
        assert client.get(path).status_code == 200, path
    assert b"Data contoh" not in client.get("/tentang/").content


def test_the_link_sets_a_password_once(client):
    link = start().splitlines()[-1]
    form = client.get(urlsplit(link).path, follow=True)
    action = form.context["action_url"]
    words = {"password1": "jembatan-suramadu-9", "password2": "jembatan-suramadu-9"}
    assert client.post(action, words).status_code == 302
    assert User.objects.get(username="siti").check_password("jembatan-suramadu-9")
    assert client.login(username="siti", password="jembatan-suramadu-9")
    assert client.get("/admin/", follow=True).status_code == 200
    client.logout()
    assert client.get(urlsplit(link).path, follow=True).context["token_fail"]


def test_the_administrator_sets_the_look_of_the_own_site_only(client):
    start()
    start(code="35.78", admin="budi", email="budi@example.go.id", address="https://surabaya.example.go.id")
    client.force_login(User.objects.get(username="siti"))
    own, other = (Region.objects.get(code=code).site_id for code in ("35.26", "35.78"))
    assert client.get(f"/admin/settings/cms/brandsettings/{own}/").status_code == 200
    assert client.get(f"/admin/settings/cms/brandsettings/{other}/").status_code == 302


def test_starting_twice_changes_nothing_and_asks_for_no_second_password():
    start()
    user = User.objects.get(username="siti")
    user.set_password("jembatan-suramadu-9")
    user.save()
    about = InformationPage.objects.get(slug="tentang")
    about.summary = "Diubah"
    about.save_revision().publish()
    before = (District.objects.count(), InformationPage.objects.count(), RoleAssignment.objects.count())
    out = start()
    assert "http" not in out
    assert (District.objects.count(), InformationPage.objects.count(), RoleAssignment.objects.count()) == before
    assert InformationPage.objects.get(slug="tentang").summary == "Diubah"
    assert User.objects.get(username="siti").check_password("jembatan-suramadu-9")


def test_agencies_imported_later_get_their_pages():
    start()
    region = Region.objects.get(code="35.26")
    AgencyFactory(region=region, code="A", name="Dinas Anggrek", short_name="Dinas")
    AgencyFactory(region=region, code="B", name="Dinas Melati", short_name="Dinas")
    assert "Agency pages opened: 2" in start(agency_pages=True)
    assert set(AgencyPage.objects.live().values_list("slug", flat=True)) == {"dinas", "dinas-b"}
    assert "Agency pages opened: 0" in start(agency_pages=True)


def test_a_second_region_needs_an_address_of_its_own(client):
    start()
    second = {"code": "35.78", "admin": "budi", "email": "budi@example.go.id"}
    with pytest.raises(CommandError, match="--address"):
        start(**second)
    assert not Region.objects.get(code="35.78").site
    start(**second, address="https://suara.surabaya.example.go.id")
    site = Region.objects.get(code="35.78").site
    assert (site.hostname, site.port, site.is_default_site) == ("suara.surabaya.example.go.id", 443, False)
    assert Region.objects.get(code="35.26").site.is_default_site
    assert HomePage.objects.count() == 2


@pytest.mark.parametrize("code", ["33.01", "35", "Bangkalan"])
def test_an_unknown_code_is_refused_and_nothing_is_left(code):
    with pytest.raises(CommandError, match="No regency or city"):
        start(code=code)
    assert not User.objects.exists()
    assert not Region.objects.exists()


def test_a_region_with_demo_data_is_not_taken_over():
    start()
    Region.objects.update(is_demo=True)
    with pytest.raises(CommandError, match="demo"):
        start()


def test_the_demo_does_not_enter_a_real_region():
    start()
    with pytest.raises(CommandError, match="real region"):
        call_command("load_demo", stdout=StringIO())
    assert not Agency.objects.exists()
    assert not Region.objects.filter(is_demo=True).exists()


def test_a_start_with_demo_content_leaves_a_real_region_alone(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    start()
    load_demo_once(say=lambda text: None)
    assert not Agency.objects.exists()


def test_somebody_elses_account_gains_no_role():
    UserFactory(username="siti", email="lain@example.go.id")
    with pytest.raises(CommandError, match="another e-mail"):
        start()
    with pytest.raises(CommandError, match="uses the e-mail"):
        start(admin="budi", email="LAIN@example.go.id")
    with pytest.raises(CommandError):
        start(admin="dua kata")
    assert not RoleAssignment.objects.exists()
