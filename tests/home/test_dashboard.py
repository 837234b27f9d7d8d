"""The staff's first screen: what is late, and how the own agency is rated."""

from datetime import timedelta

import pytest
import time_machine

from core.permissions import Role
from surveys.selectors.standing_for import subject_of
from tests.factories import AgencyFactory, StaffFactory
from tests.workflows.factories import FILED_AT, make_complaint
from workflows.models import ComplaintDesk
from workflows.services.calendars import load_calendars
from workflows.services.policies import load_sla_policies
from workflows.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(region, agency):
    load_calendars()
    load_sla_policies()
    return ComplaintDesk.objects.create(region=region, prefix="BKL", coordinator=agency)


def panel(client, name):
    response = client.get("/admin/")
    return next((context for context in response.context if name in context), None)


def test_an_officer_reads_what_is_late_due_today_and_waiting(client, officer, desk):
    late = make_complaint(Status.FORWARDED, now=FILED_AT - timedelta(days=21))
    due = make_complaint(Status.FORWARDED)
    make_complaint(Status.RECEIVED)
    leg = due.legs.get()
    with time_machine.travel(leg.due_at - timedelta(hours=1), tick=False):
        client.force_login(officer)
        context = panel(client, "counts")
    assert context["counts"] == {"late": 1, "today": 1, "waiting": 2}
    assert [case.pk for case, _words in context["rows"]] == [late.pk, due.pk]


def test_an_editor_is_shown_the_index_but_no_cases(client, editor, desk, agency):
    make_complaint(Status.FORWARDED)
    client.force_login(editor)
    assert panel(client, "counts") is None
    assert panel(client, "subject")["subject"] == agency


def test_another_agencys_officer_is_shown_nothing_of_it(client, other_officer, other_agency, desk):
    make_complaint(Status.FORWARDED)
    client.force_login(other_officer)
    assert panel(client, "counts")["counts"]["waiting"] == 0
    assert panel(client, "subject")["subject"] == other_agency


def test_whoever_works_for_the_region_reads_its_index(regional_admin, auditor, region):
    assert subject_of(regional_admin) == subject_of(auditor) == region


def test_of_several_agencies_the_topmost_counts(agency):
    unit = AgencyFactory(parent=agency, code="upt")
    person = StaffFactory(grants=[(Role.LIAISON, unit), (Role.AGENCY_HEAD, agency)])
    assert subject_of(person) == agency


def test_somebody_without_a_role_is_answerable_for_nothing(db):
    assert subject_of(StaffFactory()) is None
