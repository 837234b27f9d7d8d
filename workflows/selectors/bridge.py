"""What stands here and what stands in SP4N-LAPOR!, side by side, and the table to enter there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from core.models import Region, User
from workflows.models import Complaint, ExternalReport, Message
from workflows.selectors.parts import answers_in_words
from workflows.sp4n import CLASS_THERE, COLUMNS, STATUS_THERE, Sp4nStatus
from workflows.states import Action, Klass

# More is asked for in shorter periods; a person enters these one by one.
MOST_EXPORTED = 5_000
EXPORTED = (
    "reference", "tracking", "received_on", "klass", "category", "title", "body", "place", "agency", "status",
    "closed_on", "answer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """One counter of the national site, here and there."""

    status: Sp4nStatus
    ours: int
    theirs: int

    @property
    def difference(self) -> int:
        return self.ours - self.theirs


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Totals are sums of their parts; what no part explains is shown, not hidden."""

    rows: list[Compared]
    not_entered: int
    differing: int

    @property
    def ours(self) -> int:
        return sum(row.ours for row in self.rows)

    @property
    def theirs(self) -> int:
        return sum(row.theirs for row in self.rows)

    @property
    def unexplained(self) -> int:
        """Cases with a number there that no file of theirs has told of yet."""
        return self.ours - self.theirs

    def as_totals(self) -> dict[str, Any]:
        return {
            "ours": {row.status.value: row.ours for row in self.rows},
            "theirs": {row.status.value: row.theirs for row in self.rows},
            "not_entered": self.not_entered,
            "differing": self.differing,
        }


def exchanged(region: Region) -> QuerySet[Complaint]:
    """What may be told to the national system: confidential cases are entered there by hand, never by file."""
    return Complaint.objects.whole().filter(region=region, is_confidential=False)


def not_entered(region: Region) -> QuerySet[Complaint]:
    """Received here, not yet entered there; the longest waiting first."""
    return exchanged(region).filter(sp4n_tracking="").order_by("received_at", "pk")


def reconciliation_of(region: Region) -> Reconciliation:
    """Both sides now (four queries)."""
    entered = exchanged(region).exclude(sp4n_tracking="").order_by().values_list("status").annotate(Count("pk"))
    ours: Counter[str] = Counter()
    for status, count in entered:
        ours[STATUS_THERE[status]] += count
    reports = ExternalReport.objects.filter(region=region, complaint__is_confidential=False)
    theirs = dict(reports.order_by().values_list("status").annotate(Count("pk")))
    rows = [Compared(status, ours[status], theirs.get(status.value, 0)) for status in Sp4nStatus]
    return Reconciliation(rows, not_entered(region).count(), reports.filter(differs=True).count())


def differing(region: Region) -> QuerySet[ExternalReport]:
    """Reports whose status there is not ours."""
    reports = ExternalReport.objects.filter(region=region, differs=True, complaint__is_confidential=False)
    return reports.select_related("complaint")


def export_headers() -> list[str]:
    return [COLUMNS[name][0] for name in EXPORTED]


def export_rows(*, user: User, region: Region, start: date, end: date, only_new: bool) -> Iterator[list[str]]:
    """The rows to enter there, oldest first: what the person may see, of ``[start, end)``, never a name or contact."""
    first, last = (datetime.combine(day, datetime.min.time(), tzinfo=region.zone) for day in (start, end))
    cases = Complaint.objects.visible_to(user).filter(pk__in=exchanged(region).values("pk"))
    cases = cases.filter(received_at__gte=first, received_at__lt=last, external_report=None)
    if only_new:
        cases = cases.filter(sp4n_tracking="")
    answers = Message.objects.filter(
        complaint=OuterRef("pk"), is_public=True, erased_at=None, event__action__in=(Action.FOLLOWED_UP, Action.CLOSED)
    ).order_by("-at", "-pk")
    related = ("category", "district", "village", "current_agency")
    cases = cases.select_related(*related).annotate(answer=Subquery(answers.values("body")[:1]))
    for case in cases.order_by("received_at", "pk")[:MOST_EXPORTED]:
        yield _exported(case, region)


def _exported(case: Any, region: Region) -> list[str]:
    category = case.category.sp4n_main[0] if case.category and case.category.sp4n_main else ""
    places = (case.place, case.village and case.village.name, case.district and case.district.name)
    values = {
        "reference": case.reference,
        "tracking": case.sp4n_tracking,
        "received_on": case.received_at.astimezone(region.zone).date().isoformat(),
        "klass": CLASS_THERE[Klass(case.klass)],
        "category": category,
        "title": case.title,
        "body": case.body,
        "place": ", ".join(str(place) for place in places if place),
        "agency": case.current_agency.name if case.current_agency else "",
        "status": STATUS_THERE[case.status].value,
        "closed_on": case.closed_at.astimezone(region.zone).date().isoformat() if case.closed_at else "",
        "answer": case.answer or answers_in_words(case),
    }
    return [values[name] for name in EXPORTED]
