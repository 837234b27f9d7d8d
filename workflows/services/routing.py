"""Write, try and publish routing rules. A rule suggests; an officer decides."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import Agency, District, Region, Service, User, Village
from workflows.models import Category, RoutingRules
from workflows.permissions import may_route
from workflows.routing import BadRule, DryRun, Rule, dry_run, read_rules
from workflows.selectors.routing import draft_rules, past_cases, rules_in_force, today_in

MESSAGES = {
    "agency": gettext_lazy("Rule %(number)d names no agency of this region."),
    "empty": gettext_lazy("Rule %(number)d has no condition; it would take everything."),
    "too_many": gettext_lazy("Too many rules."),
    "too_many_words": gettext_lazy("Rule %(number)d has too many or too long words."),
    "shape": gettext_lazy("Rule %(number)d cannot be read."),
    "foreign": gettext_lazy("Rule %(number)d names something that is not of this region, or no longer in use."),
}


@transaction.atomic
def save_draft(*, region: Region, actor: User, rows: Any, note: str = "", now: datetime | None = None) -> RoutingRules:
    """Keep the list as the region's draft. Raises ``PermissionDenied``, or ``ValidationError`` for a bad rule."""
    _require(region, actor)
    checked_rules(region, rows)
    draft = draft_rules(region) or RoutingRules(region=region, number=_next_number(region))
    draft.rules, draft.note = rows, note.strip()[:250]
    draft.made_by, draft.made_at = actor, now or timezone.now()
    draft.save()
    return draft


@transaction.atomic
def publish_draft(*, region: Region, actor: User, now: datetime | None = None) -> RoutingRules:
    """Let the draft count from now on, with what it would have done to past cases written beside it."""
    _require(region, actor)
    draft = RoutingRules.objects.select_for_update().filter(region=region, published_at__isnull=True).first()
    if draft is None:
        raise ValidationError(_("There is no draft."), code="no_draft")
    tried = dry_run(checked_rules(region, draft.rules), past_cases(region))
    draft.proof = {"total": tried.total, "matched": tried.matched, "right": tried.right}
    draft.published_by, draft.published_at = actor, now or timezone.now()
    draft.save()
    return draft


def discard_draft(*, region: Region, actor: User) -> None:
    _require(region, actor)
    RoutingRules.objects.filter(region=region, published_at__isnull=True).delete()


def try_rules(region: Region, rows: Any) -> DryRun:
    """What a list would have done with the region's past cases. Raises ``ValidationError``."""
    return dry_run(checked_rules(region, rows), past_cases(region))


def current_rows(region: Region) -> list[dict[str, Any]]:
    """What an editor starts from: the draft, or a copy of what is in force."""
    found = draft_rules(region) or rules_in_force(region.pk)
    return list(found.rules) if found else []


def checked_rules(region: Region, rows: Any) -> list[Rule]:
    """Rules of which every id and code is the region's, and the result still in use. Raises ``ValidationError``."""
    try:
        rules = read_rules(rows)
    except BadRule as problem:
        number, code = problem.args
        raise ValidationError(MESSAGES[code] % {"number": number}, code=code) from problem
    known = _Known(region, rules)
    for number, rule in enumerate(rules, start=1):
        if not known.has(rule):
            raise ValidationError(MESSAGES["foreign"] % {"number": number}, code="foreign")
    return rules


class _Known:
    """What of the ids in a list exists in the region (six queries however long it is)."""

    def __init__(self, region: Region, rules: list[Rule]):
        today = today_in(region)
        agencies, topics = Agency.objects.filter(region=region), Category.objects.for_region(region)
        self.agencies = _ids(agencies.active(today), {rule.agency for rule in rules})
        self.services = _ids(Service.objects.filter(agency__region=region), {rule.service for rule in rules})
        self.districts = _ids(District.objects.filter(region=region), {rule.district for rule in rules})
        self.villages = _ids(Village.objects.filter(district__region=region), {rule.village for rule in rules})
        self.topics = {*topics.values_list("code", flat=True), ""}
        self.topics_in_use = {*topics.active(today).values_list("code", flat=True), ""}

    def has(self, rule: Rule) -> bool:
        return (
            rule.agency in self.agencies
            and rule.service in self.services
            and rule.district in self.districts
            and rule.village in self.villages
            and rule.category in self.topics
            and rule.set_category in self.topics_in_use
        )


def _ids(rows: Any, wanted: set[int]) -> set[int]:
    return {*rows.filter(pk__in=wanted - {0}).values_list("pk", flat=True), 0}


def _next_number(region: Region) -> int:
    last = RoutingRules.objects.filter(region=region).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _require(region: Region, actor: User) -> None:
    if not may_route(region.pk, actor):
        raise PermissionDenied("routing")
