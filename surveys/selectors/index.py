"""Figures of a unit and a period, from the tallies and always as the answers are now.

Days are half-open here: ``start`` belongs to the period, ``end`` does not; None leaves that side open. A service and an
agency pool their respondents (an agency with the units below it), a region is the plain mean of its agencies; both
rules can be chosen and are part of the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from core.models import Agency, Region, Service
from surveys.index import Compose, ElementResult, IndexResult, QualityBand
from surveys.index import compose as compose_units
from surveys.models import Element, InstrumentVersion, Level, Response, ServicePoint, Survey
from surveys.models.responses import ResponseQuerySet
from surveys.selectors.cells import Key, Question, tally_by
from surveys.selectors.tallies import INSTRUMENT, Catalogue, Tally, catalogue
from surveys.statistics import Moments


class SubjectParts(TypedDict, total=False):
    """What a subject is made of, as keyword arguments."""

    agency: Agency | None
    service: Service | None
    region: Region | None
    survey: Survey | None
    point: ServicePoint | None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose answers: every part given narrows the choice."""

    agency: Agency | None = None
    service: Service | None = None
    region: Region | None = None
    survey: Survey | None = None
    point: ServicePoint | None = None

    def responses(self) -> ResponseQuerySet:
        """The answers themselves: for exports and single answers, never for a figure on a page."""
        rows = Response.objects.all()
        if self.agency is not None:
            rows = rows.filter(agency__in=Agency.objects.within(self.agency).values("pk"))
        parts = {"service": self.service, "region": self.region, "survey": self.survey, "service_point": self.point}
        return rows.filter(**{name: part for name, part in parts.items() if part is not None})

    @property
    def parts(self) -> SubjectParts:
        """As keyword arguments of ``index_for`` and ``trend_for``."""
        return SubjectParts(
            agency=self.agency, service=self.service, region=self.region, survey=self.survey, point=self.point
        )

    @property
    def default_rule(self) -> Compose:
        """A region is the mean of its agencies, everything below pools respondents."""
        narrower = (self.agency, self.service, self.survey, self.point)
        is_region = self.region is not None and all(part is None for part in narrower)
        return Compose.MEAN if is_region else Compose.POOLED

    @property
    def unit_column(self) -> str:
        """What a mean is taken over: agencies of a region, services of anything smaller."""
        return "agency_id" if self.region is not None and self.agency is None else "service_id"

    @property
    def where(self) -> dict[str, object]:
        """The same choice as conditions on cells."""
        found: dict[str, object] = {}
        if self.agency is not None:
            found["agency_id__in"] = Agency.objects.within(self.agency).values("pk")
        parts = {"region": self.region, "service": self.service, "survey": self.survey, "point": self.point}
        return found | {f"{name}_id": part.pk for name, part in parts.items() if part is not None}

    def level(self, unit: str | None = None) -> Level:
        """The coarsest cells that still tell this subject, and units of it, apart."""
        if any((self.service, self.survey, self.point)) or unit not in (None, "agency_id"):
            return Level.LEAF
        return Level.AGENCY if self.agency is not None or unit else Level.REGION

    def question(self, known: Catalogue, unit: str | None = None, **how: Any) -> Question:
        return Question(level=self.level(unit), where=self.where, known=known, unit=unit, **how)


@dataclass(frozen=True)
class ElementLine:
    """One element of a figure with its name and both official numbers."""

    element: Element
    result: ElementResult

    @property
    def code(self) -> str:
        return self.element.code


@dataclass(frozen=True)
class Figure:
    """An index with everything that has to be published beside it."""

    result: IndexResult
    elements: tuple[ElementLine, ...]
    compose: Compose
    # Units that entered a mean; 1 when respondents were pooled.
    units: int
    collected: int
    # Codes of the instrument versions the answers were given under, oldest first.
    instruments: tuple[str, ...]
    start: date | None = None
    end: date | None = None

    @property
    def n(self) -> int:
        return self.result.n

    @property
    def incomplete(self) -> int:
        return self.collected - self.result.n

    @property
    def printed(self) -> Decimal | None:
        return self.result.printed

    @property
    def band(self) -> QualityBand | None:
        return self.result.band

    @property
    def is_enough(self) -> bool:
        return self.result.is_enough

    def in_questionnaire_order(self) -> list[ElementLine]:
        """8 = facilities, 9 = complaints; ``elements`` has the order of the regulation."""
        return sorted(self.elements, key=lambda line: line.element.questionnaire_order)


