"""There is one door for staff: the page that counts failures and asks for the second factor."""

import pytest
from django.urls import reverse

from tests.cms.factories import make_site
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/en/_util/login/"])
def test_wagtails_own_sign_in_pages_let_nobody_in(client, region, editor, door):
    make_site(region)

    answer = client.post(f"{door}?next=/admin/", {"username": editor.username, "password": PASSWORD})

    assert answer.headers["Location"] == reverse("account_login") + "?next=/admin/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["wagtailadmin_password_reset", "wagtailadmin_password_reset_done"])
def test_wagtails_own_password_reset_is_closed(client, name):
    assert client.get(reverse(name)).status_code == 404
