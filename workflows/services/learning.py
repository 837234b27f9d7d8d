"""Learn from a region's forwarded cases which agency and topic a text belongs to, and measure it on newer ones.

The newest fifth is held out and only measured; the fifth before it chooses how sure a suggestion must be. What is kept
in the end has learned from all cases, under that threshold.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.models import Region
from workflows.models import RoutingModel
from workflows.routing import PastCase
from workflows.selectors.routing import past_cases
from workflows.textclass import NEVER, Classifier, Measure, choose_threshold, measure

# Below this a suggestion is worth less than a look at the text.
WANTED_PRECISION = 0.85
# Fewer cases teach nothing that holds.
FEWEST_CASES = 60
Target = RoutingModel.Target
Texts = list[tuple[str, Hashable]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What came out: the classifier over all cases, its threshold, and its worth on cases it had not seen."""

    classifier: Classifier
    threshold: float
    texts: int
    held_out: Measure


def labelled(cases: Sequence[PastCase], target: str) -> Texts:
    """Texts with where they went, or with the topic the desk settled on; cases without one teach nothing."""
    if target == Target.AGENCY:
        return [(case.facts.text, case.agency) for case in cases]
    return [(case.facts.text, case.category) for case in cases if case.category]


def learn(texts: Texts, *, wanted: float = WANTED_PRECISION) -> Learned | None:
    """Train, choose the threshold, measure; None for too few texts."""
    if len(texts) < FEWEST_CASES:
        return None
    first, second = len(texts) * 3 // 5, len(texts) * 4 // 5
    young = Classifier.trained(texts[:first])
    threshold = choose_threshold(young, texts[first:second], wanted=wanted)
    tested = measure(Classifier.trained(texts[:second]), threshold, texts[second:])
    return Learned(Classifier.trained(texts), threshold, len(texts), tested)


def train_routing(*, region: Region, now: datetime) -> list[RoutingModel]:
    """Learn both targets anew for a region and keep them; a region with too few cases keeps nothing."""
    cases = past_cases(region)
    learned = {target: learn(labelled(cases, target)) for target in Target.values}
    with transaction.atomic():
        RoutingModel.objects.filter(region=region).delete()
        rows = [_row(region, target, result, now) for target, result in learned.items() if result]
        return RoutingModel.objects.bulk_create(rows)


def _row(region: Region, target: str, learned: Learned, now: datetime) -> RoutingModel:
    held_out = learned.held_out
    return RoutingModel(
        region=region,
        target=target,
        trained_at=now,
        texts=learned.texts,
        payload=learned.classifier.to_json(),
        threshold=None if math.isinf(learned.threshold) and learned.threshold == NEVER else learned.threshold,
        tested=held_out.texts,
        suggested=held_out.suggested,
        right=held_out.right,
    )


def train_every_region(now: datetime) -> int:
    """Learn anew wherever complaints are worked; how many regions have a classifier now."""
    regions = Region.objects.filter(complaint_desk__isnull=False)
    return sum(bool(train_routing(region=region, now=now)) for region in regions)
