"""Which time limit applies to a case."""

from datetime import date
from typing import Any

from core.models import Agency
from workflows.models import SlaPolicy

KEPT_LIMITS = 4000
# By the stamp of the rules, which a trigger changes with every change of a limit: nothing stale is ever found.
UNKNOWN: Any = object()
_kept: dict[tuple, SlaPolicy | None] = {}


def policy_for(
    *, agency: Agency | None, clock: str, on: date, case_class: str = "", category: str = ""
) -> SlaPolicy | None:
    """The closest limit in force on the day of filing, or None: then the clock is not measured.

    An agency's own limit stands before its region's and that before the national one; among these a limit
    for the category stands before one for the class, and that before one for every case.
    """
    rows = SlaPolicy.objects.most_specific(agency=agency, clock=clock, case_class=case_class, category=category, on=on)
    return rows.first()


def kept_policy_for(
    stamp: str | None, *, agency: Agency | None, clock: str, on: date, case_class: str = "", category: str = ""
) -> SlaPolicy | None:
    """The same from memory while the stamp of the rules is the one it was read under (one query at first)."""
    if stamp is None:
        return policy_for(agency=agency, clock=clock, on=on, case_class=case_class, category=category)
    key = (stamp, agency.path if agency else "", agency and agency.region_id, clock, on, case_class, category)
    known = _kept.get(key, UNKNOWN)
    if known is not UNKNOWN:
        return known
    found = policy_for(agency=agency, clock=clock, on=on, case_class=case_class, category=category)
    if len(_kept) >= KEPT_LIMITS:
        _kept.clear()
    _kept[key] = found
    return found
