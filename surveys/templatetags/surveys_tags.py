"""The index in public pages: what a template asks for by name. Figures come from the selectors, never from here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cms.models import AgencyPage
from core.models import Agency, Region, Service
from core.periods import Period, PeriodKind
from surveys import charts
from surveys.index import MINIMUM_ANSWERS, NRR_PLACES, QualityBand, half_up
from surveys.models import SurveyPage
from surveys.numbering import numbered
from surveys.selectors.index import ElementLine, Figure
from surveys.selectors.numbering import numbering_in
from surveys.selectors.ranking import RankingRow, Standing
from surveys.selectors.ranking import agency_ranking as ranking_of
from surveys.selectors.trends import TrendPoint, change_into, latest_point, trend_for
from surveys.services.publishing import definition_of
from surveys.views.change_words import change_words
from surveys.views.places import language, rendered

register = template.Library()

COST = "biaya"
# An instrument words its grades in Indonesian; readers of English get these.
GRADE_WORDS = {
    "A": gettext_lazy("Very good"),
    "B": gettext_lazy("Good"),
    "C": gettext_lazy("Poor"),
    "D": gettext_lazy("Very poor"),
}


@register.inclusion_tag("surveys/includes/index_card.html")
def agency_index(agency: Agency) -> dict[str, Any]:
    """Index, elements and trend of an agency with the units below it; four queries, six for a single year."""
    return _card(agency.region, _("Everybody who answered in this agency counts the same."), agency=agency)


@register.inclusion_tag("surveys/includes/index_card.html")
def service_index(service: Service) -> dict[str, Any]:
    """The same for one service."""
    return _card(
        service.agency.region, _("Everybody who answered about this service counts the same."), service=service
    )


@register.inclusion_tag("surveys/includes/index_card.html")
def region_index(region: Region) -> dict[str, Any]:
    """The same for a region: the plain mean of its agencies."""
    return _card(region, _("The mean of the agencies, whatever the number of their answers."), region=region)


@register.inclusion_tag("surveys/includes/ranking.html")
def region_ranking(region: Region) -> dict[str, Any]:
    """Agencies by index with n, those with too few answers, those without a survey."""
    today = _today(region)
    point = latest_point(trend_for(region=region, kind=PeriodKind.YEAR, end=_after(today)))
    start, end = (point.period.start, point.period.end) if point else (None, None)
    rows = ranking_of(region=region, start=start, end=end, on=today)
    urls = _agency_urls([row.agency.pk for row in rows])
    listed = [_ranked(row, urls) for row in rows]
    return {
        "period": period_name(point.period) if point else "",
        "minimum": MINIMUM_ANSWERS,
        "rows": [row for row in listed if row["standing"] is Standing.RANKED],
        "few": [row for row in listed if row["standing"] is Standing.NOT_ENOUGH],
        "none": [row for row in listed if row["standing"] is Standing.NO_SURVEY],
    }


@register.simple_tag
def draft_questions(page: SurveyPage) -> SafeString:
    """The questions as a draft would show them."""
    return mark_safe(rendered(definition_of(page)))  # noqa: S308  our own template, escaped there


def _today(region: Region) -> date:
    return timezone.now().astimezone(region.zone).date()


def _after(day: date) -> date:
    """Days of the future hold no answers; an import with a wrong year must not become 'current'."""
    return date(day.year + 1, 1, 1)


def _card(region: Region, rule: str, /, **subject: Any) -> dict[str, Any]:
    today = _today(region)
    points = trend_for(kind=PeriodKind.YEAR, end=_after(today), tested=True, **subject)
    current = latest_point(points)
    if current is None or not current.figure.is_enough:
        answers = points[-1].figure.collected if points else 0
        return {"is_empty": True, "answers": answers, "minimum": MINIMUM_ANSWERS}
    numbering = numbering_in(region.pk)
    running = points[-1] if points[-1] is not current else None
    if len(points) == 1:
        points = trend_for(kind=PeriodKind.QUARTER, end=_after(today), tested=True, **subject)
    compared_at = latest_point(points) or current
    return {
        "figure": current.figure,
        "index": printed(current.figure.printed),
        "band": current.figure.band,
        "period": period_name(current.period),
        "running": {"period": period_name(running.period), "answers": running.figure.collected} if running else None,
        "minimum": MINIMUM_ANSWERS,
        "rule": rule,
        "lines": [_line(number, line) for number, line in numbered(current.figure.elements, numbering)],
        "change_at": period_name(compared_at.period),
        "change": change_words(change_into(points, compared_at.period)),
        "has_cost": current.figure.result.element(COST) is not None,
        "trend": charts.trend([_chart_point(point) for point in points]) if len(points) > 1 else None,
        "points": [_row(point) for point in points],
    }


def _line(number: int, line: ElementLine) -> dict[str, Any]:
    result = line.result
    return {
        "number": number,
        "name": line.element.name_en if language() == "en" else line.element.name,
        "is_cost": line.code == COST,
        "n": result.n,
        "nrr": printed(None if result.nrr is None else half_up(result.nrr, NRR_PLACES)),
        "index": printed(None if result.index is None else half_up(result.index, 2)),
        "grade": result.band.grade if result.band else "",
        "label": grade_word(result.band),
        "width": charts.bar_width(result.index),
    }


def _chart_point(point: TrendPoint) -> charts.Point:
    figure = point.figure
    if not figure.is_enough:
        return charts.Point(period_name(point.period, short=True), None, breaks=point.breaks)
    return charts.Point(
        period_name(point.period, short=True),
        figure.result.index,
        grade=figure.band.grade if figure.band else "",
        printed=printed(figure.printed),
        breaks=point.breaks,
    )


def _row(point: TrendPoint) -> dict[str, Any]:
    figure = point.figure
    return {
        "period": period_name(point.period),
        "n": figure.collected,
        "index": printed(figure.printed) if figure.is_enough else "",
        "band": figure.band if figure.is_enough else None,
        "breaks": point.breaks,
    }


def _ranked(row: RankingRow, urls: dict[int, str]) -> dict[str, Any]:
    figure: Figure = row.figure
    return {
        "rank": row.rank,
        "standing": row.standing,
        "name": row.agency.name,
        "url": urls.get(row.agency.pk, ""),
        "n": figure.n if row.standing is Standing.RANKED else figure.collected,
        "index": printed(figure.printed) if row.standing is Standing.RANKED else "",
        "band": figure.band,
        "width": charts.bar_width(figure.result.index),
    }


def _agency_urls(agency_ids: list[int]) -> dict[int, str]:
    """Address of each agency's page; one query, Wagtail keeps the site's root in its cache."""
    pages = AgencyPage.objects.live().filter(agency__in=agency_ids)
    return {page.agency_id: page.url or "" for page in pages}


@register.filter
def printed(value: Decimal | None) -> str:
    """A figure as the language writes it: ``84,26``; a dash where there is none."""
    return "–" if value is None else number_format(value)


@register.filter
def grade_word(band: QualityBand | None) -> str:
    """The word of a grade: the instrument's own, or English."""
    if band is None:
        return ""
    return str(GRADE_WORDS.get(band.grade, band.label)) if language() == "en" else band.label


def period_name(period: Period, *, short: bool = False) -> str:
    """``2026``, ``Quarter 3, 2026``; short for charts: ``Q3 26``."""
    if period.kind is PeriodKind.YEAR:
        return str(period.start.year)
    names = {"number": period.number, "year": period.start.year}
    if short:
        return pgettext("quarter of a year, short", "Q%(number)s %(year)s") % names
    return _("Quarter %(number)s of %(year)s") % names
