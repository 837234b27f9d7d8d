"""Whole numbers of a unit by instrument version and element, and what an index is made of.

They add up over units and periods. Where they come from: surveys/selectors/cells.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from surveys.index import Compose, IndexResult, compose, compute
from surveys.models import Element, InstrumentVersion
from surveys.selectors.counting import used_slots
from surveys.statistics import Moments, SlotMoments

INSTRUMENT = "skm"


@dataclass(frozen=True)
class Catalogue:
    """The versions of one instrument, oldest first, with their elements in the order of the regulation."""

    versions: Mapping[int, InstrumentVersion]
    elements: Mapping[int, tuple[Element, ...]]

    @property
    def slots(self) -> list[int]:
        return used_slots(self.elements)

    def lines(self, used: Iterable[int]) -> list[Element]:
        """Elements of the versions used, each code once; the newest version names and numbers it."""
        newest_first = [pk for pk in reversed(list(self.versions)) if pk in set(used)]
        found: dict[str, Element] = {}
        for version in newest_first:
            for element in self.elements[version]:
                found.setdefault(element.code, element)
        return sorted(found.values(), key=lambda element: (element.list_order, element.code))


def catalogue(instrument: str | None = INSTRUMENT) -> Catalogue:
    """All versions and elements of an instrument, or of all of them; one query."""
    chosen = Q() if instrument is None else Q(version__instrument__code=instrument)
    rows = (
        Element.objects.filter(chosen)
        .select_related("version")
        .defer("question", "options")
        .order_by("version__year", "version_id", "list_order")
    )
    versions: dict[int, InstrumentVersion] = {}
    elements: dict[int, list[Element]] = {}
    for row in rows:
        # One version object for all its elements, so that its method is read once.
        versions.setdefault(row.version_id, row.version)
        elements.setdefault(row.version_id, []).append(row)
    return Catalogue(versions, {pk: tuple(found) for pk, found in elements.items()})


@dataclass
class VersionTally:
    """Complete forms of one version: ``n``, and per slot the sum and count of scores; moments where they were asked."""

    n: int = 0
    sums: dict[int, int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    squares: dict[int, int] = field(default_factory=dict)
    with_total: dict[int, int] = field(default_factory=dict)
    total: int = 0
    total_squares: int = 0

    def add(self, other: VersionTally) -> None:
        self.n += other.n
        self.total += other.total
        self.total_squares += other.total_squares
        for mine, theirs in zip(self._by_slot(), other._by_slot(), strict=True):
            for slot, value in theirs.items():
                mine[slot] = mine.get(slot, 0) + value

    def _by_slot(self) -> tuple[dict[int, int], ...]:
        return self.sums, self.counts, self.squares, self.with_total

    @property
    def moments(self) -> Moments:
        """For statistics, by slots somebody answered; squares and products are 0 unless they were read."""
        slots = {
            slot: SlotMoments(
                self.counts[slot], self.sums[slot], self.squares.get(slot, 0), self.with_total.get(slot, 0)
            )
            for slot in self.sums
            if self.counts[slot]
        }
        return Moments(self.n, self.total, self.total_squares, slots)


@dataclass
class Tally:
    """One unit: everything collected, the complete forms by instrument version, signs of quality where asked."""

    collected: int = 0
    by_version: dict[int, VersionTally] = field(default_factory=dict)
    signs: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> int:
        return sum(tally.n for tally in self.by_version.values())

    @property
    def incomplete(self) -> int:
        return self.collected - self.complete

    def add(self, other: Tally) -> None:
        self.collected += other.collected
        for version, tally in other.by_version.items():
            self.by_version.setdefault(version, VersionTally()).add(tally)
        for name, count in other.signs.items():
            self.signs[name] = self.signs.get(name, 0) + count

    def result(self, known: Catalogue) -> IndexResult:
        """All respondents of the unit pooled; versions with different elements meet as a mean weighted by n."""
        results = [
            _result(self.by_version[pk], known.elements[pk], version)
            for pk, version in known.versions.items()
            if pk in self.by_version
        ]
        return compose(results, Compose.POOLED)


def _result(tally: VersionTally, elements: Iterable[Element], version: InstrumentVersion) -> IndexResult:
    slots = {element.code: element.slot for element in elements}
    totals = {code: tally.sums.get(slot, 0) for code, slot in slots.items()}
    counts = {code: tally.counts.get(slot, 0) for code, slot in slots.items()}
    return compute(totals, tally.n, counts=counts, method=version.method)
