"""Before sending, a citizen sees published open cases that resemble the own one, and nothing of any other."""

import pytest

from tests.factories import RegionFactory, StaffFactory
from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.test_filing_page import ADDRESS, TYPED, token_of
from workflows.models import Complaint, PublicEntry
from workflows.selectors.similar_public import similar_public
from workflows.states import Status

pytestmark = pytest.mark.django_db
TITLE, BODY = "Lampu jalan mati", "Lampu jalan mati di depan pasar."


def published(status=Status.FORWARDED, title=TITLE, **values):
    case = make_complaint(status, **values)
    entry = {"title": title, "body": BODY, "checked_by": StaffFactory(), "published_at": FILED_AT}
    return PublicEntry.objects.create(complaint=case, **entry)


def test_only_published_open_cases_of_the_region_are_shown_and_only_their_public_words(people, region, settings):
    shown = published(title="Lampu jalan padam", body="Nama saya Sari, lampu jalan mati di rumah saya.")
    make_complaint(Status.FORWARDED, title=TITLE, body=BODY)  # not published
    published(is_confidential=True)
    published(Status.CLOSED)
    withdrawn = published()
    PublicEntry.objects.filter(pk=withdrawn.pk).update(withdrawn_at=FILED_AT)
    found = similar_public(region, title=TITLE, body=BODY, category_id=None)
    assert [case.title for case in found] == [shown.title]
    assert similar_public(region, title="Sari", body="Nama saya Sari, rumah saya.", category_id=None) == []
    far = RegionFactory(code="35.27", name="Sampang")
    assert similar_public(far, title=TITLE, body=BODY, category_id=None) == []


def test_the_form_shows_them_once_and_sends_anyway(client, website, people):
    entry = published()
    token = token_of(client.get(ADDRESS))
    before = Complaint.objects.count()
    looked = client.post(ADDRESS, {**TYPED, "token": token})
    page = looked.content.decode()
    assert entry.complaint.reference in page
    assert TYPED["body"] in page
    assert 'name="seen"' in page
    assert Complaint.objects.count() == before
    assert client.post(ADDRESS, {**TYPED, "token": token, "seen": "1"}).status_code == 302
    assert Complaint.objects.count() == before + 1
