"""The tally equals a plain recount of the answers, whatever happened to them and in which order."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from surveys.models import Response, TallyCell, TallyLock
from surveys.periods import FIRST, LAST, PeriodKind, cover_of, period_of
from surveys.selectors.cells import DIMENSIONS, PROFILE, WAY_PARTS, tally_by
from surveys.selectors.index import Subject, index_for, moments_for
from surveys.selectors.quality import days_for, quality_for
from surveys.selectors.tallies import catalogue
from surveys.selectors.trends import trend_for
from surveys.services import tallies
from surveys.statistics import Moments
from tests.factories import AgencyFactory, RegionFactory, ServiceFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point

SLOTS = range(1, 10)
DAYS = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 15), date(2024, 1, 31), date(2024, 2, 1)]
EDGES = [None, *DAYS, date(2024, 1, 2), date(2023, 11, 5), date(2024, 3, 1), date(2025, 1, 1)]


# --- Plain recounting ---------------------------------------------------------------------------


def part_of(response, dimension):
    parts = {
        "all": "",
        "channel": response.channel,
        "visit": "verified" if response.is_verified else "open",
        "quality": "flagged" if response.is_flagged else "clean",
    }
    return parts[dimension] if dimension in parts else getattr(response, dimension)


def recount(rows, unit, dimension):
    """Collected, complete, totals by slot and moments, straight from the rows."""
    found = {}
    for row in rows:
        key = (getattr(row, unit) if unit else None, part_of(row, dimension))
        group = found.setdefault(key, SimpleNamespace(collected=0, moments=Moments()))
        group.collected += 1
        if row.is_complete:
            given = {slot: row.score(slot) for slot in SLOTS if row.score(slot) is not None}
            group.moments += Moments.of_form(given)
    return found


def inside(rows, start, end):
    return [row for row in rows if (start or FIRST) <= row.period_on < (end or LAST)]


def assert_equal_to_a_recount(subject, start, end, unit=None, dimension="all"):
    with_moments = dimension not in PROFILE
    question = subject.question(catalogue(), unit, start=start, end=end, dimension=dimension, moments=with_moments)
    found = tally_by(question, lambda key: key[:2])
    column = {"point_id": "service_point_id"}.get(unit, unit)
    expected = recount(inside(subject.responses(), start, end), column, dimension)
    assert {key: tally.collected for key, tally in found.items()} == {k: g.collected for k, g in expected.items()}
    for key, group in expected.items():
        counted = found[key].by_version
        moments = sum((tally.moments for tally in counted.values()), Moments())
        assert (moments.n, moments.total, moments.total_squares) == (
            group.moments.n, group.moments.total, group.moments.total_squares,
        )  # fmt: skip
        for slot, sums in group.moments.slots.items():
            own = moments.slots[slot]
            assert (own.n, own.total) == (sums.n, sums.total)
            assert not with_moments or own == sums


# --- Any sequence of events ---------------------------------------------------------------------

answers = st.fixed_dictionaries(
    {
        "place": st.integers(0, 4),
        "day": st.sampled_from(DAYS),
        "score": st.integers(1, 4),
        "waktu": st.integers(1, 4),
        "channel": st.sampled_from(["qr", "kiosk", "import"]),
        "sex": st.sampled_from(["", "male", "female"]),
        "is_verified": st.booleans(),
        "is_flagged": st.booleans(),
        "is_complete": st.booleans(),
        "seconds": st.sampled_from([None, 3, 45, 500]),
    }
)
events = st.one_of(
    st.tuples(st.just("submit"), answers),
    st.tuples(st.just("submit"), answers),
    st.tuples(st.just("import"), st.lists(answers, min_size=2, max_size=4)),
    st.tuples(st.just("fold"), st.integers(1, 3)),
    st.tuples(st.just("erase"), st.integers(0, 30)),
    st.tuples(st.just("rebuild"), st.none()),
)


class AnySequence(TestCase):
    """Hypothesis needs a rolled-back transaction per example, which this class gives it."""

    def setUp(self):
        region = RegionFactory()
        office = AgencyFactory(region=region)
        unit = AgencyFactory(region=region, parent=office)
        first, second = ServiceFactory(agency=office), ServiceFactory(agency=office)
        survey, other = SurveyFactory(agency=office), SurveyFactory(agency=unit)
        desk = make_point(survey, service=first)
        hall = make_point(survey)
        self.subjects = [Subject(region=region), Subject(agency=office), Subject(agency=unit), Subject(survey=survey)]
        self.subjects += [Subject(service=first), Subject(point=hall), Subject(survey=survey, service=second)]
        self.places = [(survey, first, desk), (survey, second, hall), (survey, first, hall), (survey, None, None)]
        self.places.append((other, None, None))

    def store(self, given):
        survey, service, point = self.places[given["place"]]
        made = answer(
            survey, given["score"], service=service, point=point, channel=given["channel"], waktu=given["waktu"],
            at=datetime(*given["day"].timetuple()[:3], 5, tzinfo=UTC),
        )  # fmt: skip
        changes = {name: given[name] for name in ("sex", "is_verified", "is_flagged", "is_complete", "seconds")}
        if not given["is_complete"]:
            changes["score_2"] = None
        Response.objects.filter(pk=made.pk).update(service=service, **changes)

    def happen(self, event, detail):
        if event in ("submit", "import"):
            for given in [detail] if event == "submit" else detail:
                self.store(given)
        if event == "import":
            tallies.fold(now=NOON)
        if event == "fold":
            tallies._fold_batch(detail, NOON)
        if event == "erase" and (ids := list(Response.objects.order_by("pk").values_list("pk", flat=True))):
            with_id = ids[detail % len(ids)]
            tallies.unfold(ids=[with_id])
            Response.objects.filter(pk=with_id).delete()
        if event == "rebuild":
            tallies.rebuild()

    @settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate])
    @given(
        history=st.lists(events, min_size=1, max_size=12),
        bounds=st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES)),
        cut=st.integers(0, 6),
    )
    def test_the_tally_equals_a_recount(self, history, bounds, cut):
        for event, detail in history:
            self.happen(event, detail)
        for subject in self.subjects:
            assert_equal_to_a_recount(subject, *bounds)
        for unit in ("agency_id", "service_id", "survey_id", "point_id"):
            assert_equal_to_a_recount(self.subjects[0], None, None, unit)
        for dimension in DIMENSIONS:
            assert_equal_to_a_recount(self.subjects[cut % 7], *bounds, dimension=dimension)
        assert list(tallies.differences()) == []
