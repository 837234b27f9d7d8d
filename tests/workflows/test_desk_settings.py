"""Settings of a desk and paused retention: for the region's administrator, with a trace of who changed what."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from core.services import sync_roles
from tests.workflows.factories import make_complaint
from tests.workflows.screens import NOW
from workflows.models import ComplaintDesk, ReporterPolicy, RetentionRule
from workflows.services.erasure import erase_due
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
TYPED = {
    "mail_address": "Aduan@bangkalan.example",
    "backdate_days": "5",
    "info_wait_days": "10",
    "reopen_days": "14",
    "sample_percent": "10",
    "shows_officer": "on",
    "dossier_after_days": "45",
}


@pytest.fixture
def admin(client, people):
    sync_roles()
    client.force_login(people["admin"])
    return people["admin"]


def test_an_administrator_sets_the_desk_and_the_change_is_logged(client, admin, region, far_case):
    address = reverse("complaints:settings")
    assert client.get(address).status_code == 200
    assert client.post(address, TYPED).status_code == 302
    desk, policy = ComplaintDesk.objects.get(region=region), ReporterPolicy.objects.get(region=region)
    assert (desk.mail_address, desk.backdate_days) == ("aduan@bangkalan.example", 5)
    assert (policy.shows_officer, policy.dossier_after_days) == (True, 45)
    (entry,) = ModelLogEntry.objects.filter(action="workflows.settings")
    assert (entry.user, entry.data["changed"]["backdate_days"]) == (admin, [2, 5])
    client.post(address, TYPED)
    assert ModelLogEntry.objects.filter(action="workflows.settings").count() == 1
    assert "45" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"mail_address": "lain@example.org"}, {"mail_address": "a+b@example.org"}, {"backdate_days": "-1"},
     {"dossier_after_days": ""}, {"reopen_days": "0"}, {"sample_percent": "0"}],
)  # fmt: skip
def test_settings_that_would_stop_the_desk_are_refused(client, admin, region, far_case, wrong):
    ComplaintDesk.objects.filter(region=far_case.region).update(mail_address="lain@example.org")
    assert client.post(reverse("complaints:settings"), TYPED | wrong).status_code == 422
    assert ComplaintDesk.objects.get(region=region).backdate_days == 2


@pytest.mark.parametrize("name", ["verifier", "officer", "head"])
def test_settings_are_nobody_elses(client, people, far_case, name):
    sync_roles()
    client.force_login(people[name])
    assert client.get(reverse("complaints:settings")).status_code in (302, 403)
    assert client.post(reverse("complaints:settings"), TYPED).status_code in (302, 403)
    rule = RetentionRule.objects.create(region=far_case.region, days=365)
    answer = client.post(reverse("privacy:rule", args=[rule.pk]), {"reason": "Diminta oleh pengadilan."})
    assert answer.status_code in (302, 403, 404)
    assert RetentionRule.objects.get().is_active
    assert not ModelLogEntry.objects.filter(action__startswith="workflows.").exists()


def test_a_region_of_others_is_not_reached(client, admin, far_case):
    answer = client.post(reverse("complaints:settings"), TYPED | {"region": far_case.region.code})
    assert answer.status_code in (302, 403)
    assert ComplaintDesk.objects.get(region=far_case.region).mail_address == ""
    rule = RetentionRule.objects.create(region=far_case.region, days=365)
    assert client.post(reverse("privacy:rule", args=[rule.pk]), {"do": "resume"}).status_code == 404


def test_under_a_paused_rule_nothing_is_erased(client, admin, region):
    case = make_complaint(Status.CLOSED)
    client.post(reverse("privacy:proofs"), {"days": "30", "category": ""})
    rule = RetentionRule.objects.get()
    pause = reverse("privacy:rule", args=[rule.pk])
    client.post(pause, {"reason": "Singkat"})
    assert RetentionRule.objects.get().is_active
    client.post(pause, {"reason": "Pengadilan meminta berkasnya."})
    assert "Pengadilan meminta berkasnya." in client.get(reverse("privacy:proofs")).content.decode()
    much_later = NOW.replace(year=2027)
    assert erase_due(much_later) == 0
    client.post(pause, {"do": "resume"})
    assert erase_due(much_later) == 1
    assert case.erasures.count() == 1
    said = [entry.data for entry in ModelLogEntry.objects.filter(action="workflows.retention").order_by("pk")]
    assert said == [{"days": 30}, {"paused": "Pengadilan meminta berkasnya."}, {"resumed": True}]
