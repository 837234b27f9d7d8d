"""The sentences of an import report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from surveys.importing import RowFault
from surveys.sheets import Trouble

TROUBLE_MESSAGES = {
    Trouble.TOO_LARGE: _("The file is too large."),
    Trouble.TOO_MANY_ROWS: _("The file has too many rows. Split it by year."),
    Trouble.EMPTY: _("The file holds no table."),
    Trouble.NOT_A_TABLE: _("This is neither a CSV file nor an XLSX workbook."),
    Trouble.MIXED_ENCODINGS: _("The file mixes two character encodings. Save it again as CSV UTF-8."),
    Trouble.UNKNOWN_ENCODING: _("The character encoding is not known. Save the file as CSV UTF-8."),
    Trouble.BROKEN: _("The file is damaged and cannot be read."),
}

ROW_FAULT_MESSAGES = {
    RowFault.COLUMNS: _("the row has more cells than the header"),
    RowFault.SCORE_MISSING: _("the score is missing"),
    RowFault.SCORE_OFF_SCALE: _("this is not a score of the scale"),
    RowFault.DAY_MISSING: _("the day is missing; give --date or a default in the map"),
    RowFault.DAY_UNREADABLE: _("this is not a date"),
    RowFault.DAY_OUT_OF_RANGE: _("this day is in the future or before 2004"),
    RowFault.OTHER_SERVICE: _("the survey belongs to another service"),
    RowFault.SERVICE_TOO_LONG: _("the code or name of the service is too long"),
}
