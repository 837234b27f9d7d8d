"""Cases like this one, among those a person may see."""

from django.db.models import QuerySet
from django.db.models.functions import Substr

from core.models import User
from workflows.likeness import Report, most_alike, telling_words
from workflows.models import Complaint
from workflows.texts import CASE_WORDS

# Of the newest that share a word; ranking reads the beginning of each.
CANDIDATES, LONGEST = 120, 600


def similar_cases(user: User, complaint: Complaint) -> list[Complaint]:
    """At most five cases of the region, likest first, that the person may open (two queries)."""
    rows = Complaint.objects.visible_to(user).whole().filter(region=complaint.region_id).exclude(pk=complaint.pk)
    keys = alike_among(rows, report_of(complaint))
    found = Complaint.objects.visible_to(user).select_related("current_agency").defer("body").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def alike_among(rows: QuerySet[Complaint], report: Report) -> list[int]:
    """Ids of the rows most like a report (one query); none where it shares no word with them."""
    words = telling_words(f"{report.title} {report.body[:LONGEST]}")
    found = CASE_WORDS.matching_any(rows, words).annotate(beginning=Substr("body", 1, LONGEST))
    fields = ("pk", "title", "beginning", "category", "village")
    return most_alike(report, (Report(*row) for row in found.values_list(*fields)[:CANDIDATES]))


def report_of(complaint: Complaint) -> Report:
    return Report(complaint.pk, complaint.title, complaint.body, complaint.category_id, complaint.village_id)
