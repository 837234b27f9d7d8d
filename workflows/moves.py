"""The machine in two tables: what each state means, and every move between them.

Covers who owns a state, how its clocks stand, what the citizen reads; and of each move where it starts and ends, who
may make it, how far a region may change that, what it needs, which clocks it stops and starts, which letter it leaves.
``models/machine.py`` takes its transitions from here, ``permissions`` the roles, ``docs/keadaan-aduan.md`` is drawn
from here. Leaves out what a condition means (``permissions.CONDITIONS``) and how long a clock runs (limits are rows).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.permissions import Role
from workflows.states import FINAL_STATUSES, PUBLIC_STATUS, Action, Reason, Status

S, R = Status, Action
REPORTER, SYSTEM = "reporter", "system"
DESK = frozenset({Role.VERIFIER, Role.REGIONAL_ADMIN})
ADMIN = frozenset({Role.REGIONAL_ADMIN})
OFFICE = frozenset({Role.LIAISON})
HEAD = frozenset({Role.AGENCY_HEAD})
HIM, CLOCK = frozenset({REPORTER}), frozenset({SYSTEM})
ALL_CLOCKS = ("verify", "respond", "total", "leg", "confirm")


class Condition(TextChoices):
    """What must hold beside the role."""

    NOT_HANDLER = "not_handler", _("has not answered or closed the case")
    ARBITER = "arbiter", _("after two returns only the arbiter")
    NOT_BOUND = "not_bound", _("not when the arbiter decided")
    WAIT_OVER = "wait_over", _("when the time to answer is over")
    WINDOW = "window", _("within the time to reopen")


@dataclass(frozen=True, slots=True)
class State:
    """One status: who has the next move, how the citizen's and the agency's clock stand, what the citizen reads."""

    status: Status
    owner: Any
    total: Any
    agency: Any
    next_step: Any
    # Where its box stands in the diagram: column and row.
    place: tuple[int, int]

    @property
    def public(self) -> Any:
        return PUBLIC_STATUS[self.status]

    @property
    def is_end(self) -> bool:
        return self.status in FINAL_STATUSES


RUNS, STANDS, STOPPED, NEW, NONE = _("runs"), _("paused"), _("stopped"), _("new clock"), "–"
STATES = (
    State(S.RECEIVED, _("verifier"), RUNS, NONE,
          _("The complaint desk checks your report and sends it to the right office."), (0, 1)),
    State(S.NEEDS_INFO, _("reporter"), STANDS, STANDS,
          _("Please answer the question below. Until then the clock stands still."), (1, 0)),
    State(S.VERIFIED, _("coordinator"), RUNS, NONE,
          _("The complaint desk sends your report to the right office."), (1, 1)),
    State(S.FORWARDED, _("agency"), RUNS, RUNS,
          _("The office accepts your report, or gives it back with a reason."), (2, 1)),
    State(S.IN_PROGRESS, _("officer"), RUNS, RUNS,
          _("The office works on your report and will answer here."), (3, 1)),
    State(S.ON_HOLD, _("agency"), RUNS, _("runs, shown as held"),
          _("The office has to wait; the reason stands below. The deadline still counts."), (3, 0)),
    State(S.FOLLOWED_UP, _("reporter"), STOPPED, STOPPED,
          _("Please read the answer and tell us whether the matter is solved."), (4, 1)),
    State(S.CLOSED, _("nobody"), STOPPED, STOPPED,
          _("Your case is finished. If the problem comes back, you can reopen it for a while."), (4, 2)),
    State(S.IN_REVIEW, _("reviewer who did not handle it"), NEW, NEW,
          _("Somebody who has not handled your case looks at it again."), (3, 2)),
    State(S.REFERRED_OUT, _("another body"), STOPPED, NONE,
          _("Another body is in charge; its name and number stand here."), (2, 2)),
    State(S.DUPLICATE, _("its parent case"), _("as its parent"), NONE,
          _("The same matter was reported earlier; your case follows that one."), (0, 2)),
    State(S.REJECTED, _("nobody, can be appealed"), STOPPED, NONE,
          _("We cannot process this report. If you do not agree, you can ask for a review."), (1, 2)),
)  # fmt: skip
STATE = {state.status: state for state in STATES}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: a move from these states, as the code ships it."""

    name: str
    sources: tuple[Status, ...]
    target: Status | None
    action: Action
    roles: frozenset[str]
    # Roles a region may add; without any, and for reporter and clock, the row is locked.
    wider: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    needs: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    letter: str = ""
    may_switch_off: bool = True
    # About a case that is split among agencies, or its parts; other cases never take this way.
    is_about_parts: bool = False

    @property
    def kept(self) -> frozenset[str]:
        """Who has the move whatever a region says."""
        return self.roles & (HIM | CLOCK)

    @property
    def reasons(self) -> str:
        """The kind of reason it asks for, or an empty text."""
        return next((need.partition(":")[2] for need in self.needs if need.startswith("reason:")), "")