def index_for(
    *,
    start: date | None = None,
    end: date | None = None,
    compose: Compose | None = None,
    minimum: int = 1,
    instrument: str = INSTRUMENT,
    populations: Mapping[int, int] | None = None,
    **parts: Unpack[SubjectParts],
) -> Figure:
    """The figure of one subject (agency, service, region, survey, point), instrument and period.

    Two queries, three for a mean over agencies. ``minimum`` is the n a unit needs to enter a mean. ``populations``
    (people served, by id of the unit) are the weights of a mean; a unit without one is left out of it, and counted.
    """
    subject = Subject(**parts)
    rule = compose or subject.default_rule
    known = catalogue(instrument)
    if rule is Compose.POOLED:
        tally = pooled(subject.question(known, start=start, end=end))
        return figure_of([tally], known, rule, start=start, end=end)
    units = units_of(subject, tally_by(subject.question(known, subject.unit_column, start=start, end=end), by_unit))
    weights = None if populations is None else [populations.get(unit, 0) for unit in units]
    found = list(units.values())
    return figure_of(found, known, rule, start=start, end=end, minimum=minimum, weights=weights)


def moments_for(
    *,
    start: date | None = None,
    end: date | None = None,
    instrument: str = INSTRUMENT,
    **parts: Unpack[SubjectParts],
) -> dict[InstrumentVersion, Moments]:
    """Sums for the statistics of a subject, respondents pooled, by instrument version, oldest first; two queries."""
    subject, known = Subject(**parts), catalogue(instrument)
    question = subject.question(known, start=start, end=end, moments=True)
    found = pooled(question).by_version
    return {version: found[pk].moments for pk, version in known.versions.items() if pk in found}


def pooled(question: Question) -> Tally:
    """Everything a question asks for as one tally."""
    return tally_by(question, lambda _key: True).get(True, Tally())


def by_unit(key: Key) -> tuple[int | None]:
    """Answers without the unit are a group of their own."""
    return (key[0],)


def units_of(subject: Subject, tallies: dict[tuple[object, ...], Tally]) -> dict[Any, Tally]:
    """Tallies by unit; agencies below another one are part of it."""
    if subject.unit_column == "service_id":
        return {key[0]: tally for key, tally in tallies.items()}
    agencies = Agency.objects.filter(region=subject.region).only("kind", "path")
    return merged(tallies, top_agency_ids(agencies))


def merged(tallies: dict[tuple[object, ...], Tally], tops: Mapping[object, int]) -> dict[Any, Tally]:
    """Tallies of agencies added up under the OPD each belongs to."""
    units: dict[object, Tally] = {}
    for key, tally in tallies.items():
        units.setdefault(tops.get(key[0], key[0]), Tally()).add(tally)
    return units


def top_agency_ids(agencies: Iterable[Agency]) -> dict[object, int]:
    """Agency id to the id of the OPD it belongs to: its highest ancestor below the government itself."""
    rows = list(agencies)
    kinds = {agency.pk: agency.kind for agency in rows}
    tops: dict[object, int] = {}
    for agency in rows:
        chain = [int(part) for part in agency.path.split("/") if part]
        own = [ancestor for ancestor in chain if kinds.get(ancestor) != Agency.Kind.GOVERNMENT]
        tops[agency.pk] = own[0] if own else agency.pk
    return tops


def figure_of(
    tallies: Sequence[Tally],
    known: Catalogue,
    rule: Compose,
    *,
    start: date | None = None,
    end: date | None = None,
    minimum: int = 1,
    weights: Sequence[int] | None = None,
) -> Figure:
    """Compose units into one figure; every answer collected is counted, also of units too small for the mean."""
    places = [place for place, tally in enumerate(tallies) if tally.complete >= max(minimum, 1)]
    places = [place for place in places if weights is None or weights[place]]
    results = [tallies[place].result(known) for place in places]
    chosen = None if weights is None else [weights[place] for place in places]
    whole = results[0] if len(results) == 1 else compose_units(results, rule, chosen)
    used = [pk for pk in known.versions if any(pk in tally.by_version for tally in tallies)]
    lines = ((element, whole.element(element.code)) for element in known.lines(used))
    return Figure(
        result=whole,
        elements=tuple(ElementLine(element, result) for element, result in lines if result is not None),
        compose=rule,
        units=len(results),
        collected=sum(tally.collected for tally in tallies),
        instruments=tuple(known.versions[pk].code for pk in used),
        start=start,
        end=end,
    )
