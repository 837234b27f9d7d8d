"""The demo region: real places, typical agencies, one account per role."""

import pytest

from core.accounts import DEMO_PASSWORD
from core.models import Agency, AgencyName, District, Region, RoleAssignment, User, Village
from core.permissions import Role
from home.demo.people import DEMO_ACCOUNTS, DEMO_REGION, load_agencies, load_people
from home.places import load_places
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture
def bangkalan(db):
    load_places()
    region = Region.objects.get(code=DEMO_REGION)
    load_agencies(region)
    return region


def test_the_places_of_east_java_are_complete(bangkalan):
    assert Region.objects.exclude(kind="province").count() == 38
    assert (District.objects.count(), Village.objects.count()) == (666, 8494)
    own = Village.objects.filter(district__region=bangkalan)
    assert District.objects.filter(region=bangkalan).count() == 18
    assert (own.filter(kind="desa").count(), own.filter(kind="kelurahan").count()) == (273, 8)


def test_a_village_name_keeps_the_quotation_mark_of_its_source(bangkalan):
    assert Village.objects.filter(name__contains='"').count() == 16


def test_loading_places_twice_changes_nothing(bangkalan):
    before = list(Village.objects.values_list("pk", "code"))
    load_places()
    assert list(Village.objects.values_list("pk", "code")) == before


def test_agencies_are_a_tree_and_only_the_kecamatan_are_real(bangkalan):
    agencies = Agency.objects.filter(region=bangkalan)
    assert agencies.count() == 48
    assert agencies.filter(is_demo=False).count() == 18
    top = agencies.get(code="KAB")
    assert agencies.within(top).count() == 48
    assert agencies.get(code="PKM-01").parent.code == "DINKES"
    assert agencies.get(code="KEC-13").district.name == "Tanah Merah"
    assert agencies.get(code="PDAM").kind == Agency.Kind.ENTERPRISE


def test_loading_agencies_twice_changes_nothing(bangkalan):
    before = list(Agency.objects.values_list())
    load_agencies(bangkalan)
    assert list(Agency.objects.values_list()) == before
    assert AgencyName.objects.count() == 48


def test_every_role_has_a_demo_account(bangkalan):
    load_people(bangkalan)
    assert {a.role for a in RoleAssignment.objects.filter(user__is_demo=True)} == set(Role)
    assert all(user.check_password(DEMO_PASSWORD) for user in User.objects.filter(is_demo=True))
    assert not User.objects.filter(is_superuser=True).exists()


def test_loading_people_twice_keeps_a_changed_password(bangkalan):
    load_people(bangkalan)
    admin = User.objects.get(username="admin")
    admin.set_password("kata sandi yang baru")
    admin.save()
    load_people(bangkalan)
    assert User.objects.get(username="admin").check_password("kata sandi yang baru")
    assert User.objects.count() == len(DEMO_ACCOUNTS)


def test_a_real_account_of_the_same_name_gains_no_role(bangkalan):
    real = UserFactory(username="admin")
    assert "admin" not in [account.username for account in load_people(bangkalan)]
    assert not real.role_assignments.exists()
