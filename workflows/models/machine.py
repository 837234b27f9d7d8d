"""The state machine of a complaint, all on one screen.

Each move is called by exactly one service of ``workflows/services``, which locks the row, asks the permission and
writes the event; a body here only assigns fields. ``at`` is the moment of the move. A database trigger refuses a
status that changes without its event (``workflows/triggers.py``).
"""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from core.models import Agency, User
from workflows import permissions as may
from workflows.states import ClosedBy, Status

S = Status
# Where the reporter may be asked, and so where an answer may lead back to.
ASKING = [S.RECEIVED, S.VERIFIED, S.FORWARDED, S.IN_PROGRESS, S.IN_REVIEW]


class ComplaintMachine(ConcurrentTransitionMixin, models.Model):
    """Status and the fields that only a move may set."""

    status = FSMField(_("status"), max_length=16, choices=S, default=S.RECEIVED, protected=True, editable=False)
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

    @transition("status", S.RECEIVED, S.VERIFIED, permission=may.may_verify)
    def verify(self, at: datetime) -> None: ...

    @transition("status", ASKING, S.NEEDS_INFO, permission=may.may_request_info)
    def request_info(self, at: datetime) -> None:
        self.asked_from = self.status

    @transition("status", S.NEEDS_INFO, RETURN_VALUE(*ASKING), permission=may.may_reply_info)
    def reply_info(self, at: datetime) -> str:
        back, self.asked_from = self.asked_from, ""
        return back

    # Silence never closes a case that was only asked for information: it goes back to the verifier.
    @transition("status", S.NEEDS_INFO, S.RECEIVED, permission=may.may_end_wait)
    def end_wait(self, at: datetime) -> None:
        self.asked_from, self.current_agency = "", None

    @transition("status", [S.VERIFIED, S.IN_REVIEW], S.FORWARDED, permission=may.may_forward)
    def forward(self, at: datetime, agency: Agency, is_bound: bool) -> None:
        self.current_agency, self.assignee, self.is_bound = agency, None, is_bound

    @transition("status", S.FORWARDED, S.IN_PROGRESS, permission=may.may_accept)
    def accept(self, at: datetime, assignee: User) -> None:
        self.assignee = assignee

    # Also after accepting: an office may find out only on site that a road belongs to the province.
    @transition("status", [S.FORWARDED, S.IN_PROGRESS], S.VERIFIED, permission=may.may_return)
    def return_to_coordinator(self, at: datetime) -> None:
        self.current_agency, self.assignee, self.return_count = None, None, self.return_count + 1

    @transition("status", S.IN_PROGRESS, S.ON_HOLD, permission=may.may_hold)
    def hold(self, at: datetime, reason: str, until: date) -> None:
        self.reason, self.hold_until = reason, until

    @transition("status", S.ON_HOLD, S.IN_PROGRESS, permission=may.may_resume)
    def resume(self, at: datetime) -> None:
        self.reason, self.hold_until = "", None

    @transition("status", S.IN_PROGRESS, S.FOLLOWED_UP, permission=may.may_follow_up)
    def follow_up(self, at: datetime, by: User) -> None:
        self.handled_by, self.answered_at = by, at

    @transition("status", S.FOLLOWED_UP, S.CLOSED, permission=may.may_confirm)
    def confirm(self, at: datetime) -> None:
        self.closed_by, self.closed_at = ClosedBy.REPORTER, at

    # To the desk, not back to the office that gave the answer: somebody else must look at it.
    @transition("status", S.FOLLOWED_UP, S.IN_REVIEW, permission=may.may_say_not_solved)
    def not_solved(self, at: datetime) -> None:
        self._begin_cycle()

    # From verified the desk answers by itself (a request for information); from followed_up the reporter agreed
    # by phone.
    @transition("status", [S.VERIFIED, S.FOLLOWED_UP, S.IN_REVIEW], S.CLOSED, permission=may.may_close)
    def close(self, at: datetime, by: User) -> None:
        self.closed_by, self.closed_at, self.handled_by = ClosedBy.OFFICER, at, by
        self.answered_at = self.answered_at or at

    @transition("status", S.FOLLOWED_UP, S.CLOSED, permission=may.may_close_by_silence)
    def close_by_silence(self, at: datetime) -> None:
        self.closed_by, self.closed_at = ClosedBy.SILENCE, at

    @transition("status", S.CLOSED, S.IN_REVIEW, permission=may.may_reopen)
    def reopen(self, at: datetime) -> None:
        self._begin_cycle()

    # Ordered by a regional administrator, or the appeal of a reporter whose case was rejected.
    @transition("status", [S.CLOSED, S.REJECTED], S.IN_REVIEW, permission=may.may_start_review)
    def start_review(self, at: datetime) -> None:
        self._begin_cycle()

    @transition("status", [S.RECEIVED, S.VERIFIED, S.IN_REVIEW], S.REFERRED_OUT, permission=may.may_refer_out)
    def refer_out(self, at: datetime, reason: str, body: str, number: str) -> None:
        self.reason, self.referred_to, self.referred_number, self.closed_at = reason, body, number, at

    @transition("status", [S.RECEIVED, S.NEEDS_INFO, S.VERIFIED], S.DUPLICATE, permission=may.may_mark_duplicate)
    def mark_duplicate(self, at: datetime, parent: "ComplaintMachine") -> None:
        self.parent, self.asked_from, self.current_agency = parent, "", None

    @transition("status", [S.RECEIVED, S.NEEDS_INFO, S.VERIFIED], S.REJECTED, permission=may.may_reject)
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
