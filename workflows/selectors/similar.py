"""Cases like this one, among those a person may see."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr

from core.models import Agency, User
from core.rows import partial
from workflows.likeness import Report, most_alike, telling_words
from workflows.models import Complaint
from workflows.texts import CASE_WORDS

# Of the newest that share a word; ranking reads the beginning of each.
CANDIDATES, LONGEST = 120, 600
FIELDS = ("pk", "title", "beginning", "category", "village")
SHOWN = ("reference", "status", "received_at", "current_agency", "current_agency__short_name")


def similar_cases(user: User, complaint: Complaint) -> list[Complaint]:
    """At most five cases of the region, likest first, that the person may open; with what a list shows (one query)."""
    rows = Complaint.objects.visible_to(user).filter(region=complaint.region_id).exclude(pk=complaint.pk)
    report = report_of(complaint)
    found = {row[0]: row for row in _candidates(rows, report).values_list(*FIELDS, *SHOWN)[:CANDIDATES]}
    keys = most_alike(report, (Report(*row[: len(FIELDS)]) for row in found.values()))
    return [_shown(*found[key]) for key in keys]


def _candidates(rows: QuerySet[Complaint], report: Report) -> QuerySet[Complaint]:
    words = telling_words(f"{report.title} {report.body[:LONGEST]}")
    return CASE_WORDS.matching_any(rows, words).annotate(beginning=Substr("body", 1, LONGEST))


def _shown(pk: int, title: str, _body: str, category: int, village: int, *more: Any) -> Complaint:
    reference, status, received_at, agency, short_name = more
    case: Complaint = partial(
        Complaint, id=pk, title=title, category_id=category, village_id=village, reference=reference, status=status,
        received_at=received_at, current_agency_id=agency,
    )  # fmt: skip
    if agency:
        case.current_agency = partial(Agency, id=agency, short_name=short_name)
    return case


def report_of(complaint: Complaint) -> Report:
    return Report(complaint.pk, complaint.title, complaint.body, complaint.category_id, complaint.village_id)
