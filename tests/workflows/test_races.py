"""Several officers press the same button within a moment: one wins, the others are told."""

import threading

import pytest
from django.db import close_old_connections, connection

from tests.factories import AgencyFactory
from tests.workflows.factories import cast_of, make_complaint, make_receipt
from workflows.models import Complaint
from workflows.services import desk
from workflows.services.filing import Draft, submit_complaint
from workflows.services.steps import ConcurrentUpdate
from workflows.states import Status

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def all_at_once(action):
    """Run the action in several threads that start together; what each returned or raised."""
    ready, results = threading.Barrier(CROWD), []

    def run(number):
        close_old_connections()
        try:
            ready.wait()
            results.append(action(number))
        except ConcurrentUpdate as lost:
            results.append(lost)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_six_forwardings_exactly_one_happens(region):
    people = cast_of(region)
    complaint = make_complaint(Status.VERIFIED, region=region)
    agencies = [AgencyFactory(region=region) for _number in range(CROWD)]

    def forward(number):
        return desk.forward_complaint(
            complaint_id=complaint.pk, agency=agencies[number], actor=people["verifier"], version=complaint.version
        )

    results = all_at_once(forward)
    lost = [result for result in results if isinstance(result, ConcurrentUpdate)]
    assert len(results) == CROWD
    assert len(lost) == CROWD - 1
    stored = Complaint.objects.get(pk=complaint.pk)
    assert (stored.legs.count(), stored.version) == (1, complaint.version + 1)
    assert lost[0].last_event.agency == stored.current_agency


def test_one_form_sent_six_times_at_once_is_one_case(region):
    make_receipt(region)
    draft = Draft(title="Air keruh", body="Air ledeng keruh sejak kemarin pagi.")
    receipts = all_at_once(lambda _number: submit_complaint(region=region, draft=draft, token="satu"))
    assert {receipt.complaint.reference for receipt in receipts} == {receipts[0].complaint.reference}
    assert Complaint.objects.count() == 2


def test_numbers_given_out_at_once_are_all_different(region):
    make_receipt(region)
    receipts = all_at_once(lambda _number: make_receipt(region))
    assert len({receipt.complaint.reference for receipt in receipts}) == CROWD
