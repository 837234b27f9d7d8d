"""A figure as plain data (stable: other programs read it) and as a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from surveys.index import INDEX_PLACES, NRR_PLACES, QualityBand, half_up
from surveys.selectors.groups import Group, Grouped, Mean
from surveys.selectors.index import Figure, Subject
from surveys.selectors.quality import QualityFlags

EXACT_PLACES, NRR_EXACT_PLACES, SHARE_PLACES = 4, 6, 4


def as_data(subject: Subject, grouped: Grouped) -> dict[str, Any]:
    """Everything a reader needs to check the figure; decimals are text so that nothing is lost on the way."""
    data = {
        "subject": _subject(subject),
        "period": _period(grouped.figure),
        **figure_data(grouped.figure),
        "quality": quality_data(grouped.quality),
    }
    if grouped.by is not None and grouped.mean is not None:
        data["by"] = grouped.by
        data["groups"] = [_group(group) for group in grouped.groups]
        data["mean"] = _mean(grouped.mean)
    return data


def _subject(subject: Subject) -> dict[str, str]:
    codes = {"region": subject.region, "agency": subject.agency, "service": subject.service, "point": subject.point}
    found = {name: row.code for name, row in codes.items() if row is not None}
    return found | ({"survey": subject.survey.slug} if subject.survey is not None else {})


def _period(figure: Figure) -> dict[str, str | None]:
    last = figure.end - timedelta(days=1) if figure.end else None
    return {"from": _day(figure.start), "to": _day(last)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def figure_data(figure: Figure) -> dict[str, Any]:
    """n, totals and means by element code, index in three precisions, grade; None where there is no index."""
    result = figure.result
    values = {line.code: line.result for line in figure.elements}
    return {
        "n": figure.n,
        "collected": figure.collected,
        "valid": figure.n,
        "incomplete": figure.incomplete,
        "sum": result.total,
        "totals": {code: value.total for code, value in values.items()},
        "nrr": {code: _text(value.nrr, NRR_EXACT_PLACES) for code, value in values.items()},
        "nrr_printed": {code: _text(value.nrr, NRR_PLACES) for code, value in values.items()},
        "weighted": {code: _text(value.weighted, NRR_PLACES) for code, value in values.items()},
        "ni": _text(result.ni, NRR_PLACES),
        "index": _text(result.index, INDEX_PLACES),
        "index_4dp": _text(result.index, EXACT_PLACES),
        "index_exact": _fraction(result.index),
        "band": _band(figure.band),
        "enough_data": figure.is_enough,
        "compose": figure.compose.value,
        "units": figure.units,
        "instruments": list(figure.instruments),
        "elements": [_element(line.element, line.result) for line in figure.elements],
    }


def _element(element: Any, value: Any) -> dict[str, Any]:
    return {
        "code": element.code,
        "name": element.name,
        "number_in_regulation": element.list_order,
        "number_in_questionnaire": element.questionnaire_order,
        "n": value.n,
        "total": value.total,
        "nrr": _text(value.nrr, NRR_EXACT_PLACES),
        "nrr_printed": _text(value.nrr, NRR_PLACES),
        "weighted": _text(value.weighted, NRR_PLACES),
        "index": _text(value.index, INDEX_PLACES),
        "band": _band(value.band),
    }


def _group(group: Group) -> dict[str, Any]:
    return {"key": group.key, "label": group.label, "period": _period(group.figure), **figure_data(group.figure)}


def _mean(mean: Mean) -> dict[str, Any]:
    index = mean.result.index
    return {
        "units": mean.units,
        "index": _text(index, INDEX_PLACES),
        "index_4dp": _text(index, EXACT_PLACES),
        "index_exact": _fraction(index),
        "band": _band(mean.result.band),
    }


def quality_data(quality: QualityFlags) -> dict[str, Any]:
    """Counts as they are, shares of all answers collected with four decimals."""
    return {
        "straight_lines": quality.straight_lines,
        "straight_lines_share": _text(quality.share(quality.straight_lines), SHARE_PLACES),
        "straight_lines_without_cost": quality.straight_lines_without_cost,
        "straight_lines_without_cost_share": _text(quality.share(quality.straight_lines_without_cost), SHARE_PLACES),
        "repeats": quality.repeats,
        "repeats_share": _text(quality.share(quality.repeats), SHARE_PLACES),
        "busiest_day": _day(quality.busiest_on),
        "busiest_day_n": quality.busiest_n,
        "burst_share": _text(quality.share(quality.busiest_n), SHARE_PLACES),
        "days_with_answers": quality.days,
        "by_channel": quality.by_channel,
        "operator_share": _text(quality.share(quality.operator), SHARE_PLACES),
    }


def _text(value: Fraction | None, places: int) -> str | None:
    return None if value is None else str(half_up(value, places))


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _band(band: QualityBand | None) -> dict[str, str] | None:
    return None if band is None else {"grade": band.grade, "label": band.label}


def as_table(data: Mapping[str, Any]) -> str:
    """The same figures for a person; "-" where there is nothing to print."""
    lines = [
        f"{', '.join(f'{name} {code}' for name, code in data['subject'].items())}",
        f"period      {data['period']['from'] or 'beginning'} to {data['period']['to'] or 'today'} (inclusive)",
        f"rule        {data['compose']}, {data['units']} unit(s); {', '.join(data['instruments']) or '-'}",
        f"answers     {data['collected']} collected, {data['valid']} valid, {data['incomplete']} incomplete",
        f"index       {data['index'] or '-'} {_grade(data['band'])}",
        "",
        f"{'element':<14}{'n':>8}{'total':>10}{'NRR':>8}{'weighted':>10}{'index':>8}  grade",
    ]
    lines += [_element_line(element) for element in data["elements"]]
    lines += ["", "quality     " + _quality_line(data["quality"])]
    return "\n".join(lines + _group_lines(data))


def _element_line(row: Mapping[str, Any]) -> str:
    values = f"{row['n']:>8}{row['total']:>10}{row['nrr_printed'] or '-':>8}{row['weighted'] or '-':>10}"
    return f"{row['code']:<14}{values}{row['index'] or '-':>8}  {_grade(row['band'])}"


def _quality_line(row: Mapping[str, Any]) -> str:
    parts = [
        f"straight lines {row['straight_lines']} ({row['straight_lines_without_cost']} without cost)",
        f"repeats {row['repeats']}",
        f"busiest day {row['busiest_day'] or '-'} with {row['busiest_day_n']}",
        "channels " + (", ".join(f"{name} {n}" for name, n in sorted(row["by_channel"].items())) or "-"),
    ]
    return "; ".join(parts)


def _group_lines(data: Mapping[str, Any]) -> list[str]:
    if "groups" not in data:
        return []
    lines = ["", f"{data['by']:<44}{'n':>8}{'index':>10}  grade"]
    for row in data["groups"]:
        name = row["key"] if row["key"] == row["label"] else f"{row['key']} {row['label']}"
        lines.append(f"{name[:43] or '-':<44}{row['n']:>8}{row['index'] or '-':>10}  {_grade(row['band'])}")
    mean = data["mean"]
    return [*lines, f"{'mean of ' + str(mean['units']):<52}{mean['index'] or '-':>10}  {_grade(mean['band'])}"]


def _grade(band: Mapping[str, str] | None) -> str:
    return f"{band['grade']} {band['label']}" if band else "-"
