"""The rules a region works by: the official table with its own published changes, and whether they make sense.

A change is ``{"close:verified": {"on": false}}`` or ``{"hold:in_progress": {"roles": ["liaison"]}}``, of a move or of
an act (``{"extend:on_hold": …}``). Covers reading such changes, their limits, what differs between two versions, and
the check that every state can be reached and left.
Leaves out storing and publishing (``services/rules.py``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from workflows.acts import ACT, ActRow
from workflows.moves import EDGE, OFFICIAL_REASONS, Move, edges
from workflows.states import Reason, Status

Row = TypeVar("Row", Move, ActRow)
# What a region may change, by key: moves, then acts.
ROW: dict[str, Move | ActRow] = {**EDGE, **ACT}


@dataclass(frozen=True, slots=True)
class Edge(Generic[Row]):
    """One move or act in one state as it holds in a region."""

    row: Row
    is_on: bool
    roles: frozenset[str]


class ReasonChoice(NamedTuple):
    kind: str
    code: str
    name: str
    name_en: str
    is_active: bool

    @property
    def label(self) -> str:
        if self.code in Reason.values:
            return str(Reason(self.code).label)
        return self.name_en if self.name_en and get_language() == "en" else self.name


@dataclass(frozen=True)
class Rules:
    """What holds in a region. Number 0 is the official table alone."""

    number: int = 0
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    listed: tuple[ReasonChoice, ...] = ()

    @cached_property
    def edges(self) -> dict[str, Edge[Move]]:
        return {key: _edge(row, self.changes.get(key, {})) for key, row in EDGE.items()}

    @cached_property
    def acts(self) -> dict[str, Edge[ActRow]]:
        return {key: _edge(row, self.changes.get(key, {})) for key, row in ACT.items()}

    def edge(self, move: str, status: str) -> Edge[Move] | None:
        return self.edges.get(f"{move}:{status}")

    def act(self, act: str, status: str) -> Edge[ActRow] | None:
        return self.acts.get(f"{act}:{status}")

    def of(self, key: str) -> Edge[Any]:
        """The move or act with this key."""
        return self.edges[key] if key in EDGE else self.acts[key]

    def reasons(self, kind: str) -> list[tuple[str, str]]:
        """Codes and labels offered for one kind, official ones where the region has listed none."""
        own = [reason for reason in self.listed if reason.kind == kind]
        if not own:
            return [(reason.value, str(reason.label)) for reason in OFFICIAL_REASONS[kind]]
        return [(reason.code, reason.label) for reason in own if reason.is_active]

    def name_of(self, code: str) -> str:
        """What a reason of the region's own is called, whether it is still offered or not; else its code."""
        return next((reason.label for reason in self.listed if reason.code == code), code)


OFFICIAL = Rules()


def _edge(row: Row, change: Mapping[str, Any]) -> Edge[Row]:
    """Within the limits of the row, whatever the change says: a locked row is as the code has it."""
    is_on = bool(change.get("on", True)) or not row.may_switch_off
    return Edge(row, is_on, _roles(row, change.get("roles")))


def _roles(row: Move | ActRow, wanted: Iterable[str] | None) -> frozenset[str]:
    if wanted is None:
        return row.roles
    return (frozenset(wanted) & choosable(row) | row.kept) or row.roles


def choosable(row: Move | ActRow) -> frozenset[str]:
    """Staff roles that a region may give or take here; what the reporter and the clock do is nobody's to change."""
    return (row.roles | row.wider) - row.kept


KINDS = {
    "reject": _("Rejection"),
    "refer": _("Referral"),
    "return": _("Return by an agency"),
    "hold": _("Hold"),
    "close": _("Closing"),
}


class Fault(NamedTuple):
    """Why a change cannot be published; the states by code."""

    sentence: Any
    states: tuple[str, ...]

    @property
    def names(self) -> str:
        """The states in words."""
        return ", ".join(str(Status(code).label) if code in Status.values else str(KINDS[code]) for code in self.states)


def faults_of(rules: Rules) -> list[Fault]:
    """What keeps these rules from being published; an empty list when they work."""
    unreachable = [status for status in Status if status not in _reached(rules)]
    stuck = [status for status in Status if _had_exit(status) and not any(_targets(rules, status))]
    endless = [status for status in Status if status not in stuck and not _can_end(rules, status)]
    found = (
        (_("These states can no longer be reached."), unreachable),
        (_("From these states no move leads on."), stuck),
        (_("From these states a case can never end."), endless),
        (_("These kinds of reasons would be empty."), _empty_kinds(rules)),
    )
    return [Fault(sentence, tuple(states)) for sentence, states in found if states]


ENDS = (Status.CLOSED, Status.REFERRED_OUT, Status.DUPLICATE, Status.REJECTED)


def _targets(rules: Rules, status: str) -> Iterator[str]:
    """Where moves that are on lead from a state. An answer leads back to where it was asked, so to nowhere new.

    A case that is never split must find its way too, so splitting opens none here.
    """
    for key, edge in rules.edges.items():
        if edge.is_on and not edge.row.is_about_parts and edge.row.target and key.endswith(f":{status}"):
            yield edge.row.target


def _reached(rules: Rules, start: str = Status.RECEIVED) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        new = set(_targets(rules, waiting.pop())) - seen
        seen |= new
        waiting += new
    return seen


def _had_exit(status: str) -> bool:
    return any(source == status for _key, _row, source in edges())


def _can_end(rules: Rules, status: str) -> bool:
    return bool(_reached(rules, status) & set(ENDS))


def _empty_kinds(rules: Rules) -> list[str]:
    return [kind for kind in OFFICIAL_REASONS if kind != "close" and not rules.reasons(kind)]


class Difference(NamedTuple):
    """What one version says otherwise about one move or act in one state."""

    key: str
    is_on: bool
    was_on: bool
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def differences(old: Rules, new: Rules) -> list[Difference]:
    """Moves and acts that are switched, and roles that gain or lose one."""
    found = []
    for key in ROW:
        edge, was = new.of(key), old.of(key)
        gains, loses = sorted(edge.roles - was.roles), sorted(was.roles - edge.roles)
        if edge.is_on != was.is_on or gains or loses:
            found.append(Difference(key, edge.is_on, was.is_on, tuple(gains), tuple(loses)))
    return found


def reason_differences(old: Rules, new: Rules) -> list[tuple[str, str, bool]]:
    """Kind, name and whether it is offered now, for every reason that is offered no longer or newly."""
    return [
        (kind, label, is_new)
        for kind in OFFICIAL_REASONS
        for one, other, is_new in ((new, old, True), (old, new, False))
        for _code, label in sorted(set(one.reasons(kind)) - set(other.reasons(kind)))
    ]
