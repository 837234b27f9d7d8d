"""Open cases that resemble what a citizen is about to send: published ones only, by their public texts alone."""

from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import Substr

from core.keeping import kept_for
from core.models import Region
from workflows.likeness import Report, most_alike
from workflows.models import PublicEntry
from workflows.states import OPEN_STATUSES

# The newest are what a neighbour would report again; reading them is cheap and bounded.
CANDIDATES, LONGEST, MOST = 150, 400, 3
# Public texts may be a minute old; so nearly no filing asks the database for them.
KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What the box shows: nothing that the public page does not."""

    reference: str
    title: str
    status: str


def similar_public(region: Region, *, title: str, body: str, category_id: int | None) -> list[PublicCase]:
    """At most three published open cases of the region (one query a minute and process)."""
    known = kept_for(KEPT_SECONDS, f"workflows.public-reports:{region.pk}", lambda: _reports(region))
    report = Report(0, title, body[:LONGEST], category_id, None)
    alike = most_alike(report, (found for found, _case in known.values()))
    return [known[key][1] for key in alike if key in known][:MOST]


def _reports(region: Region) -> dict[int, tuple[Report, PublicCase]]:
    entries = PublicEntry.objects.published().filter(complaint__region=region, complaint__status__in=OPEN_STATUSES)
    rows = entries.annotate(
        beginning=Substr("body", 1, LONGEST),
        reference=F("complaint__reference"),
        topic=F("complaint__category"),
        status=F("complaint__status"),
    ).order_by("-published_at", "-pk")
    columns = rows.values_list("pk", "title", "beginning", "topic", "reference", "status")[:CANDIDATES]
    return {
        pk: (Report(pk, title, beginning, topic, None), PublicCase(reference, title, status))
        for pk, title, beginning, topic, reference, status in columns
    }
