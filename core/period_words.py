"""Reporting periods in the words of the active language."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.periods import Period, PeriodKind


def period_words(period: Period) -> str:
    """``March 2026``, ``Quarter 3 of 2026``, ``Half-year 1 of 2026`` or ``2026``."""
    names = {"number": period.number, "year": period.start.year}
    if period.kind is PeriodKind.MONTH:
        return date_format(period.start, "F Y")
    if period.kind is PeriodKind.QUARTER:
        return _("Quarter %(number)s of %(year)s") % names
    if period.kind is PeriodKind.SEMESTER:
        return _("Half-year %(number)s of %(year)s") % names
    return str(period.start.year)
