"""Counting answers in the database: whole numbers per unit, instrument version and element.

One query per table of figures, however many units it has. What comes back is additive, so the same type can later be
filled from stored daily tallies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum

from surveys.index import Compose, IndexResult, compose, compute
from surveys.models import Element, InstrumentVersion, Response

INSTRUMENT = "skm"


@dataclass(frozen=True)
class Catalogue:
    """The versions of one instrument, oldest first, with their elements in the order of the regulation."""

    versions: Mapping[int, InstrumentVersion]
    elements: Mapping[int, tuple[Element, ...]]

    @property
    def slots(self) -> list[int]:
        return sorted({element.slot for elements in self.elements.values() for element in elements})

    def lines(self, used: Iterable[int]) -> list[Element]:
        """Elements of the versions used, each code once; the newest version names and numbers it."""
        newest_first = [pk for pk in reversed(list(self.versions)) if pk in set(used)]
        found: dict[str, Element] = {}
        for version in newest_first:
            for element in self.elements[version]:
                found.setdefault(element.code, element)
        return sorted(found.values(), key=lambda element: (element.list_order, element.code))


def catalogue(instrument: str = INSTRUMENT) -> Catalogue:
    """All versions and elements of an instrument; one query."""
    rows = (
        Element.objects.filter(version__instrument__code=instrument)
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
    """Complete forms of one version: ``n``, and per slot the sum and count of scores."""

    n: int = 0
    sums: dict[int, int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def add(self, other: VersionTally) -> None:
        self.n += other.n
        for mine, theirs in ((self.sums, other.sums), (self.counts, other.counts)):
            for slot, value in theirs.items():
                mine[slot] = mine.get(slot, 0) + value


@dataclass
class Tally:
    """One unit: everything collected, and the complete forms by instrument version."""

    collected: int = 0
    by_version: dict[int, VersionTally] = field(default_factory=dict)

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


def tally_by(rows: QuerySet[Response], known: Catalogue, *columns: str) -> dict[tuple[Any, ...], Tally]:
    """Tallies of the answers grouped by ``columns`` (columns or annotations); one query."""
    tallies: dict[tuple[Any, ...], Tally] = {}
    for key, tally in _grouped(rows, known, columns):
        tallies.setdefault(key, Tally()).add(tally)
    return tallies


def _grouped(
    rows: QuerySet[Response], known: Catalogue, columns: tuple[str, ...]
) -> Iterator[tuple[tuple[Any, ...], Tally]]:
    slots = known.slots
    # is_complete is a group, not a filter inside thirty aggregates: measurably cheaper.
    groups = (*columns, "instrument_version_id", "is_complete")
    sums = {f"sum_{slot}": Sum(f"score_{slot}") for slot in slots}
    counts = {f"count_{slot}": Count(f"score_{slot}") for slot in slots}
    found = rows.filter(instrument_version_id__in=list(known.versions)).order_by()
    for row in found.values(*groups).annotate(answers=Count("pk"), **sums, **counts):
        tally = Tally(collected=row["answers"])
        if row["is_complete"]:
            tally.by_version[row["instrument_version_id"]] = VersionTally(
                n=row["answers"],
                sums={slot: row[f"sum_{slot}"] or 0 for slot in slots},
                counts={slot: row[f"count_{slot}"] for slot in slots},
            )
        yield tuple(row[column] for column in columns), tally
