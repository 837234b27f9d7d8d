"""Which time limit applies to a case."""

from datetime import date

from core.models import Agency
from workflows.models import SlaPolicy


def policy_for(
    *, agency: Agency | None, clock: str, on: date, case_class: str = "", category: str = ""
) -> SlaPolicy | None:
    """The closest limit in force on the day of filing, or None: then the clock is not measured.

    An agency's own limit stands before its region's and that before the national one; among these a limit
    for the category stands before one for the class, and that before one for every case.
    """
    rows = SlaPolicy.objects.most_specific(agency=agency, clock=clock, case_class=case_class, category=category, on=on)
    return rows.first()
