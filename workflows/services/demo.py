"""Demo complaints: a few dozen told case by case through the real services, as if they had happened before ``now``."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from core.models import Agency, District, Notification, Region, User
from core.permissions import Role
from core.services import assign_role
from workflows.actors import SYSTEM, ReporterGrant
from workflows.models import Category, Complaint, ComplaintDesk
from workflows.selectors.parts import parts_of
from workflows.services import agency as office
from workflows.services import closing, desk, part_words, parts
from workflows.services.demo_bulk import make_bulk_complaints
from workflows.services.filing import Draft, submit_complaint
from workflows.services.following import ask_to_follow, confirm_follower
from workflows.services.identity import Identity
from workflows.services.parts import Task
from workflows.services.publicity import proposed_text, publish_case
from workflows.services.satisfaction import rate_case

__all__ = ["make_bulk_complaints", "make_demo_complaints", "set_up_desk"]

NO_FILES = "Bukti foto tersimpan di kantor, akan dilampirkan kemudian."
# Hours between one move and the next, unless the case has less time.
STEP_HOURS = (5, 30)


def set_up_desk(region: Region) -> ComplaintDesk:
    """The region's desk with its communications office as coordinator, kept if it exists."""
    coordinator = Agency.objects.filter(region=region, code="DISKOMINFO").first()
    defaults = {"prefix": "BKL" if region.code == "35.26" else "ADU", "coordinator": coordinator}
    return ComplaintDesk.objects.get_or_create(region=region, defaults=defaults)[0]


@transaction.atomic
def make_demo_complaints(*, region: Region, now: datetime, seed: int) -> list[Complaint]:
    """Tell every case of ``fixtures/demo_complaints.json``; the same seed gives the same dates."""
    set_up_desk(region)
    stories = json.loads(Path(settings.FIXTURES_ROOT, "demo_complaints.json").read_text(encoding="utf-8"))["complaints"]
    people = _People(region)
    dice = random.Random(seed)  # noqa: S311  the same demo every time
    told: dict[str, Complaint] = {}
    last = Notification.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for story in sorted(stories, key=lambda story: -story["days_ago"]):
        told[story["title"]] = _Telling(story, people, now=now, dice=dice, told=told).tell()
    # What happened months ago is not announced today.
    Notification.objects.filter(pk__gt=last).delete()
    return list(told.values())


class _People:
    """Who works in the demo: existing accounts where there are some, else made ones nobody can sign in with."""

    def __init__(self, region: Region):
        self.region = region
        self._known: dict[tuple[str, str], User] = {}

    def of_region(self, role: Role) -> User:
        return self._known.setdefault((role, ""), self._find(role, region=self.region) or self._make(role, None))

    def of_agency(self, role: Role, agency: Agency) -> User:
        key = (role, agency.code)
        if key not in self._known:
            self._known[key] = self._find(role, agency=agency) or self._make(role, agency)
        return self._known[key]

    def _find(self, role: Role, **scope: Any) -> User | None:
        scoped = {f"role_assignments__{name}": value for name, value in scope.items()}
        return User.objects.filter(role_assignments__role=role, is_active=True, **scoped).order_by("pk").first()

    def _make(self, role: Role, agency: Agency | None) -> User:
        word = {Role.LIAISON: "Petugas", Role.AGENCY_HEAD: "Kepala", Role.VERIFIER: "Verifikator"}.get(role, "Admin")
        place = agency.short_name if agency else self.region.name
        user = User(username=f"demo-{role}-{(agency.code if agency else 'daerah').lower()}"[:150], is_demo=True)
        user.name, user.agency = f"{word} {place} (demo)", agency
        user.set_unusable_password()
        user.save()
        assign_role(user=user, role=role, agency=agency, region=None if agency else self.region)
        return user


