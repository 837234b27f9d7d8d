"""Reporting periods in the words of the active language."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.periods import Period, PeriodKind


def period_words(period: Period) -> str:
    """``March 2026``, ``Quarter 3 of 2026``, ``Half-year 1 of 2026``, ``2026``, or the first and the last day."""
    if period.kind is PeriodKind.DAYS:
        first, last = (date_format(day, "j M Y") for day in (period.start, period.end - timedelta(days=1)))
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    names = {"number": period.number, "year": period.start.year}
    if period.kind is PeriodKind.MONTH:
        return date_format(period.start, "F Y")
    if period.kind is PeriodKind.QUARTER:
        return _("Quarter %(number)s of %(year)s") % names
    if period.kind is PeriodKind.SEMESTER:
        return _("Half-year %(number)s of %(year)s") % names
    return str(period.start.year)
