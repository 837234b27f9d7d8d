"""How many open cases a change of the set-up touches, as far as a person may see them."""

from collections.abc import Iterable

from django.db.models import Count

from core.models import Agency, User
from workflows.models import Category, ClockCycle, Complaint, EscalationRule
from workflows.selectors.ladder import Ladder


def touched_by_topic(user: User, topic: Category) -> int:
    """Open cases under a topic: they show its new name at once (one query)."""
    return Complaint.objects.visible_to(user).whole().open().filter(category=topic.pk).count() if topic.pk else 0


def touched_by_rule(user: User, before: EscalationRule | None, after: EscalationRule) -> int:
    """Open cases with a clock that is reminded of by other rules than before (four queries)."""
    held = list(EscalationRule.objects.select_related("agency"))
    old, new = Ladder(held), Ladder([*(rule for rule in held if rule.pk != after.pk), after])
    kinds = {rule.clock for rule in (before, after) if rule}
    running = ClockCycle.objects.filter(stopped_at__isnull=True, due_at__isnull=False, kind__in=kinds)
    running = running.filter(complaint__in=Complaint.objects.visible_to(user)).order_by()
    groups = running.values_list("kind", "complaint__region", "leg__agency", "complaint__current_agency")
    counted = list(groups.annotate(Count("complaint", distinct=True)))
    agencies = Agency.objects.in_bulk({leg or current for _kind, _region, leg, current, _number in counted})
    return sum(
        number
        for kind, region, leg, current, number in counted
        for agency in [agencies.get(leg or current)]
        if _said(old.rules_for(kind, region, agency)) != _said(new.rules_for(kind, region, agency))
    )


def _said(rules: Iterable[EscalationRule]) -> set[tuple[str, int, str, str]]:
    return {(rule.moment, rule.number, rule.to, rule.address) for rule in rules}
