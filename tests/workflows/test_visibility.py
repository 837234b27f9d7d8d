"""Who sees which case: the set of cases a person can list equals the set that person can open."""

import pytest

from core.models import Region, User
from core.permissions import Role
from core.services import save_agency
from tests.factories import AgencyFactory, StaffFactory
from tests.workflows.factories import WORDS, make_complaint
from workflows.models import Complaint
from workflows.selectors.complaints import case_for
from workflows.services import agency as office
from workflows.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(people, other_agency):
    """One new case, one with the officer's agency, and a confidential one there."""
    return {
        "new": make_complaint(),
        "forwarded": make_complaint(Status.IN_PROGRESS),
        "confidential": make_complaint(Status.FORWARDED, is_confidential=True),
    }


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("verifier", {"new", "forwarded", "confidential"}),
        ("regional_admin", {"new", "forwarded", "confidential"}),
        ("auditor", {"new", "forwarded", "confidential"}),
        ("officer", {"forwarded", "confidential"}),
        ("agency_head", {"forwarded", "confidential"}),
        ("other_officer", set()),
        ("editor", set()),
    ],
)
def test_each_person_lists_and_opens_the_same_cases(person, seen, cases, request):
    user = User.objects.filter(username=person).first() or request.getfixturevalue(person)
    listed = set(Complaint.objects.visible_to(user).values_list("pk", flat=True))
    assert listed == {cases[name].pk for name in seen}
    for complaint in cases.values():
        if complaint.pk in listed:
            assert case_for(user, complaint.reference) == complaint
            continue
        with pytest.raises(Complaint.DoesNotExist):
            case_for(user, complaint.reference)


def test_a_case_stays_visible_to_an_agency_that_gave_it_back(cases, people):
    office.return_to_coordinator(
        complaint_id=cases["forwarded"].pk, actor=people["officer"], reason="not_ours", explanation=WORDS
    )
    assert cases["forwarded"] in Complaint.objects.visible_to(people["officer"])


def test_a_parent_agency_sees_the_cases_of_its_units(people):
    parent = AgencyFactory(region=people["agency"].region)
    unit = people["agency"]
    unit.parent = parent
    save_agency(unit)
    complaint = make_complaint(Status.FORWARDED)
    above = StaffFactory(username="atasan", grants=[(Role.LIAISON, parent)])
    beside = StaffFactory(username="sebelah", grants=[(Role.LIAISON, AgencyFactory(region=unit.region, parent=parent))])
    assert complaint in Complaint.objects.visible_to(above)
    assert complaint not in Complaint.objects.visible_to(beside)


def test_the_desk_of_another_region_sees_nothing(cases):
    elsewhere = Region.objects.create(code="35.27", name="Sampang", kind=Region.Kind.REGENCY)
    stranger = StaffFactory(username="verifier_lain", grants=[(Role.VERIFIER, elsewhere)])
    assert not Complaint.objects.visible_to(stranger).exists()


def test_public_lists_hold_neither_confidential_nor_unchecked_cases(cases):
    assert list(Complaint.objects.listed()) == [cases["forwarded"]]


def test_listing_costs_one_query_whatever_the_role(cases, people, django_assert_num_queries):
    list(Complaint.objects.visible_to(people["officer"]))
    with django_assert_num_queries(1):
        list(Complaint.objects.visible_to(people["officer"]))
