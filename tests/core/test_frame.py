"""The kept menu of the staff frame follows whoever looks and what they may do now."""

import pytest
from django.urls import reverse

from core.permissions import Role
from core.services import assign_role, revoke_role

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


def menu(client):
    """The part of a staff page that the menu's script reads."""
    page = client.get(reverse("wagtailadmin_account")).content.decode()
    return page[page.index('id="wagtail-sidebar-props"') :].split("</script>")[0]


def test_the_menu_follows_a_role_given_and_taken_away(client, officer, region):
    client.force_login(officer)
    before = menu(client)
    assert menu(client) == before

    assigned = assign_role(user=officer, role=Role.REGIONAL_ADMIN, region=region)
    assert reverse("complaints:settings") in menu(client)
    revoke_role(assignment=assigned)
    assert menu(client) == before


def test_nobody_gets_the_menu_of_somebody_else(client, officer, other_officer):
    client.force_login(officer)
    assert officer.username in menu(client)
    client.force_login(other_officer)
    assert officer.email not in menu(client)
    assert other_officer.username in menu(client)
