"""Everything a published result holds, as plain data: whole numbers and text, no floats, nothing that changes later.

Names, elements and grades are copied, because agencies are renamed and instruments replaced. Decimals are text, so
that the hash of the content is the same on every machine. Small numbers are hidden here already (``None``): what is
stored is what is shown, so that anybody can check the hash of what he sees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any

from core.periods import Period
from surveys.index import INDEX_PLACES, MINIMUM_ANSWERS, NRR_PLACES, QualityBand, half_up
from surveys.models import OPERATOR_CHANNELS, SurveyTarget
from surveys.selectors.cells import PROFILE, WAY_PARTS, tally_by
from surveys.selectors.index import ElementLine, Figure, index_for
from surveys.selectors.results import ResultKind, ResultSubject
from surveys.selectors.statistics import VERIFIED, Statistics, parts_for, statistics_of
from surveys.selectors.tallies import Catalogue, Tally, catalogue
from surveys.suppression import hidden_in_list, may_show_count

SCHEMA = 1
SIGNS = (
    "straight", "straight_without_cost", "hasty", "burst", "staff", "trap", "duplicate", "late", "flagged",
    "timed", "under_60",
)  # fmt: skip
STATISTIC_PLACES = 3

Content = dict[str, Any]


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content written with sorted keys and without spaces; see docs of the open data."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def frozen_content(subject: ResultSubject, period: Period) -> Content:
    """The result of a subject and period as it would be published now; ten queries, none of them over answers."""
    known = catalogue()
    figure = index_for(start=period.start, end=period.end, **subject.figures.parts)
    ways = _ways(subject, known, period)
    visits = _by_part(ways, "visit")
    by_visit = _parts(visits, known)
    target, is_region = _target(subject, period), subject.kind is ResultKind.REGION
    statistics = statistics_of(visits, known, population=target.population if target else None)
    people = {name: parts_for(subject.figures, period.start, period.end, name, known) for name in PROFILE}
    return {
        "schema": SCHEMA,
        "subject": _subject(subject),
        "period": _period(period),
        "figure": _figure(figure),
        "elements": [_element(line) for line in figure.elements],
        "method": _method(figure),
        "sample": _sample(target, figure.n),
        "statistics": _statistics(statistics, tells=not is_region and _tells_verified(by_visit)),
        "quality": _quality(ways),
        "channels": _parts(_by_part(ways, "channel"), known),
        "visits": by_visit,
        "flags": _parts(_by_part(ways, "quality"), known),
        "profile": {name: _counts(found) for name, found in people.items()},
    }


def _ways(subject: ResultSubject, known: Catalogue, period: Period) -> dict[str, Tally]:
    """Tallies by channel, visit and quality at once (``qr.open.clean``), with everything kept of them; one query."""
    cut = {"dimension": "way", "moments": True, "signs": True}
    question = subject.figures.question(known, None, start=period.start, end=period.end, **cut)
    found: dict[str, Tally] = tally_by(question, lambda key: key[1])
    return found


def _by_part(ways: Mapping[str, Tally], part: str) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for way, tally in ways.items():
        found.setdefault(way.split(".")[WAY_PARTS.index(part)], Tally()).add(tally)
    return found


def _subject(subject: ResultSubject) -> Content:
    return {
        "kind": subject.kind.value,
        "code": subject.unit.code,
        "name": subject.region.full_name if subject.kind is ResultKind.REGION else subject.unit.name,
        "agency": subject.agency.name if subject.agency else "",
        "region": subject.region.full_name,
    }


def _period(period: Period) -> Content:
    """``to`` is the last day, as people read it."""
    last = period.end - timedelta(days=1)
    return {"kind": period.kind.value, "key": period.key, "from": str(period.start), "to": str(last)}


def _figure(figure: Figure) -> Content:
    return {
        "collected": figure.collected,
        "n": figure.n,
        "incomplete": figure.incomplete,
        "units": figure.units,
        "index_exact": _exact(figure.result.index),
        "index": _text(figure.result.index, INDEX_PLACES),
        "ni": _text(figure.result.ni, NRR_PLACES),
        **_band(figure.band),
    }


def _element(line: ElementLine) -> Content:
    element, result = line.element, line.result
    return {
        "code": element.code,
        "name": element.name,
        "name_en": element.name_en,
        "list_order": element.list_order,
        "questionnaire_order": element.questionnaire_order,
        "n": result.n,
        "total": result.total,
        "nrr": _text(result.nrr, NRR_PLACES),
        "weighted": _text(result.weighted, NRR_PLACES),
        "index": _text(result.index, INDEX_PLACES),
        **_band(result.band),
    }


def _method(figure: Figure) -> Content:
    method = figure.result.method
    return {
        "compose": figure.compose.value,
        "weight": method.weight.value,
        "rounding": method.rounding.value,
        "scale_max": method.scale_max,
        "bands": [{"grade": band.grade, "label": band.label, "lower": str(band.lower)} for band in method.bands],
        "instruments": list(figure.instruments),
        "minimum": MINIMUM_ANSWERS,
    }


def _target(subject: ResultSubject, period: Period) -> SurveyTarget | None:
    """Of a region there is none: its agencies have their own."""
    if subject.agency is None:
        return None
    return SurveyTarget.objects.filter(agency=subject.agency, service=subject.service, period=period.key).first()


def _sample(target: SurveyTarget | None, n: int) -> Content | None:
    if target is None:
        return None
    return {"population": target.population, "needed": target.sample, "reached": n}


def _tells_verified(by_visit: Sequence[Content]) -> bool:
    """An interval has the index of verified visits in its middle: it is told only where that index is."""
    return any(row["key"] == VERIFIED and row["index"] for row in by_visit)


def _statistics(found: Statistics, *, tells: bool) -> Content:
    """``tells`` lets the interval in. A mean of agencies has none: those of its agencies stand beside their indexes."""
    interval = found.interval if tells else None
    return {
        "n": found.n,
        "instrument": found.version.code if found.version else "",
        "alpha": _text(found.reliability.alpha, STATISTIC_PLACES) if found.reliability else None,
        "alpha_verdict": found.reliability.verdict.value if found.reliability else None,
        "critical": next((_float(row.critical) for row in found.validity.values()), None),
        "validity": [
            {"code": code, "r": _float(row.corrected), "verdict": row.verdict.value}
            for code, row in found.validity.items()
        ],
        "matrix": _matrix(found),
        # Of verified visits only; the others are volunteers.
        "interval": interval and {
            "n": found.verified,
            "low": _float(interval.low, INDEX_PLACES),
            "high": _float(interval.high, INDEX_PLACES),
            "level": _float(interval.level, INDEX_PLACES),
            "corrected": interval.corrected,
        },
    }  # fmt: skip


def _matrix(found: Statistics) -> list[Content]:
    codes = {element.slot: element.code for element in found.elements}
    places = found.matrix.places if found.matrix else ()
    return [
        {"code": codes[place.slot], "quadrant": place.quadrant.value, "near_line": place.is_near_line}
        for place in places
    ]


def _quality(ways: Mapping[str, Tally]) -> Content:
    """Signs of how the answers came about, counted over everything collected; small counts are hidden."""
    whole, channels = Tally(), _by_part(ways, "channel")
    for tally in ways.values():
        whole.add(tally)
    counts = {name: whole.signs.get(name, 0) for name in SIGNS}
    counts["operator"] = sum(tally.collected for name, tally in channels.items() if name in OPERATOR_CHANNELS)
    return {name: n if may_show_count(n) else None for name, n in counts.items()}


def _parts(tallies: Mapping[str, Tally], known: Catalogue) -> list[Content]:
    """Complete forms by one dimension with their own index; what a total would betray is hidden with the small ones."""
    counts = {name: tallies[name].complete for name in sorted(tallies)}
    no_mean = hidden_in_list(counts, minimum=MINIMUM_ANSWERS)
    rows = _counts(tallies)
    return [row | _part(None if row["key"] in no_mean else tallies[row["key"]], known) for row in rows]


def _part(tally: Tally | None, known: Catalogue) -> Content:
    result = tally.result(known) if tally else None
    return {"index": _text(result.index if result else None, INDEX_PLACES), **_band(result.band if result else None)}


def _counts(tallies: Mapping[str, Tally]) -> list[Content]:
    counts = {name: tallies[name].complete for name in sorted(tallies)}
    hidden = hidden_in_list(counts)
    return [{"key": name, "n": None if name in hidden else n} for name, n in counts.items()]


def _band(band: QualityBand | None) -> Content:
    return {"grade": band.grade if band else "", "label": band.label if band else ""}


def _text(value: Fraction | None, places: int) -> str | None:
    return None if value is None else str(half_up(value, places))


def _float(value: float | None, places: int = STATISTIC_PLACES) -> str | None:
    return None if value is None else str(half_up(Fraction(value), places))


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"
