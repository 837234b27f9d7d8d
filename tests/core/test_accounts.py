"""Signing in: limits, second factor, nothing open that staff do not need."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as django_settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core.accounts import DEMO_PASSWORD
from core.checks import check_demo_accounts
from core.models import Notification, User
from core.services.second_factor import reset_second_factor
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
LOGIN = "/akun/login/"


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password, **extra})


def current_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def is_signed_in(client):
    return "_auth_user_id" in client.session


# --- Passwords ----------------------------------------------------------------------------


def test_passwords_are_hashed_with_argon2(settings):
    from cms.settings import base  # noqa: PLC0415  the test settings use a cheap hash

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    user = UserFactory.build()
    user.set_password("sandi yang panjang")
    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("field", ["username", "email"])
def test_staff_sign_in_by_name_or_address(client, editor, field):
    response = sign_in(client, getattr(editor, field))
    assert response.url == reverse("wagtailadmin_home")
    assert is_signed_in(client)


def test_the_admin_sends_a_visitor_to_our_sign_in_page_and_back(client, editor):
    response = client.get("/admin/pages/")
    assert response.url == "/akun/login/?next=/admin/pages/"
    assert sign_in(client, editor.username, next="/admin/pages/").url == "/admin/pages/"


def test_signing_in_never_leads_to_a_foreign_site(client, editor):
    assert sign_in(client, editor.username, next="https://evil.example/").url == reverse("wagtailadmin_home")


def test_the_session_id_changes_when_signing_in(client, editor):
    session = client.session
    session["before"] = True
    session.save()
    old = session.session_key
    sign_in(client, editor.username)
    assert client.session.session_key != old


def test_a_new_password_ends_the_other_sessions(client, editor):
    sign_in(client, editor.username)
    editor.set_password("kata sandi yang lain")
    editor.save()
    assert client.get("/admin/").status_code == 302


def test_an_inactive_person_cannot_sign_in(client, editor):
    User.objects.filter(pk=editor.pk).update(is_active=False)
    sign_in(client, editor.username)
    assert not is_signed_in(client)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client, editor):
    def answer(login):
        page = sign_in(client, login, "salah").content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert answer(editor.username) == answer("tidak-ada")


@pytest.fixture
def limits(settings):
    from cms.settings import base  # noqa: PLC0415  switched off for all other tests

    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    cache.clear()


def test_five_failures_close_an_account_for_a_while(client, editor, limits):
    for _attempt in range(5):
        sign_in(client, editor.username, "salah")
    sign_in(client, editor.username)
    assert not is_signed_in(client), "the right password must not help any more"


def test_one_address_cannot_try_many_accounts(client, limits):
    people = UserFactory.create_batch(11)
    for person in people[:10]:
        sign_in(client, person.username, "salah")
    sign_in(client, people[10].username)
    assert not is_signed_in(client)


# --- Nothing open that staff do not need ---------------------------------------------------


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/set/", "confirm-email/", "confirm-email/abc/", "login/code/confirm/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_staff_do_not_need_are_closed(client, editor, path, method):
    assert getattr(client, method)(f"/akun/{path}").status_code == 404
    client.force_login(editor)
    assert getattr(client, method)(f"/akun/{path}").status_code == 404


def test_the_sign_in_page_offers_no_sign_up(client):
    assert "signup" not in client.get(LOGIN).content.decode()


def test_a_reset_does_not_tell_whether_an_account_exists(client, editor):
    answers = {
        client.post("/akun/password/reset/", {"email": email}).url for email in (editor.email, "nobody@example.com")
    }
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [[editor.email]]


def test_a_reset_link_works_once(client, editor):
    client.post("/akun/password/reset/", {"email": editor.email})
    (link,) = re.findall(r"/akun/password/reset/key/\S+", mail.outbox[0].body)
    form = client.get(link, follow=True)
    new = {"password1": "kata sandi baru sekali", "password2": "kata sandi baru sekali"}
    client.post(form.redirect_chain[-1][0], new)
    editor.refresh_from_db()
    assert editor.check_password("kata sandi baru sekali")
    client.logout()
    again = client.get(link, follow=True)
    assert again.context["token_fail"]


def test_nobody_is_sent_more_than_three_reset_mails_a_day(client, editor, limits):
    for _attempt in range(6):
        client.post("/akun/password/reset/", {"email": editor.email})
    assert len(mail.outbox) == 3


# --- Second factor -------------------------------------------------------------------------


@pytest.fixture
def second_factor_required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def totp_secret(editor):
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    return secret


def test_staff_without_a_second_factor_are_sent_to_enrol(client, editor, second_factor_required):
    client.force_login(editor)
    for path in ("/admin/", "/admin/agencies/", "/admin/account/"):
        assert client.get(path).url == reverse("mfa_activate_totp")


def test_the_way_to_enrol_and_the_way_out_stay_open(client, editor, second_factor_required):
    sign_in(client, editor.username)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/static/missing.css").status_code == 404


def test_a_visitor_is_sent_to_sign_in_before_enrolling(client, second_factor_required):
    assert client.get("/admin/").url.startswith(LOGIN)


def test_enrolling_opens_the_admin_and_gives_recovery_codes(client, editor, second_factor_required):
    sign_in(client, editor.username)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
    kinds = set(Authenticator.objects.filter(user=editor).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_does_not_enrol(client, editor, second_factor_required):
    sign_in(client, editor.username)
    client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert not Authenticator.objects.filter(user=editor).exists()


def test_the_second_step_is_asked_before_anybody_is_in(client, editor, totp_secret):
    response = sign_in(client, editor.username)
    assert response.url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302
    client.post(response.url, {"code": current_code(totp_secret)})
    assert client.get("/admin/").status_code == 200


def test_a_code_is_good_once(client, editor, totp_secret):
    code = current_code(totp_secret)
    client.post(sign_in(client, editor.username).url, {"code": code})
    client.post(reverse("account_logout"))
    client.post(sign_in(client, editor.username).url, {"code": code})
    assert not is_signed_in(client)


def test_the_second_factor_cannot_be_removed_without_the_password(client, editor, totp_secret):
    client.force_login(editor)
    response = client.post(reverse("mfa_deactivate_totp"))
    assert response.status_code == 302
    assert Authenticator.objects.filter(user=editor, type="totp").exists()


def test_an_administrator_resets_a_lost_second_factor_with_a_reason_and_the_person_is_told(
    client, regional_admin, verifier, editor, totp_secret
):
    url = reverse("wagtailusers_users:second_factor", args=[editor.pk])
    client.force_login(verifier)
    assert client.post(url, {"reason": "Ponselnya hilang kemarin."}).status_code in (302, 403, 404)
    assert Authenticator.objects.filter(user=editor).exists()
    client.force_login(regional_admin)
    asked = client.post(url, {"reason": "Ponselnya hilang kemarin, datang sendiri."})
    assert reverse("account_reauthenticate") in asked.url  # who resets is asked again first
    assert Authenticator.objects.filter(user=editor).exists()
    client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert not Authenticator.objects.filter(user=editor).exists()
    assert Notification.objects.get(template="second_factor_reset").recipient == editor.email
    entry = ModelLogEntry.objects.get(action="core.reset_second_factor")
    assert (entry.user, entry.object_id, "datang sendiri" in entry.comment) == (regional_admin, str(editor.pk), True)


def test_nobody_resets_the_own_second_factor_or_one_out_of_reach(client, regional_admin, editor, totp_secret):
    reset = {"reason": "Ponselnya hilang kemarin.", "now": timezone.now()}
    for person, actor in ((regional_admin, regional_admin), (editor, UserFactory()), (regional_admin, editor)):
        with pytest.raises(PermissionDenied):
            reset_second_factor(person=person, actor=actor, **reset)
    with pytest.raises(ValidationError):
        reset_second_factor(person=UserFactory(agency=editor.agency), actor=regional_admin, **reset)
    with pytest.raises(ValidationError):
        reset_second_factor(person=editor, actor=regional_admin, **{**reset, "reason": "hilang"})


def test_the_admin_links_to_the_second_factor(client, editor):
    client.force_login(editor)
    assert reverse("mfa_index") in client.get("/admin/account/").content.decode()


# --- Demo accounts --------------------------------------------------------------------------


@pytest.fixture
def demo_account(db):
    user = UserFactory(username="admin", is_demo=True)
    user.set_password(DEMO_PASSWORD)
    user.save()
    return user


def test_the_check_names_demo_accounts(settings, demo_account):
    (message,) = check_demo_accounts()
    assert "admin" in message.msg
    assert not message.is_serious()
    settings.DEMO_ACCOUNTS_ALLOWED = False
    assert check_demo_accounts()[0].is_serious(level=40)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}, {"is_demo": False}])
def test_the_check_is_content_with_tamed_accounts(demo_account, change):
    User.objects.filter(pk=demo_account.pk).update(**change)
    assert check_demo_accounts() == []


def test_demo_accounts_do_not_work_in_production(client, settings, demo_account):
    settings.DEMO_ACCOUNTS_ALLOWED = False
    sign_in(client, "admin", DEMO_PASSWORD)
    assert not is_signed_in(client)


def test_demo_accounts_work_on_a_laptop(client, demo_account):
    assert django_settings.DEMO_ACCOUNTS_ALLOWED
    sign_in(client, "admin", DEMO_PASSWORD)
    assert is_signed_in(client)


def test_production_switches_demo_accounts_off_by_default():
    text = (django_settings.BASE_DIR / "cms/settings/production.py").read_text()
    assert 'env.bool("DEMO_ACCOUNTS_ALLOWED", default=False)' in text
