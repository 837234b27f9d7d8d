"""Which agency and topic to propose for a case: rules first, then what was learned, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.models import Agency
from workflows.models import Category, Complaint, RoutingModel
from workflows.routing import BadRule, Match, match, read_rules
from workflows.selectors.routing import agencies_named, categories_in_use, facts_of, rules_in_force
from workflows.textclass import Classifier, Guess

BY_RULE, BY_CASES = "rule", "cases"
# A process keeps what it unpacked; a newer row has another key.
_kept: dict[tuple[int, Any], Classifier] = {}
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed value and why. ``words`` stand in the case's own text."""

    value: Agency | Category
    source: str
    words: tuple[str, ...] = ()
    # Of a rule: its number from 1 and the version it stands in.
    rule: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    agency: Proposal | None = None
    category: Proposal | None = None

    def __bool__(self) -> bool:
        return bool(self.agency or self.category)


def suggestion_for(complaint: Complaint) -> Suggestion:
    """What to propose (at most four queries). It reads this one case only, and changes nothing."""
    facts = facts_of(complaint)
    by_rule = _by_rule(complaint, facts)
    if by_rule.agency and by_rule.category:
        return by_rule
    learned = _by_cases(complaint, facts.text)
    return Suggestion(by_rule.agency or learned.agency, by_rule.category or learned.category)


def _by_rule(complaint: Complaint, facts: Any) -> Suggestion:
    version = rules_in_force(complaint.region_id)
    found = _first_match(version.rules, facts) if version else None
    if version is None or found is None:
        return Suggestion()
    why: dict[str, Any] = {"words": found.words, "rule": found.number + 1, "version": version.number}
    agency = agencies_named(complaint.region, {found.rule.agency}).get(found.rule.agency)
    topic = categories_in_use(complaint.region).get(found.rule.set_category) if found.rule.set_category else None
    return Suggestion(
        Proposal(agency, BY_RULE, **why) if agency else None, Proposal(topic, BY_RULE, **why) if topic else None
    )


def _first_match(rows: Any, facts: Any) -> Match | None:
    try:
        return match(read_rules(rows), facts)
    except BadRule:
        return None


def _by_cases(complaint: Complaint, text: str) -> Suggestion:
    rows = RoutingModel.objects.filter(region=complaint.region_id, threshold__isnull=False)
    guesses = {row.target: sure_guess(row, text) for row in rows.defer("payload")}
    agency, topic = guesses.get(RoutingModel.Target.AGENCY), guesses.get(RoutingModel.Target.CATEGORY)
    ids: set[Any] = {agency.label} if agency else set()
    return Suggestion(
        _looked_up(agency, agencies_named(complaint.region, ids) if ids else {}),
        _looked_up(topic, categories_in_use(complaint.region) if topic else {}),
    )


def _looked_up(guess: Guess | None, own: Mapping[Any, Any]) -> Proposal | None:
    """Found again among the region's own: what was learned is a label, not a right."""
    found = own.get(guess.label) if guess else None
    return Proposal(found, BY_CASES, guess.reasons) if guess and found else None


def sure_guess(row: RoutingModel, text: str) -> Guess | None:
    """The guess of a learned row, if it is as sure as it must be."""
    guess = _classifier(row).guess(text)
    return guess if guess and row.threshold is not None and guess.margin >= row.threshold else None


def _classifier(row: RoutingModel) -> Classifier:
    key = (row.pk, row.trained_at)
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = Classifier.from_json(row.payload)
    return _kept[key]
