"""The running clocks of a case during one change: read once, changed in memory, written together by ``steps.record``.

Leaves out what a clock means; that is ``clocks``. A service that starts, stops or dates a clock again needs nothing but
``record`` after it; only what never records an event calls ``write`` itself.
"""

from dataclasses import dataclass, field
from typing import Any

from core.statements import Reading, insert, update_each
from workflows.models import ClockCycle, Complaint, Leg
from workflows.services.policies import mark_policies_used

KEPT = "_clock_book"
# What a clock is made with; everything else may change while it runs.
FIXED = frozenset({"id", "complaint_id", "kind", "leg_id", "cycle", "started_at"})
CHANGING = tuple(column.attname for column in ClockCycle._meta.concrete_fields if column.attname not in FIXED)


_running: Reading[ClockCycle] = Reading(
    lambda pk: ClockCycle.objects.filter(complaint=pk, stopped_at__isnull=True).select_related(
        "policy", "leg__agency__region"
    ),
    int,
)


@dataclass(slots=True)
class ClockBook:
    """The clocks of one case that run, and those started now; ``legs`` need their date written."""

    clocks: list[ClockCycle]
    before: dict[int, dict[str, Any]]
    started: list[ClockCycle] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)

    def running(self) -> list[ClockCycle]:
        return [clock for clock in (*self.clocks, *self.started) if clock.stopped_at is None]

    def changed(self) -> tuple[list[ClockCycle], set[str]]:
        """Clocks that no longer are as they were read, and in which fields."""
        changed, names = [], set()
        for clock in self.clocks:
            now = _values(clock)
            differing = {name for name, value in now.items() if value != self.before[clock.pk][name]}
            if differing:
                changed.append(clock)
                names |= differing
        return changed, names


def book_of(complaint: Complaint) -> ClockBook:
    """The clocks of the case, read once per row object (one statement)."""
    book = complaint.__dict__.get(KEPT)
    if book is None:
        book = open_book(complaint, _running.all(complaint.pk))
    return book


def open_book(complaint: Complaint, clocks: list[ClockCycle]) -> ClockBook:
    """The running clocks of a case, read already."""
    book = complaint.__dict__[KEPT] = ClockBook(clocks, {clock.pk: _values(clock) for clock in clocks})
    return book


def new_book(complaint: Complaint) -> ClockBook:
    """The clocks of a case that is being filed: none to read."""
    book = complaint.__dict__[KEPT] = ClockBook([], {})
    return book


def write(complaint: Complaint) -> None:
    """Write what changed: stopped and re-dated clocks first, because only one of a kind may run (two statements)."""
    book: ClockBook | None = complaint.__dict__.pop(KEPT, None)
    if book is None:
        return
    changed, names = book.changed()
    for clock in (*changed, *book.started):
        clock.event_version = complaint.version
    if changed:
        names.add("event_version")
        update_each(changed, sorted(names))
    insert(book.started)
    if dated := [leg for leg in book.legs if leg.pk]:
        update_each(dated, ["due_at"])
    mark_policies_used(clock.policy for clock in (*changed, *book.started) if clock.policy)


def _values(clock: ClockCycle) -> dict[str, Any]:
    return {name: getattr(clock, name) for name in CHANGING}
