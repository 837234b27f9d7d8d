"""A dashboard in words: every figure with its grade, n and the reason where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.models import Agency, Service
from core.period_words import period_words
from surveys import charts
from surveys.index import MINIMUM_ANSWERS, half_up
from surveys.models import Channel, ServicePoint
from surveys.numbering import Numbering, numbered
from surveys.selectors.dashboard import Child, Dashboard, Unit
from surveys.selectors.index import Figure
from surveys.selectors.ranking import RankingRow
from surveys.selectors.targets import TargetRow
from surveys.selectors.trends import TrendPoint
from surveys.targets import Pace

from .change_words import change_words
from .result_words import PART_NAMES, quality_sentences

PACES = {
    Pace.NOT_STARTED: gettext_lazy("Sample not begun"),
    Pace.REACHED: gettext_lazy("Sample reached"),
    Pace.ON_COURSE: gettext_lazy("Sample on its way"),
    Pace.AT_RISK: gettext_lazy("Sample at risk"),
    Pace.MISSED: gettext_lazy("Sample missed"),
}
PACE_TONES = {Pace.REACHED: "ok", Pace.AT_RISK: "soon", Pace.MISSED: "late"}


def body_context(board: Dashboard, unit: Unit, numbering: Numbering = Numbering.REGULATION) -> dict[str, Any]:
    """What the fragment shows; nothing in it names a moment, so an unchanged dashboard stays the same text."""
    figure = board.figure
    collected = figure.collected if figure else 0
    signs = dict(board.signs.signs) | {"operator": board.signs.operator}
    return {
        "unit": unit,
        "period": period_words(board.period),
        "minimum": MINIMUM_ANSWERS,
        "head": _figure(figure),
        "change": change_words(board.step),
        "elements": _elements(figure, numbering),
        "trend": charts.trend([_dot(point) for point in board.points]) if len(board.points) > 1 else None,
        "points": [_row(point) for point in board.points],
        "ways": _ways(board.ways),
        "signs": quality_sentences(signs, collected) if collected else [],
        "agencies": [_agency(row, board) for row in board.agencies],
        "without_answers": [row.agency.name for row in board.without_answers],
        "services": [_child(child, "service", board) for child in board.services],
        "succession": _succession(board, unit),
        "places": [_child(child, "point", board) for child in board.places],
        "targets": [_target(row) for row in board.targets],
        "silent": board.silent,
        "comments_url": f"{reverse('ikm:inbox')}?{_inbox_query(unit)}",
    }


def _figure(figure: Figure | None) -> dict[str, Any]:
    """Nothing but the number of answers below ten."""
    if figure is None or not figure.is_enough:
        return {"is_enough": False, "n": figure.collected if figure else 0}
    return {
        "is_enough": True,
        "n": figure.n,
        "collected": figure.collected,
        "index": number_format(figure.printed),
        "band": figure.band,
        "width": charts.bar_width(figure.result.index),
    }


def _elements(figure: Figure | None, numbering: Numbering) -> list[dict[str, Any]]:
    if figure is None or not figure.is_enough:
        return []
    english = get_language() == "en"
    return [
        {
            "number": number,
            "name": line.element.name_en if english else line.element.name,
            "n": line.result.n,
            "index": number_format(half_up(line.result.index, 2)),
            "band": line.result.band,
            "width": charts.bar_width(line.result.index),
        }
        for number, line in numbered(figure.elements, numbering)
        if line.result.index is not None and line.result.n >= MINIMUM_ANSWERS
    ]


def _dot(point: TrendPoint) -> charts.Point:
    figure, label = point.figure, point.period.key
    if not figure.is_enough:
        return charts.Point(label, None, breaks=point.breaks)
    grade = figure.band.grade if figure.band else ""
    return charts.Point(label, figure.result.index, grade, number_format(figure.printed), point.breaks)


def _row(point: TrendPoint) -> dict[str, Any]:
    return {"period": period_words(point.period), "breaks": point.breaks, **_figure(point.figure)}


def _ways(ways: Mapping[str, Mapping[str, Figure]]) -> list[dict[str, Any]]:
    """Channels, verified beside open, marked beside unmarked: tables of the same shape."""
    titles = {"channel": _("By channel"), "visit": _("Verified visits and open answers"),
              "quality": _("With and without marked answers")}  # fmt: skip
    return [
        {"title": titles[name], "rows": [{"name": _part(key), **_figure(row)} for key, row in ways[name].items()]}
        for name in titles
        if ways[name]
    ]


def _part(key: str) -> str:
    return str(dict(Channel.choices).get(key) or PART_NAMES.get(key, key))


def _agency(row: RankingRow, board: Dashboard) -> dict[str, Any]:
    url = f"{reverse('ikm:agency', args=[row.agency.pk])}?periode={board.period.key}"
    return {"name": row.agency.name, "url": url, "rank": row.rank, **_figure(row.figure)}


def _child(child: Child, kind: str, board: Dashboard) -> dict[str, Any]:
    if child.unit is None:
        label = _("No service named") if kind == "service" else _("No service point")
        return {"name": label, "url": "", **_figure(child.figure)}
    url = f"{reverse(f'ikm:{kind}', args=[child.unit.pk])}?periode={board.period.key}"
    return {"name": child.unit.name, "url": url, **_figure(child.figure)}


def _succession(board: Dashboard, unit: Unit) -> dict[str, str]:
    """How services that ended are counted, and the way to the other count; nothing where none has a successor."""
    if not board.has_successors:
        return {}
    url = f"{reverse('ikm:agency', args=[unit.pk])}?periode={board.period.key}"
    if board.by_successor:
        rule = _("A service with one successor is counted with it; one that was split among several stays by itself.")
        return {"rule": rule, "url": url, "label": _("Count every service by itself")}
    rule = _("Services that ended are counted by themselves.")
    return {"rule": rule, "url": f"{url}&penerus=1", "label": _("Count them with their successors")}


def _target(row: TargetRow) -> dict[str, Any]:
    progress = row.progress
    return {
        "needed": progress.needed,
        "reached": progress.reached,
        "missing": progress.missing,
        "expected": progress.expected,
        "words": PACES[progress.pace],
        "tone": PACE_TONES.get(progress.pace, ""),
        "is_behind": progress.pace in (Pace.AT_RISK, Pace.MISSED),
        "width": charts.bar_width(progress.share * 100),
    }


def _inbox_query(unit: Unit) -> str:
    names: Sequence[tuple[type, str]] = ((Agency, "agency"), (Service, "service"), (ServicePoint, "point"))
    return next((f"{name}={unit.pk}" for kind, name in names if isinstance(unit, kind)), "")
