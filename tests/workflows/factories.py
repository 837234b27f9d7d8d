"""Complaints in every state, reached the way real ones are: through the services."""

from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from core.models import Agency, RoleAssignment, User
from core.permissions import Role
from core.services import sync_roles
from tests.factories import AgencyFactory, RegionFactory, StaffFactory, UserFactory
from workflows.actors import SYSTEM, ReporterGrant
from workflows.models import Complaint, ComplaintDesk, PendingUpload
from workflows.services import agency as at_agency
from workflows.services import closing, desk
from workflows.services.filing import Draft, submit_complaint
from workflows.states import Reason, Status

# Monday 4 May 2026, 08:00 in Bangkalan; 14 and 15 May are off.
FILED_AT = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
WORDS = "Jalan sudah diperbaiki oleh regu pemeliharaan."


def staff(username, role, scope) -> User:
    known = User.objects.filter(username=username).first()
    return known or StaffFactory(username=username, grants=[(role, scope)])


def cast_of(region):
    """The people and agencies a case meets; the same names as the fixtures of tests/conftest.py."""
    agency = Agency.objects.filter(region=region, code="dpupr").first() or AgencyFactory(region=region, code="dpupr")
    ComplaintDesk.objects.get_or_create(region=region, defaults={"prefix": "BKL"})
    posts = {
        "verifier": ("verifier", Role.VERIFIER, {"region": region}),
        "officer": ("officer", Role.LIAISON, {"agency": agency}),
        "head": ("agency_head", Role.AGENCY_HEAD, {"agency": agency}),
        "admin": ("regional_admin", Role.REGIONAL_ADMIN, {"region": region}),
    }
    known = {user.username: user for user in User.objects.filter(username__in=[name for name, *_ in posts.values()])}
    people = {post: known.get(name) or UserFactory(username=name) for post, (name, *_) in posts.items()}
    fresh = [RoleAssignment(user=people[post], role=role, **scope)
             for post, (name, role, scope) in posts.items() if name not in known]  # fmt: skip
    if RoleAssignment.objects.bulk_create(fresh):
        # Once for all of them: what `assign_role` does after each.
        sync_roles()
    return {"agency": agency, **people}


def make_receipt(region=None, now=FILED_AT, **draft):
    region = region or RegionFactory()
    values = {"title": "Jalan berlubang", "body": "Lubang besar di depan pasar sejak dua minggu lalu."} | draft
    return submit_complaint(region=region, draft=Draft(**values), now=now)


def make_complaint(status=Status.RECEIVED, *, region=None, now=FILED_AT, **draft) -> Complaint:
    """A complaint in a state; each step on the way takes an hour."""
    receipt = make_receipt(region, now, **draft)
    walker = Walk(receipt.complaint, cast_of(receipt.complaint.region), now)
    walker.to(Status(status))
    return Complaint.objects.get(pk=receipt.complaint.pk)


def kept_file(form_key="bukti", content=b"%PDF-1.4 bukti %%EOF") -> PendingUpload:
    name = storages["private"].save("complaints/bukti.pdf", ContentFile(content))
    return PendingUpload.objects.create(
        form_key=form_key,
        original_name="bukti.pdf",
        name=name,
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        at=FILED_AT,
    )


class Walk:
    """The shortest way to each state."""

    def __init__(self, complaint, cast, now):
        self.id, self.cast, self.now = complaint.pk, cast, now
        self.reporter = ReporterGrant(complaint.pk)

    def _step(self, service, actor, **details):
        self.now += timedelta(hours=1)
        return service(complaint_id=self.id, actor=actor, now=self.now, **details)

    def to(self, status):
        getattr(self, f"to_{status.value}")()

    def to_received(self):
        pass

    def to_needs_info(self):
        self._step(desk.request_info, self.cast["verifier"], question="Di desa mana letak jalan ini?")

    def to_verified(self):
        self._step(desk.verify_complaint, self.cast["verifier"])

    def to_forwarded(self):
        self.to_verified()
        self._step(desk.forward_complaint, self.cast["verifier"], agency=self.cast["agency"])

    def to_in_progress(self):
        self.to_forwarded()
        self._step(at_agency.accept_complaint, self.cast["officer"])

    def to_on_hold(self):
        self.to_in_progress()
        self._step(
            at_agency.hold_complaint,
            self.cast["head"],
            reason=Reason.WEATHER,
            until=(self.now + timedelta(days=7)).date(),
            explanation="Menunggu musim hujan berakhir.",
        )

    def to_followed_up(self):
        self.to_in_progress()
        self._step(at_agency.follow_up, self.cast["officer"], answer=WORDS, no_evidence_reason="Foto menyusul besok")

    def to_closed(self):
        self.to_followed_up()
        self._step(closing.confirm_solved, self.reporter)

    def to_in_review(self):
        self.to_followed_up()
        self._step(closing.say_not_solved, self.reporter, words="Lubangnya masih ada sampai hari ini.")

    def to_referred_out(self):
        self._step(
            desk.refer_out,
            self.cast["verifier"],
            body="Dinas PU Bina Marga Provinsi Jawa Timur",
            reason=Reason.OTHER_GOVERNMENT,
            explanation="Jalan ini adalah jalan provinsi.",
        )

    def to_duplicate(self):
        region = Complaint.objects.get(pk=self.id).region
        parent = make_receipt(region, self.now).complaint
        self._step(desk.mark_duplicate, self.cast["verifier"], parent=parent)

    def to_rejected(self):
        self._step(
            desk.reject_complaint,
            self.cast["verifier"],
            reason=Reason.TOO_GENERAL,
            explanation="Laporan tidak menyebut tempat dan waktu.",
        )

    def silence(self):
        self.to_followed_up()
        self.now += timedelta(days=30)
        self._step(closing.close_by_silence, SYSTEM)


__all__ = ["FILED_AT", "WORDS", "Walk", "cast_of", "kept_file", "make_complaint", "make_receipt", "staff"]
