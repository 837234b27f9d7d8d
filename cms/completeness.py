"""How complete a published service standard is.

Covers: the 14 components of a service standard (UU 25/2009 art. 21; PermenPANRB 15/2014), of which the six of
service delivery must be published to users; the score of both; two slips seen in published standards
(a requirement printed twice, one form under two codes). Leaves out the law's content: whether a requirement is
fair or a period too long is not computed here. No Django in here.

A component counts as published when it has content, or when the agency states that nothing is required or
that the component does not apply: that is an answer to a citizen, an empty part is not.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a reader finds under a component."""

    PUBLISHED = "published"
    MISSING = "missing"
    NONE_REQUIRED = "none_required"
    NOT_APPLICABLE = "not_applicable"


DELIVERY = (
    "requirements",
    "procedure",
    "duration",
    "fee",
    "products",
    "complaint_handling",
)
MANAGEMENT = (
    "legal_basis",
    "facilities",
    "competence",
    "supervision",
    "staffing",
    "service_guarantee",
    "safety_guarantee",
    "evaluation",
)
COMPONENTS = DELIVERY + MANAGEMENT

# Keys of the same components in official forms and in open data.
OFFICIAL_KEYS = dict(
    zip(
        COMPONENTS,
        (
            "persyaratan",
            "prosedur",
            "jangka_waktu",
            "biaya",
            "produk",
            "pengaduan",
            "dasar_hukum",
            "sarana",
            "kompetensi",
            "pengawasan",
            "jumlah_pelaksana",
            "jaminan_pelayanan",
            "jaminan_keamanan",
            "evaluasi_kinerja",
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class Score:
    """Counts of published components; ``missing`` keeps the order of the law."""

    delivery: int
    total: int
    missing: tuple[str, ...]
    delivery_max: int = len(DELIVERY)
    total_max: int = len(COMPONENTS)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def state_of(declared: str, *, has_content: bool) -> State:
    """Content wins over a declaration: what is written is what the citizen reads.

    ``declared`` is "" (fill in below), "none_required" or "not_applicable". ValueError for anything else.
    """
    if has_content:
        return State.PUBLISHED
    return State(declared) if declared else State.MISSING


def score(states: Mapping[str, State]) -> Score:
    """Count the 14 components; a key that is not there counts as missing."""
    missing = tuple(key for key in COMPONENTS if states.get(key, State.MISSING) == State.MISSING)
    return Score(
        delivery=sum(key not in missing for key in DELIVERY),
        total=len(COMPONENTS) - len(missing),
        missing=missing,
    )


def duplicate_positions(texts: Iterable[str]) -> list[tuple[int, int]]:
    """Pairs (first, repeated), counted from 1, of texts that differ only in case, spaces or punctuation."""
    seen: dict[str, int] = {}
    pairs = []
    for position, text in enumerate(texts, start=1):
        key = _folded(text)
        if key and key in seen:
            pairs.append((seen[key], position))
        seen.setdefault(key, position)
    return pairs


def form_code_variants(codes: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of codes that are one form in different spelling, e.g. ``("F.201", "F2.01")``."""
    spellings: dict[str, list[str]] = {}
    for code in codes:
        found = spellings.setdefault(_folded(code).replace(" ", ""), [])
        if code.strip() and code.strip() not in found:
            found.append(code.strip())
    return [tuple(found) for found in spellings.values() if len(found) > 1]


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