M, C = Move, Condition
ASKING = (S.RECEIVED, S.VERIFIED, S.FORWARDED, S.IN_PROGRESS, S.IN_REVIEW)
MOVES = (
    M("verify", (S.RECEIVED,), S.VERIFIED, R.VERIFIED, DESK, letter="complaint_moved", may_switch_off=False),
    M("request_info", (S.RECEIVED, S.VERIFIED), S.NEEDS_INFO, R.INFO_REQUESTED, DESK, conditions=(C.ARBITER,),
      needs=("words",), letter="complaint_question"),
    M("request_info", (S.IN_REVIEW,), S.NEEDS_INFO, R.INFO_REQUESTED, DESK, conditions=(C.NOT_HANDLER,),
      needs=("words",), letter="complaint_question"),
    M("request_info", (S.FORWARDED, S.IN_PROGRESS), S.NEEDS_INFO, R.INFO_REQUESTED, OFFICE, HEAD | DESK,
      needs=("words",), letter="complaint_question"),
    # Back to whoever asked.
    M("reply_info", (S.NEEDS_INFO,), None, R.INFO_GIVEN, HIM, needs=("words",), may_switch_off=False),
    # Silence never closes a case that was only asked for information: it goes back to the verifier.
    M("end_wait", (S.NEEDS_INFO,), S.RECEIVED, R.WAIT_ENDED, DESK | CLOCK, stops=("leg",), may_switch_off=False),
    M("forward", (S.VERIFIED,), S.FORWARDED, R.FORWARDED, DESK, conditions=(C.ARBITER,), needs=("agency",),
      stops=("verify",), starts=("leg",), letter="complaint_moved", may_switch_off=False),
    M("forward", (S.IN_REVIEW,), S.FORWARDED, R.FORWARDED, DESK, conditions=(C.NOT_HANDLER,), needs=("agency",),
      starts=("leg",), letter="complaint_moved", may_switch_off=False),
    M("accept", (S.FORWARDED,), S.IN_PROGRESS, R.ACCEPTED, OFFICE, HEAD, letter="complaint_moved"),
    # Also after accepting: an office may find out only on site that a road belongs to the province.
    M("return_to_coordinator", (S.FORWARDED, S.IN_PROGRESS), S.VERIFIED, R.RETURNED, OFFICE, HEAD,
      conditions=(C.NOT_BOUND,), needs=("reason:return", "words"), stops=("leg",)),
    # From a wrong agency, one that was dissolved, or one where nobody works on it.
    M("take_back", (S.FORWARDED, S.IN_PROGRESS), S.VERIFIED, R.TAKEN_BACK, DESK, conditions=(C.ARBITER,),
      needs=("words",), stops=("leg",)),
    # Whoever puts a case on hold is its approver: the agency's head, or the desk.
    M("hold", (S.IN_PROGRESS,), S.ON_HOLD, R.HELD, HEAD | DESK, OFFICE, needs=("reason:hold", "day", "words"),
      letter="complaint_moved"),
    M("resume", (S.ON_HOLD,), S.IN_PROGRESS, R.RESUMED, OFFICE | HEAD | DESK | CLOCK, may_switch_off=False),
    M("follow_up", (S.IN_PROGRESS,), S.FOLLOWED_UP, R.FOLLOWED_UP, OFFICE, HEAD, needs=("words", "evidence"),
      stops=("verify", "respond", "total", "leg"), starts=("confirm",), letter="complaint_answered"),
    M("confirm", (S.FOLLOWED_UP,), S.CLOSED, R.CONFIRMED, HIM, stops=ALL_CLOCKS, may_switch_off=False),
    # To the desk, not back to the office that gave the answer: somebody else must look at it.
    M("not_solved", (S.FOLLOWED_UP,), S.IN_REVIEW, R.NOT_SOLVED, HIM, needs=("words",), stops=ALL_CLOCKS,
      starts=("total",), letter="complaint_moved", may_switch_off=False),
    # From verified the desk answers by itself; from followed_up the reporter agreed by phone.
    M("close", (S.VERIFIED,), S.CLOSED, R.CLOSED, DESK, conditions=(C.ARBITER,), needs=("words", "evidence"),
      stops=ALL_CLOCKS, letter="complaint_closed"),
    M("close", (S.FOLLOWED_UP,), S.CLOSED, R.CLOSED, DESK, needs=("words", "evidence"), stops=ALL_CLOCKS,
      letter="complaint_closed"),
    M("close", (S.IN_REVIEW,), S.CLOSED, R.CLOSED, DESK, conditions=(C.NOT_HANDLER,), needs=("words", "evidence"),
      stops=ALL_CLOCKS, letter="complaint_closed"),
    M("close_by_silence", (S.FOLLOWED_UP,), S.CLOSED, R.CLOSED_BY_SILENCE, CLOCK, conditions=(C.WAIT_OVER,),
      stops=ALL_CLOCKS, letter="complaint_closed", may_switch_off=False),
    M("reopen", (S.CLOSED,), S.IN_REVIEW, R.REOPENED, HIM, conditions=(C.WINDOW,), needs=("words",), stops=ALL_CLOCKS,
      starts=("total",), letter="complaint_moved", may_switch_off=False),
    M("start_review", (S.CLOSED,), S.IN_REVIEW, R.REVIEW_STARTED, ADMIN, frozenset({Role.VERIFIER}), needs=("words",),
      stops=ALL_CLOCKS, starts=("total",), letter="complaint_moved"),
    # The appeal of a reporter whose case was rejected, or ordered by the administrator.
    M("start_review", (S.REJECTED,), S.IN_REVIEW, R.REVIEW_STARTED, ADMIN | HIM, frozenset({Role.VERIFIER}),
      conditions=(C.WINDOW,), needs=("words",), stops=ALL_CLOCKS, starts=("total",), letter="complaint_moved",
      may_switch_off=False),
    M("refer_out", (S.RECEIVED, S.VERIFIED), S.REFERRED_OUT, R.REFERRED_OUT, DESK, conditions=(C.ARBITER,),
      needs=("reason:refer", "body", "words"), stops=ALL_CLOCKS, letter="complaint_moved"),
    M("refer_out", (S.IN_REVIEW,), S.REFERRED_OUT, R.REFERRED_OUT, DESK, conditions=(C.NOT_HANDLER,),
      needs=("reason:refer", "body", "words"), stops=ALL_CLOCKS, letter="complaint_moved"),
    M("mark_duplicate", (S.RECEIVED, S.NEEDS_INFO, S.VERIFIED), S.DUPLICATE, R.MARKED_DUPLICATE, DESK,
      conditions=(C.ARBITER,), needs=("parent",), stops=ALL_CLOCKS, letter="complaint_moved"),
    # Taken back: the desk looks at it again, and the clocks go on from the day of receipt.
    M("unmerge", (S.DUPLICATE,), S.RECEIVED, R.UNMERGED, DESK, starts=("verify", "respond", "total"),
      letter="complaint_moved", may_switch_off=False),
    # To several agencies at once: each gets a part with a clock of its own, the citizen's clock goes on.
    M("split", (S.VERIFIED,), S.IN_PROGRESS, R.SPLIT, DESK, conditions=(C.ARBITER,), needs=("tasks",),
      stops=("verify",), letter="complaint_moved", is_about_parts=True),
    M("split", (S.IN_REVIEW,), S.IN_PROGRESS, R.SPLIT, DESK, conditions=(C.NOT_HANDLER,), needs=("tasks",),
      letter="complaint_moved", is_about_parts=True),
    M("join", (S.IN_PROGRESS,), S.FOLLOWED_UP, R.PARTS_ANSWERED, CLOCK, stops=("verify", "respond", "total"),
      starts=("confirm",), letter="complaint_answered", may_switch_off=False, is_about_parts=True),
    M("unsplit", (S.IN_PROGRESS, S.NEEDS_INFO), S.VERIFIED, R.UNSPLIT, DESK, needs=("words",), may_switch_off=False,
      is_about_parts=True),
    M("merge_back", (S.NEEDS_INFO, S.VERIFIED, S.FORWARDED, S.IN_PROGRESS, S.ON_HOLD), S.DUPLICATE, R.MERGED_BACK, DESK,
      conditions=(C.ARBITER,), needs=("words",), stops=("leg", "arbiter"), may_switch_off=False, is_about_parts=True),
    # The whole waits for its reporter while any of its agencies does; then it goes on, answered or not.
    M("await_reporter", (S.IN_PROGRESS,), S.NEEDS_INFO, R.INFO_REQUESTED, CLOCK, letter="complaint_question",
      may_switch_off=False, is_about_parts=True),
    M("go_on", (S.NEEDS_INFO,), S.IN_PROGRESS, R.INFO_GIVEN, CLOCK, may_switch_off=False, is_about_parts=True),
    M("end_part_wait", (S.NEEDS_INFO,), S.VERIFIED, R.WAIT_ENDED, DESK | CLOCK, stops=("leg",), may_switch_off=False,
      is_about_parts=True),
    M("end_part", (S.FOLLOWED_UP,), S.CLOSED, R.PART_ENDED, CLOCK, may_switch_off=False, is_about_parts=True),
    M("reject", (S.RECEIVED, S.NEEDS_INFO, S.VERIFIED), S.REJECTED, R.REJECTED, DESK, conditions=(C.ARBITER,),
      needs=("reason:reject", "words"), stops=ALL_CLOCKS, letter="complaint_moved"),
)  # fmt: skip

