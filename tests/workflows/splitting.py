"""A case that is split among two agencies, and what is done with it in tests."""

from datetime import timedelta

from tests.workflows.factories import FILED_AT, WORDS, make_complaint, make_receipt
from workflows.models import ClockCycle, Complaint
from workflows.services import agency as office
from workflows.services import desk, parts
from workflows.services.identity import Identity
from workflows.services.parts import Task
from workflows.states import Reason, Status

LATER = FILED_AT + timedelta(days=1)
NOT_OURS = "Bukan tugas kantor kami, ini milik dinas lain."
WHY = "Foto menyusul besok pagi."


def make_split(people, lamps, **draft):
    """A verified case with a part for the road and one for the lamps."""
    case = make_complaint(Status.VERIFIED, identity=Identity(email="sulastri@example.org"), **draft)
    return split_up(case, people, lamps)


def report_split(region, people, lamps):
    """The receipt of a reporter, and the case split like that."""
    receipt = make_receipt(region)
    case = desk.verify_complaint(complaint_id=receipt.complaint.pk, actor=people["verifier"], now=FILED_AT)
    return receipt, split_up(case, people, lamps)


def split_up(case, people, lamps):
    tasks = [Task(people["agency"], "Tambal lubang di depan pasar."), Task(lamps, "Perbaiki lampu jalan di sana.")]
    return parts.split_complaint(
        complaint_id=case.pk, tasks=tasks, actor=people["verifier"], version=case.version, now=LATER
    )


def parts_of(case):
    return list(Complaint.objects.filter(part_of__whole=case.pk).order_by("pk"))


def again(case):
    return Complaint.objects.get(pk=case.pk)


def accept(part, officer, at=LATER):
    office.accept_complaint(complaint_id=part.pk, actor=officer, now=at)


def answer(part, officer, at=LATER):
    accept(part, officer, at)
    office.follow_up(complaint_id=part.pk, actor=officer, answer=WORDS, no_evidence_reason=WHY, now=at)


def give_back(part, officer, at=LATER):
    office.return_to_coordinator(
        complaint_id=part.pk, actor=officer, reason=Reason.NOT_OURS, explanation=NOT_OURS, now=at
    )


def running(case):
    return {clock.kind for clock in ClockCycle.objects.filter(complaint=case, stopped_at__isnull=True)}
