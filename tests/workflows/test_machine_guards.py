"""What the database and the model refuse, whoever tries to move a case past its services."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from tests.workflows.factories import FILED_AT, make_complaint
from workflows.models import Complaint
from workflows.services import desk
from workflows.states import Status

pytestmark = pytest.mark.django_db
S = Status


def test_a_status_cannot_change_behind_the_machines_back(people):
    complaint = make_complaint(S.RECEIVED)
    with pytest.raises(AttributeError):
        complaint.status = S.CLOSED
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(status=S.VERIFIED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(status=S.VERIFIED, version=complaint.version + 1)
    assert Complaint.objects.get(pk=complaint.pk).status == S.RECEIVED


def test_reading_the_row_again_keeps_the_status_protected(people):
    complaint = make_complaint(S.RECEIVED)
    desk.verify_complaint(complaint_id=complaint.pk, actor=people["verifier"], now=FILED_AT + timedelta(days=2))
    complaint.refresh_from_db()
    assert complaint.status == S.VERIFIED
    with pytest.raises(AttributeError):
        complaint.status = S.CLOSED
    gone = Complaint(pk=0)
    with pytest.raises(Complaint.DoesNotExist):
        gone.refresh_from_db()
    with pytest.raises(AttributeError):
        complaint.status = S.CLOSED


def test_cleaning_a_complaint_leaves_its_status_alone(people):
    complaint = make_complaint(S.VERIFIED)
    complaint.full_clean(exclude=["form_key"])
    assert complaint.status == S.VERIFIED


def test_a_forwarded_case_without_an_agency_is_refused_by_the_database(people):
    complaint = make_complaint(S.FORWARDED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(current_agency=None)
