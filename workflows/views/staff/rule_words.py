"""Routing rules and their dry run in words."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.models import Agency, District, Region, Service, Village
from workflows.routing import DryRun
from workflows.selectors.routing import categories_named


class RuleLine(NamedTuple):
    number: int
    conditions: list[tuple[str, str]]
    agency: str
    topic: str


class RuleWords:
    """Names of everything rules of a region mention, each kind read once."""

    def __init__(self, region: Region):
        self.agencies = dict(Agency.objects.filter(region=region).values_list("pk", "short_name"))
        self.services = dict(Service.objects.filter(agency__region=region).values_list("pk", "name"))
        self.districts = dict(District.objects.filter(region=region).values_list("pk", "name"))
        self.region, self.topics = region, categories_named(region)

    def lines(self, rows: list[dict[str, Any]]) -> list[RuleLine]:
        self.villages = dict(
            Village.objects.filter(pk__in=[row.get("village", 0) for row in rows]).values_list("pk", "name")
        )
        return [self._line(number, row) for number, row in enumerate(rows, start=1)]

    def _line(self, number: int, row: dict[str, Any]) -> RuleLine:
        said = (
            (_("Words"), ", ".join(row.get("words", []))),
            (_("Topic"), self.topic(row.get("category", ""))),
            (_("Service"), self.services.get(row.get("service", 0), "")),
            (_("District"), self.districts.get(row.get("district", 0), "")),
            (_("Village"), self.villages.get(row.get("village", 0), "")),
            (_("Service point"), row.get("point", "")),
        )
        conditions = [(label, value) for label, value in said if value]
        return RuleLine(number, conditions, self.agency(row["agency"]), self.topic(row.get("set_category", "")))

    def agency(self, pk: int) -> str:
        return self.agencies.get(pk, "–")

    def topic(self, code: str) -> str:
        found = self.topics.get(code)
        return str(found) if found else code


def tried_words(region: Region, tried: DryRun) -> dict[str, Any]:
    """A dry run for the page: totals, one line per rule, and the topics where rules are missing."""
    words = RuleWords(region)
    lines = [
        (number, record, [(words.agency(pk), count) for pk, count in sorted(record.went_to.items(), key=_most)])
        for number, record in enumerate(tried.records, start=1)
    ]
    topics = sorted(tried.topics.items(), key=lambda item: item[1][1] - item[1][0])
    return {
        "total": tried.total,
        "matched": tried.matched,
        "right": tried.right,
        "coverage": _percent(tried.coverage),
        "precision": _percent(tried.precision),
        "lines": lines,
        "topics": [(words.topic(code) or _("no topic"), cases, matched) for code, (cases, matched) in topics],
    }


def _most(pair: tuple[int, int]) -> int:
    return -pair[1]


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
