"""Times at which a clock stands still, and what they take from the office hours of a day.

Pauses are half-open, touching ones are one, and nothing before receipt counts. Leaves out who may pause and why;
a pause that is still open is passed with "now" as its end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from workflows.calendar import NOTHING, Day, Span, overlap


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still in [start, end)."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("a pause needs instants with a time zone")
        if self.end < self.start:
            raise ValueError("a pause must not end before it begins")


class Stops:
    """The pauses of one clock after receipt, merged and in order; days must be asked in order too."""

    def __init__(self, received: datetime, pauses: Iterable[Pause]) -> None:
        if received.utcoffset() is None:
            raise ValueError("the moment of receipt needs a time zone")
        self._received = received.astimezone(UTC)
        self._spans = _merge(pauses, self._received)
        self._next = 0

    def touch(self, day: Day) -> bool:
        """Whether the clock stands still at some time of the day, as far as the office is open."""
        if not day.spans or self._next == len(self._spans):
            return False
        self._skip_before(day.opening)
        return self._next < len(self._spans) and self._spans[self._next][0] < day.closing

    def time_in(self, spans: tuple[Span, ...], until: datetime | None = None) -> timedelta:
        """Paused time inside the office hours of one day."""
        last = until or (spans[-1][1] if spans else self._received)
        stopped = ((start, min(end, last)) for start, end in self._near(spans))
        return sum((overlap(spans, start, end) for start, end in stopped), NOTHING)

    def gaps_in(self, spans: tuple[Span, ...]) -> Iterator[Span]:
        """The office hours of one day in which the clock runs."""
        stopped = self._near(spans)
        for opens, closes in spans:
            at = max(opens, self._received)
            for start, end in stopped:
                if at < min(start, closes):
                    yield at, min(start, closes)
                at = max(at, end)
            if at < closes:
                yield at, closes

    def cover(self, closing: datetime) -> bool:
        """Whether the clock stands still at a closing time.

        A pause that only begins at that instant finds the deadline already reached. It could not count
        without a pause outside working time, or one more holiday, changing the date.
        """
        return any(start < closing < end for start, end in self._spans)

    def _near(self, spans: tuple[Span, ...]) -> list[Span]:
        if not spans:
            return []
        self._skip_before(spans[0][0])
        return self._spans[self._next :]

    def _skip_before(self, opening: datetime) -> None:
        while self._next < len(self._spans) and self._spans[self._next][1] <= opening:
            self._next += 1


def _merge(pauses: Iterable[Pause], received: datetime) -> list[Span]:
    merged: list[Span] = []
    cut = ((max(pause.start.astimezone(UTC), received), pause.end.astimezone(UTC)) for pause in pauses)
    for start, end in sorted(span for span in cut if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            continue
        merged.append((start, end))
    return merged
