"""Routing rules in force, and past cases as the rules and the classifier see them."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from core.models import Agency, Region
from workflows.models import Category, Complaint, Leg, RoutingRules
from workflows.routing import Facts, PastCase
from workflows.states import Share

# Of a region's history only this much is read; enough to judge a rule, and bounded.
MOST_CASES = 20_000
COLUMNS = (
    "complaint_id", "agency_id", "complaint__reference", "complaint__category__code", "complaint__service_id",
    "complaint__service_point_code", "complaint__district_id", "complaint__village_id", "complaint__title",
    "complaint__body", "complaint__place",
)  # fmt: skip


def rules_in_force(region_id: int) -> RoutingRules | None:
    """The newest published version (one query)."""
    return RoutingRules.objects.published().filter(region=region_id).order_by("-number").first()


def draft_rules(region: Region) -> RoutingRules | None:
    return RoutingRules.objects.filter(region=region, published_at__isnull=True).first()


def facts_of(complaint: Complaint) -> Facts:
    return Facts(
        category=complaint.category.code if complaint.category else "",
        service=complaint.service_id or 0,
        point=complaint.service_point_code,
        district=complaint.district_id or 0,
        village=complaint.village_id or 0,
        text=text_of(complaint.title, complaint.body, complaint.place),
    )


def text_of(title: str, body: str, place: str) -> str:
    return f"{title}\n{body}\n{place}"


def past_cases(region: Region, *, most: int = MOST_CASES, own_category: bool = True) -> list[PastCase]:
    """Cases an agency kept, oldest first, newest ``most`` of them (one query).

    ``own_category=False`` hides the topic from the rules, as when a citizen chose none. Confidential cases teach
    nothing: their words must not turn up as a reason elsewhere.
    """
    kept = Leg.objects.filter(complaint__region=region, complaint__is_confidential=False, returned_at__isnull=True)
    # A part has an officer's words.
    kept = kept.exclude(complaint__share=Share.PART)
    rows = kept.order_by("-forwarded_at", "-pk").values_list(*COLUMNS)[:most]
    return list(_newest_leg_first(rows, own_category=own_category))[::-1]


def _newest_leg_first(rows: object, *, own_category: bool) -> Iterator[PastCase]:
    seen: set[int] = set()
    for pk, agency, reference, category, service, point, district, village, *words in rows:  # type: ignore[attr-defined]
        if pk in seen:
            continue
        seen.add(pk)
        facts = Facts(
            category=(category or "") if own_category else "",
            service=service or 0,
            point=point,
            district=district or 0,
            village=village or 0,
            text=text_of(*words),
        )
        yield PastCase(facts, agency, category or "", reference)


def agencies_named(region: Region, ids: set[int]) -> dict[int, Agency]:
    """Agencies of the region by id that a case may go to today (one query); other ids are left out."""
    there = Agency.objects.active(today_in(region)).filter(region=region, pk__in=ids)
    return {agency.pk: agency for agency in there}


def categories_named(region: Region) -> dict[str, Category]:
    """Every topic by code, to name what a rule of any age says (one query)."""
    return _by_code(Category.objects.for_region(region))


def categories_in_use(region: Region) -> dict[str, Category]:
    """Topics by code that a case may get today (one query)."""
    return _by_code(Category.objects.for_region(region).active(today_in(region)))


def today_in(region: Region) -> date:
    return timezone.now().astimezone(region.zone).date()


def _by_code(rows: QuerySet[Category]) -> dict[str, Category]:
    return {row.code: row for row in rows.order_by("region_id")}
