"""Routing rules: which agency and topic a complaint probably belongs to. Pure data, read in order, first match counts.

Covers: the shape of a rule, its limits, matching, and what a list of rules does with past cases. A rule holds ids,
codes and plain words; there is nothing to execute, no pattern language and no rule that calls another, so matching is
linear in the text. Leaves out where rules are stored and who decides: a rule only ever suggests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

MOST_RULES = 200
MOST_WORDS = 30
LONGEST_WORD = 40
# Of a complaint only this much is read.
LONGEST_TEXT = 8000
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
CONDITIONS = ("category", "service", "point", "district", "village")


class BadRule(ValueError):
    """A rule that breaks the schema; ``args`` say which row and why (a code)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions that are set must hold; of ``words`` one is enough. An empty condition asks nothing."""

    agency: int
    set_category: str = ""
    category: str = ""
    service: int = 0
    point: str = ""
    district: int = 0
    village: int = 0
    words: tuple[str, ...] = ()

    @property
    def asks_something(self) -> bool:
        return bool(self.words) or any(getattr(self, name) for name in CONDITIONS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at of one case."""

    category: str = ""
    service: int = 0
    point: str = ""
    district: int = 0
    village: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that matched (its place in the list, from 0) and the words that did."""

    number: int
    rule: Rule
    words: tuple[str, ...] = ()


def tokens_of(text: str) -> list[str]:
    """Words of a text, lower case; hyphenated ones stay whole."""
    return _WORD.findall(text[:LONGEST_TEXT].lower())


def match(rules: Sequence[Rule], facts: Facts) -> Match | None:
    """The first rule whose conditions all hold."""
    known = _phrases(tokens_of(facts.text))
    for number, rule in enumerate(rules):
        found = _matches(rule, facts, known)
        if found is not None:
            return Match(number, rule, found)
    return None


def _phrases(tokens: Sequence[str]) -> Set[str]:
    """Single words and neighbours up to three, so that a rule may name "lampu jalan"."""
    pairs = (" ".join(pair) for pair in pairwise(tokens))
    triples = (" ".join(triple) for triple in zip(tokens, tokens[1:], tokens[2:], strict=False))
    return {*tokens, *pairs, *triples}


def _matches(rule: Rule, facts: Facts, known: Set[str]) -> tuple[str, ...] | None:
    for name in CONDITIONS:
        wanted = getattr(rule, name)
        if wanted and wanted != getattr(facts, name):
            return None
    if not rule.words:
        return ()
    found = tuple(word for word in rule.words if word in known)
    return found or None


def read_rules(rows: Any) -> list[Rule]:
    """Rules from stored JSON. Raises ``BadRule`` with the row's number and a code for anything the schema lacks."""
    if not isinstance(rows, list):
        raise BadRule(0, "shape")
    if len(rows) > MOST_RULES:
        raise BadRule(MOST_RULES + 1, "too_many")
    return [_read(number, row) for number, row in enumerate(rows, start=1)]


def _read(number: int, row: Any) -> Rule:
    if not isinstance(row, dict) or set(row) - set(Rule.__slots__):
        raise BadRule(number, "shape")
    if not _is_id(row.get("agency")) or row["agency"] == 0:
        raise BadRule(number, "agency")
    if not all(_is_id(row.get(name, 0)) for name in ("service", "district", "village")):
        raise BadRule(number, "shape")
    if not all(_is_code(row.get(name, "")) for name in ("set_category", "category", "point")):
        raise BadRule(number, "shape")
    rule = Rule(**{**row, "words": _words(number, row.get("words", []))})
    if not rule.asks_something:
        raise BadRule(number, "empty")
    return rule


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 60


def _words(number: int, words: Any) -> tuple[str, ...]:
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadRule(number, "shape")
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        raise BadRule(number, "too_many_words")
    tidy = (" ".join(tokens_of(word)) for word in words)
    return tuple(dict.fromkeys(word for word in tidy if word and word.count(" ") < 3))


# --- What a list of rules does with past cases ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case that an officer has forwarded: what was known, and where it went."""

    facts: Facts
    agency: int
    category: str = ""
    reference: str = ""


@dataclass(slots=True)
class RuleRecord:
    """What one rule would have done: right, wrong, and a few references of the wrong ones."""

    right: int = 0
    wrong: int = 0
    went_to: dict[int, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    @property
    def matched(self) -> int:
        return self.right + self.wrong


@dataclass(frozen=True, slots=True)
class DryRun:
    """Past cases against rules. Coverage: share that any rule matches; precision: share of those that went there."""

    total: int
    records: tuple[RuleRecord, ...]
    # Topic -> (cases, matched): where rules are missing.
    topics: Mapping[str, tuple[int, int]]

    @property
    def matched(self) -> int:
        return sum(record.matched for record in self.records)

    @property
    def right(self) -> int:
        return sum(record.right for record in self.records)

    @property
    def coverage(self) -> float | None:
        return self.matched / self.total if self.total else None

    @property
    def precision(self) -> float | None:
        return self.right / self.matched if self.matched else None

    @property
    def never_matching(self) -> list[int]:
        """Numbers (from 1) of rules that no past case reaches: an earlier one may shadow them."""
        return [number for number, record in enumerate(self.records, start=1) if not record.matched]


EXAMPLES = 5


def dry_run(rules: Sequence[Rule], cases: Iterable[PastCase]) -> DryRun:
    """What would have gone where, against where it went."""
    records = tuple(RuleRecord() for _rule in rules)
    topics: dict[str, tuple[int, int]] = {}
    total = 0
    for case in cases:
        total += 1
        found = match(rules, case.facts)
        known, matched = topics.get(case.category, (0, 0))
        topics[case.category] = (known + 1, matched + (found is not None))
        if found:
            _note(records[found.number], found.rule, case)
    return DryRun(total, records, topics)


def _note(record: RuleRecord, rule: Rule, case: PastCase) -> None:
    if rule.agency == case.agency:
        record.right += 1
        return
    record.wrong += 1
    record.went_to[case.agency] = record.went_to.get(case.agency, 0) + 1
    if len(record.examples) < EXAMPLES:
        record.examples.append(case.reference)
