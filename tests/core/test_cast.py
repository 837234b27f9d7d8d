"""The cast and the test database are what the other tests rely on."""

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, Site

from core.models import Agency, Region
from core.permissions import Role, scope_of


def test_wagtails_own_rows_are_there_from_the_start(db):
    assert Page.objects.filter(depth=1).count() == 1
    assert Site.objects.get(is_default_site=True)
    assert Locale.objects.get().language_code == "id"


def test_the_officer_covers_the_own_agency_only(officer, agency, other_agency):
    scope = scope_of(officer)
    assert scope.covers({Role.LIAISON}, agency)
    assert not scope.covers({Role.LIAISON}, other_agency)


def test_the_other_officer_lists_nothing_of_the_first_agency(other_officer, agency, other_agency):
    assert list(Agency.objects.visible_to(other_officer)) == [other_agency]


def test_verifier_and_auditor_cover_the_whole_region(verifier, auditor, agency, other_agency):
    for person in (verifier, auditor):
        assert set(Agency.objects.visible_to(person)) == {agency, other_agency}


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_transactional_test_leaves_no_row_and_loses_none(transactional_db, turn):
    assert not Region.objects.exists()
    assert Page.objects.filter(depth=1).exists()
    assert ContentType.objects.exists()
    Region.objects.create(code="35.78", name="Surabaya", kind=Region.Kind.CITY)