class _Telling:
    """One case: filed some days ago, then moved along its path, never beyond ``now``."""

    def __init__(self, story: dict[str, Any], people: _People, *, now: datetime, dice: random.Random, told: dict):
        self.story, self.people, self.now, self.dice, self.told = story, people, now, dice, told
        self.region = people.region
        self.at = _daytime(now - timedelta(days=story["days_ago"]), now, self.region, dice)
        self.agencies = list(story.get("agencies", []))
        self.complaint_id = 0

    def tell(self) -> Complaint:
        self.complaint_id = self._file()
        for left, move in zip(range(len(self.story["path"]), 0, -1), self.story["path"], strict=True):
            self.at = self._next(left)
            getattr(self, f"_{move}")()
        self._tell_the_public()
        return Complaint.objects.get(pk=self.complaint_id)

    def _tell_the_public(self) -> None:
        """Stars of the reporter, the case in checked words, and neighbours who follow it; all before now."""
        self.at = self._next(1)
        if "stars" in self.story:
            stars, is_remedied, was_clear = self.story["stars"]
            judged = {"stars": stars, "is_remedied": is_remedied, "was_clear": was_clear}
            rate_case(complaint_id=self.complaint_id, actor=ReporterGrant(self.complaint_id), now=self.at, **judged)
        if not self.story.get("public"):
            return
        complaint = Complaint.objects.select_related("reporter").get(pk=self.complaint_id)
        entry = publish_case(
            complaint_id=self.complaint_id, actor=self._verifier, text=proposed_text(complaint), now=self.at
        )
        for number in range(self.story.get("followers", 0)):
            address = f"tetangga{number + 1}@contoh.example"
            confirm_follower(
                follower=ask_to_follow(entry=entry, email=address, language="id", now=self.at), now=self.at
            )

    def _next(self, moves_left: int) -> datetime:
        """The next move comes after some hours, but so that all of them happen before now."""
        wanted = timedelta(hours=self.dice.uniform(*STEP_HOURS))
        return self._office_hours(self.at + min(wanted, (self.now - self.at) / (moves_left + 1)))

    def _office_hours(self, at: datetime) -> datetime:
        """Officers work by day and not at the weekend, as far as that fits between the last move and now."""
        local = at.astimezone(self.region.zone)
        local += timedelta(days=7 - local.weekday() if local.weekday() >= 5 else 0)
        by_day = local.replace(hour=self.dice.randint(8, 14), minute=self.dice.randint(0, 59))
        return by_day if self.at < by_day < self.now else at

    def _file(self) -> int:
        story = self.story
        draft = Draft(
            title=story["title"],
            body=story["body"],
            klass=story.get("klass", "complaint"),
            category=Category.objects.filter(code=story["category"], region=None).first(),
            agency_hint=None,
            district=District.objects.filter(region=self.region, name__iexact=story["district"]).first(),
            place=story.get("place", ""),
            is_anonymous=story.get("anonymous", False),
            is_confidential=story.get("confidential", False),
            identity=Identity(name=story.get("name", ""), email=story.get("email", "")),
        )
        complaint = submit_complaint(region=self.region, draft=draft, now=self.at).complaint
        return complaint.pk

    def _do(self, service: Callable[..., Complaint], actor: Any, **details: Any) -> Complaint:
        return service(complaint_id=self.complaint_id, actor=actor, now=self.at, **details)

    @property
    def _verifier(self) -> User:
        return self.people.of_region(Role.VERIFIER)

    @property
    def _holder(self) -> Agency:
        agency = Complaint.objects.select_related("current_agency").get(pk=self.complaint_id).current_agency
        return agency or self._agency(self.story["agency"])

    def _officer(self, role: Role = Role.LIAISON) -> User:
        return self.people.of_agency(role, self._holder)

    def _agency(self, code: str) -> Agency:
        rows = Agency.objects.filter(region=self.region)
        return rows.filter(code=code).first() or rows.exclude(parent=None).order_by("pk")[0]

    def _verify(self) -> None:
        self._do(desk.verify_complaint, self._verifier)

    def _ask(self) -> None:
        asked_by_office = "accept" in self.story["path"]
        actor = self._officer() if asked_by_office else self._verifier
        self._do(desk.request_info, actor, question=self.story["question"])

    def _forward(self) -> None:
        complaint = Complaint.objects.get(pk=self.complaint_id)
        code = self.agencies.pop(0) if self.agencies else self.story["agency"]
        decided = complaint.return_count >= 2
        actor = self.people.of_region(Role.REGIONAL_ADMIN) if decided else self._verifier
        self._do(desk.forward_complaint, actor, agency=self._agency(code))

    def _return(self) -> None:
        words = self.story["return_words"]
        self._do(office.return_to_coordinator, self._officer(), reason="not_ours", explanation=words)

    def _accept(self) -> None:
        self._do(office.accept_complaint, self._officer())

    def _hold(self) -> None:
        until = (self.now + timedelta(days=self.story["hold_days"])).date()
        words = {"reason": self.story["hold"], "explanation": self.story["hold_words"]}
        self._do(office.hold_complaint, self._officer(Role.AGENCY_HEAD), until=until, **words)

    def _follow_up(self) -> None:
        self._do(office.follow_up, self._officer(), answer=self.story["answer"], no_evidence_reason=NO_FILES)

    def _split(self) -> None:
        tasks = [Task(self._agency(code), words) for code, words in self.story["tasks"]]
        self._do(parts.split_complaint, self._verifier, tasks=tasks)

    def _part_ask(self) -> None:
        """The first agency accepts its part and asks the reporter."""
        first, officer = self._part(0)
        office.accept_complaint(complaint_id=first.pk, actor=officer, now=self.at)
        desk.request_info(complaint_id=first.pk, actor=officer, question=self.story["question"], now=self.at)

    def _part_reply(self) -> None:
        grant = ReporterGrant(self.complaint_id)
        self._do(part_words.reply_to_parts, grant, words=self.story["words"], to=self._part(0)[0].pk)

    def _part_answer(self) -> None:
        """The last agency answers; the others still work."""
        last, officer = self._part(-1)
        office.accept_complaint(complaint_id=last.pk, actor=officer, now=self.at)
        answer = {"answer": self.story["answer"], "no_evidence_reason": NO_FILES}
        office.follow_up(complaint_id=last.pk, actor=officer, now=self.at, **answer)

    def _part(self, number: int) -> tuple[Complaint, User]:
        """One part of the case and the officer who has it."""
        code, _words = self.story["tasks"][number]
        part = list(parts_of(self.complaint_id))[number]
        return part, self.people.of_agency(Role.LIAISON, self._agency(code))

    def _confirm(self) -> None:
        if self.story.get("late_confirm"):
            self.at = max(self.at, self.now - timedelta(days=6))
        self._do(closing.confirm_solved, ReporterGrant(self.complaint_id))

    def _silence(self) -> None:
        due = Complaint.objects.get(pk=self.complaint_id).next_due_at
        self.at = (due or self.at) + timedelta(minutes=1)
        self._do(closing.close_by_silence, SYSTEM)

    def _not_solved(self) -> None:
        self._do(closing.say_not_solved, ReporterGrant(self.complaint_id), words=self.story["words"])

    def _reopen(self) -> None:
        self._do(closing.reopen_complaint, ReporterGrant(self.complaint_id), words=self.story["words"])

    def _close(self) -> None:
        self._do(closing.close_complaint, self._verifier, result=self.story["close_words"], no_evidence_reason=NO_FILES)

    def _refer(self) -> None:
        words = {"explanation": self.story["refer_words"], "number": self.story["refer_number"]}
        self._do(desk.refer_out, self._verifier, body=self.story["refer_to"], reason="other_government", **words)

    def _duplicate(self) -> None:
        self._do(desk.mark_duplicate, self._verifier, parent=self.told[self.story["duplicate_of"]])

    def _reject(self) -> None:
        words = {"reason": self.story["reason"], "explanation": self.story["reject_words"]}
        self._do(desk.reject_complaint, self._verifier, **words)


def _daytime(at: datetime, now: datetime, region: Region, dice: random.Random) -> datetime:
    """A moment of the same local day between seven and nine in the evening, and before now."""
    hour, minute = dice.randint(7, 20), dice.randint(0, 59)
    local = at.astimezone(region.zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return min(local, now - timedelta(minutes=20))
