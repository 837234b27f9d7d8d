"""Statistics of one subject and period: interval, reliability, validity and matrix, all from the stored sums.

Sums of different instrument versions are never mixed: statistics are those of the version with the most forms, and
say which. An interval is given for verified visits only; everybody else chose to answer, which is no random sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from surveys.index import WeightRule
from surveys.matrix import Matrix, matrix_of
from surveys.models import Element, InstrumentVersion
from surveys.reliability import Reliability, Validity, reliability_of, validity_of
from surveys.selectors.cells import Key, tally_by
from surveys.selectors.index import Subject
from surveys.selectors.tallies import INSTRUMENT, Catalogue, Tally, catalogue
from surveys.statistics import Interval, Moments, index_interval

VERIFIED, OPEN = "verified", "open"


@dataclass(frozen=True)
class Statistics:
    """``interval`` and ``verified`` are about verified visits; None where there is nothing to say."""

    n: int
    version: InstrumentVersion | None = None
    elements: tuple[Element, ...] = ()
    reliability: Reliability | None = None
    validity: Mapping[str, Validity] = field(default_factory=dict)
    matrix: Matrix | None = None
    verified: int = 0
    interval: Interval | None = None


def parts_for(
    subject: Subject, start: date | None, end: date | None, dimension: str, known: Catalogue, *, moments: bool = False
) -> dict[str, Tally]:
    """Tallies by the values of one dimension (``channel``, ``visit``, ``quality``, ``sex`` …); one query."""
    question = subject.question(known, start=start, end=end, dimension=dimension, moments=moments)
    found: dict[str, Tally] = tally_by(question, _value)
    return found


def _value(key: Key) -> str:
    return key[1]


def statistics_for(
    subject: Subject,
    start: date | None,
    end: date | None,
    *,
    population: int | None = None,
    instrument: str = INSTRUMENT,
) -> Statistics:
    """All statistics of a subject and period; two queries, whatever the number of answers."""
    known = catalogue(instrument)
    visits = parts_for(subject, start, end, "visit", known, moments=True)
    return statistics_of(visits, known, population=population)


def statistics_of(visits: Mapping[str, Tally], known: Catalogue, *, population: int | None = None) -> Statistics:
    """The same from tallies by visit already read."""
    forms: dict[int, int] = {}
    for tally in visits.values():
        for pk, one in tally.by_version.items():
            forms[pk] = forms.get(pk, 0) + one.n
    if not any(forms.values()):
        return Statistics(0)
    # With the same number of forms the newer version speaks: ``max`` keeps the first.
    largest = max(reversed(list(known.versions)), key=lambda pk: forms.get(pk, 0))
    return _of_version(visits, known, largest, population)


def _of_version(visits: Mapping[str, Tally], known: Catalogue, pk: int, population: int | None) -> Statistics:
    version, elements = known.versions[pk], known.elements[pk]
    whole = _moments(visits.values(), pk, elements)
    verified = _moments([tally for key, tally in visits.items() if key == VERIFIED], pk, elements)
    return Statistics(
        whole.n,
        version,
        elements,
        reliability_of(whole),
        {element.code: validity_of(whole, element.slot) for element in elements if element.slot in whole.slots},
        matrix_of(whole),
        verified.n,
        _interval(verified, version, population),
    )


def _moments(tallies: Iterable[Tally], pk: int, elements: Iterable[Element]) -> Moments:
    """Sums of one version over its own elements; columns of other versions hold nothing and are left out."""
    found = sum((tally.by_version[pk].moments for tally in tallies if pk in tally.by_version), Moments())
    asked = {element.slot for element in elements}
    slots = {slot: row for slot, row in found.slots.items() if slot in asked and row.n}
    return Moments(found.n, found.total, found.total_squares, slots)


def _interval(moments: Moments, version: InstrumentVersion, population: int | None) -> Interval | None:
    """Elements with weights of their own would need products of every pair, which the sums do not keep."""
    if version.method.weight is WeightRule.OWN:
        return None
    return index_interval(moments, sampled=True, population=population, scale_max=version.scale_max)