# Official reasons by what they are used for; a region lists, hides and adds (``LocalReason``).
OFFICIAL_REASONS = {
    "reject": (Reason.NOT_GOVERNMENT, Reason.TOO_GENERAL, Reason.ABUSIVE, Reason.IN_COURT, Reason.NO_ANSWER),
    "refer": (Reason.OTHER_GOVERNMENT, Reason.LAW_ENFORCEMENT),
    "return": (Reason.NOT_OURS, Reason.INCOMPLETE, Reason.OTHER),
    "hold": (Reason.BUDGET, Reason.WEATHER, Reason.THIRD_PARTY, Reason.OTHER),
    "close": (Reason.REMEDIED, Reason.EXPLAINED, Reason.NOT_UPHELD, Reason.AGREED),
}


# What an agency does with its part, and the desk with a part that came back; all else happens to the whole.
PART_MOVES = frozenset({
    "forward", "accept", "request_info", "reply_info", "end_part_wait", "return_to_coordinator", "take_back", "hold",
    "resume", "follow_up", "merge_back", "end_part",
})  # fmt: skip
# While its parts are worked on, a whole case waits for them.
SPLIT_MOVES = frozenset({"join", "unsplit", "await_reporter", "go_on"})
ORDINARY_MOVES = frozenset(row.name for row in MOVES if not row.is_about_parts) | {"split"}


def rows_of(name: str) -> tuple[Move, ...]:
    return tuple(row for row in MOVES if row.name == name)


def sources_of(name: str) -> list[Status]:
    return [source for row in rows_of(name) for source in row.sources]


def edges() -> Iterator[tuple[str, Move, Status]]:
    """Every move from every state, with the key under which a region may change it."""
    return ((f"{row.name}:{source}", row, source) for row in MOVES for source in row.sources)


EDGE = {key: row for key, row, _source in edges()}
