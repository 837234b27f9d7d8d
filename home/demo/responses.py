"""Made-up answers of the demo region, spread so that a ranking, a trend and "not enough data" can be seen."""

from collections.abc import Sequence
from datetime import datetime

from home.demo.surveys import demo_years, few_answers, weights
from surveys.models import Survey
from surveys.services import tallies
from surveys.services.bulk import make_responses

# About what a small regency collects in two years, and quick to make.
PER_WEIGHT = 60


def load_responses(surveys: Sequence[Survey], *, now: datetime, seed: int, extra: int = 0) -> int:
    """Give each survey without answers its share, then ``extra`` answers over all; how many were made."""
    start, end = demo_years(now)
    wanted = {**{code: weight * PER_WEIGHT for code, weight in weights().items()}, **few_answers()}
    made = 0
    for survey in surveys:
        if not survey.responses.exists():
            made += make_responses(surveys=[survey], n=wanted[survey.agency.code], seed=seed, start=start, end=end)
    busy = [survey for survey in surveys if weights()[survey.agency.code]]
    if extra:
        made += make_responses(surveys=busy, n=extra, seed=seed + 1, start=start, end=end)
    tallies.fold(now=now, batch=5_000)
    return made
