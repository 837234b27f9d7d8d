"""The state machine of a complaint, all on one screen.

Where each move starts and ends, who may make it and what it needs stands in ``workflows/moves.py``; a region may narrow
that by its published rules. Each move is called by exactly one service of ``workflows/services``, which locks the row,
asks the permission and writes the event; a body here only assigns fields. ``at`` is the moment of the move. A database
trigger refuses a status that changes without its event (``workflows/triggers.py``).
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from core.models import Agency, User
from workflows import permissions as may
from workflows.moves import ASKING, rows_of, sources_of
from workflows.states import ClosedBy, Share, Status

S = Status


def move(name: str) -> Callable[[Callable], Callable]:
    """A transition as the table has it, open to whom the region's rules name, and closed where they switch it off."""
    rows = rows_of(name)
    target = rows[0].target or RETURN_VALUE(*ASKING)
    return transition(
        "status",
        sources_of(name),
        target,
        conditions=[may.fits(name), may.is_used(name)],
        permission=partial(may.may_move, name),
    )


class ComplaintMachine(ConcurrentTransitionMixin, models.Model):
    """Status and the fields that only a move may set."""

    status = FSMField(_("status"), max_length=16, choices=S, default=S.RECEIVED, protected=True, editable=False)
    share = models.CharField(max_length=5, choices=Share, default=Share.SINGLE, blank=True, editable=False)
    asked_from = models.CharField(max_length=16, choices=S, blank=True, editable=False)
    is_bound = models.BooleanField(_("decided by the arbiter"), default=False, editable=False)
    return_count = models.PositiveSmallIntegerField(_("times returned"), default=0, editable=False)
    reason = models.CharField(_("reason"), max_length=20, blank=True, editable=False)
    hold_until = models.DateField(_("on hold until"), null=True, blank=True, editable=False)
    closed_by = models.CharField(_("closed by"), max_length=10, choices=ClosedBy, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1, editable=False)

    class Meta:
        abstract = True

    @move("verify")
    def verify(self, at: datetime) -> None: ...

    @move("request_info")
    def request_info(self, at: datetime) -> None:
        self.asked_from = self.status

    @move("reply_info")
    def reply_info(self, at: datetime) -> str:
        back, self.asked_from = self.asked_from, ""
        return back

    @move("end_wait")
    def end_wait(self, at: datetime) -> None:
        self.asked_from, self.current_agency = "", None

    @move("forward")
    def forward(self, at: datetime, agency: Agency, is_bound: bool) -> None:
        self.current_agency, self.assignee, self.is_bound = agency, None, is_bound

    @move("accept")
    def accept(self, at: datetime, assignee: User) -> None:
        self.assignee = assignee

    @move("return_to_coordinator")
    def return_to_coordinator(self, at: datetime) -> None:
        self.current_agency, self.assignee, self.return_count = None, None, self.return_count + 1

    @move("take_back")
    def take_back(self, at: datetime) -> None:
        self.current_agency, self.assignee, self.is_bound = None, None, False

    @move("hold")
    def hold(self, at: datetime, reason: str, until: date) -> None:
        self.reason, self.hold_until = reason, until

    @move("resume")
    def resume(self, at: datetime) -> None:
        self.reason, self.hold_until = "", None

    @move("follow_up")
    def follow_up(self, at: datetime, by: User) -> None:
        self.handled_by, self.answered_at = by, at

    @move("confirm")
    def confirm(self, at: datetime) -> None:
        self.closed_by, self.closed_at = ClosedBy.REPORTER, at

    @move("not_solved")
    def not_solved(self, at: datetime) -> None:
        self._begin_cycle()

    @move("close")
    def close(self, at: datetime, by: User) -> None:
        self.closed_by, self.closed_at, self.handled_by = ClosedBy.OFFICER, at, by
        self.answered_at = self.answered_at or at

    @move("close_by_silence")
    def close_by_silence(self, at: datetime) -> None:
        self.closed_by, self.closed_at = ClosedBy.SILENCE, at

    @move("reopen")
    def reopen(self, at: datetime) -> None:
        self._begin_cycle()

    @move("start_review")
    def start_review(self, at: datetime) -> None:
        self._begin_cycle()

    @move("refer_out")
    def refer_out(self, at: datetime, reason: str, body: str, number: str) -> None:
        self.reason, self.referred_to, self.referred_number, self.closed_at = reason, body, number, at

    @move("mark_duplicate")
    def mark_duplicate(self, at: datetime, parent: "ComplaintMachine") -> None:
        self.parent, self.asked_from, self.current_agency = parent, "", None

    @move("unmerge")
    def unmerge(self, at: datetime) -> None:
        self.parent = None

    @move("split")
    def split(self, at: datetime) -> None:
        self.share, self.current_agency, self.assignee = Share.WHOLE, None, None
        self.return_count, self.is_bound = 0, False

    @move("join")
    def join(self, at: datetime, by: User) -> None:
        self.handled_by, self.answered_at = by, at

    @move("unsplit")
    def unsplit(self, at: datetime) -> None:
        self.asked_from = ""

    @move("await_reporter")
    def await_reporter(self, at: datetime) -> None:
        self.asked_from = self.status

    @move("go_on")
    def go_on(self, at: datetime) -> None:
        self.asked_from = ""

    @move("end_part_wait")
    def end_part_wait(self, at: datetime) -> None:
        self.asked_from, self.current_agency, self.assignee = "", None, None

    @move("merge_back")
    def merge_back(self, at: datetime, whole: "ComplaintMachine") -> None:
        self.parent, self.asked_from, self.current_agency, self.hold_until = whole, "", None, None

    @move("end_part")
    def end_part(self, at: datetime, closed_by: str) -> None:
        self.closed_by, self.closed_at = closed_by, at

    @move("reject")
    def reject(self, at: datetime, reason: str, by: User) -> None:
        self.reason, self.handled_by, self.closed_at = reason, by, at
        self.asked_from, self.current_agency = "", None

    def _begin_cycle(self) -> None:
        self.cycle, self.closed_by, self.closed_at, self.reason = self.cycle + 1, "", None, ""
        self.current_agency, self.assignee, self.return_count, self.is_bound = None, None, 0, False

    def clean_fields(self, exclude: Any = None) -> None:
        # django-fsm refuses the assignment that field cleaning makes; the status is never typed in.
        super().clean_fields(exclude={*(exclude or ()), "status"})

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again. Not django-fsm's way, which lifts the protection for the whole class meanwhile."""
        old = self.__dict__.pop("status", None)
        try:
            models.Model.refresh_from_db(self, *args, **kwargs)
        except Exception:
            self.__dict__["status"] = old
            raise
        self.__dict__.setdefault("status", old)
        self._update_initial_state()
