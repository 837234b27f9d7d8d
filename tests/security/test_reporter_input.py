"""What a forged form of the reporter's own case meets."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.cms.factories import make_site
from tests.workflows.factories import make_complaint
from workflows.models import Message
from workflows.services.throttles import WRITE_CASE

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture
def case(client, region):
    """A case that waits for its reporter's word, opened in this browser."""
    make_site(region)
    complaint = make_complaint("followed_up", region=region)
    session = client.session
    session["complaint_grant"] = {"id": complaint.pk, "until": timezone.now().timestamp() + 600}
    session.save()
    return complaint


def post(client, **fields):
    return client.post(reverse("workflows:case"), fields)


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "x", "²", "1e3"])
def test_an_unreadable_version_fails_nothing(client, case, version):
    assert post(client, action="message", words="Halo, ada kabar?", version=version).status_code in (302, 409)


@pytest.mark.parametrize("words", ["x" * 3001, "jalan\0rusak"])
def test_confirming_takes_no_words_the_form_would_refuse(client, case, words):
    before = Message.objects.count()

    assert post(client, action="confirm", words=words).status_code == 422
    assert Message.objects.count() == before


def test_confirming_without_words_closes_the_case(client, case):
    post(client, action="confirm", words=" ", version=case.version)

    case.refresh_from_db()
    assert case.status == "closed"


@pytest.mark.parametrize(
    "fields", [{"remove": "a\0b"}, {"remove": "x" * 9000}, {"action": "a\0b"}, {"action": "__init__"}]
)
def test_rubbish_in_buttons_fails_nothing(client, case, fields):
    assert post(client, words="Halo", **fields).status_code in (200, 422)


# Frozen: the limit's window is the clock's hour, which the attempts must not straddle.
@time_machine.travel("2026-11-16T03:10:00Z", tick=False)
def test_files_are_not_even_read_once_the_limit_is_reached(client, case):
    for _attempt in range(WRITE_CASE.most):
        post(client, remove="x")

    assert post(client, remove="x").status_code == 429


def test_a_key_no_database_takes_is_not_found(client, case):
    assert client.get("/aduan/lampiran/a%00b/").status_code == 404
