"""The tally equals a plain recount of the answers, whatever happened to them and in which order."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.periods import FIRST, LAST, PeriodKind, cover_of
from surveys.index import Compose
from surveys.models import Response, Survey, TallyCell, TallyLock
from surveys.selectors.cells import DIMENSIONS, PROFILE, tally_by
from surveys.selectors.forms import version_for
from surveys.selectors.index import Subject, index_for, moments_for
from surveys.selectors.provinces import province_for
from surveys.selectors.quality import days_for, quality_for
from surveys.selectors.staff import surveys_with_answers
from surveys.selectors.tallies import catalogue
from surveys.selectors.trends import trend_for
from surveys.services import tallies
from surveys.services.responses import submit_response
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


# --- Which days a period is made of -------------------------------------------------------------

days = st.dates(date(2022, 11, 1), date(2025, 2, 28))


@given(start=st.none() | days, end=st.none() | days, years=st.booleans())
def test_a_cover_holds_every_day_of_the_period_once_in_whole_months_and_years(start, end, years):
    cover = cover_of(start, end, years=years)
    stretches = [*cover.years, *cover.months, *cover.days]
    day = date(2022, 10, 1)
    while day < date(2025, 4, 1):
        times = sum(first <= day < last for first, last in stretches)
        assert times == ((start or FIRST) <= day < (end or LAST))
        day += timedelta(days=1)
    assert all(day.day == 1 for stretch in cover.months for day in stretch)
    assert all((day.month, day.day) == (1, 1) for stretch in cover.years for day in stretch)
    assert years or not cover.years
    assert sum((last - first).days for first, last in cover.days) < 62


# --- Small cases --------------------------------------------------------------------------------


@pytest.fixture
def survey(db):
    return SurveyFactory()


def test_an_answer_counts_at_once_and_only_once_when_it_is_folded(survey):
    answer(survey, 4)
    assert index_for(agency=survey.agency).n == 1
    assert not TallyCell.objects.exists()
    assert (tallies.fold(now=NOON), tallies.fold(now=NOON)) == (1, 0)
    assert index_for(agency=survey.agency).n == 1
    assert TallyLock.objects.get().folded_at == NOON
    answer(survey, 2)
    assert (index_for(agency=survey.agency).n, index_for(survey=survey).result.index) == (2, 75)


def test_after_a_fold_no_answer_is_read_for_whole_months(survey):
    answer(survey, 4)
    tallies.fold(now=NOON)
    # A cell changed by hand shows through; an answer that only its own table knows does not.
    TallyCell.objects.update(total_1=1)
    assert index_for(survey=survey).result.element("persyaratan").total == 1
    assert index_for(region=survey.agency.region).result.element("persyaratan").total == 1
    assert trend_for(survey=survey, kind=PeriodKind.MONTH)[0].figure.result.element("persyaratan").total == 1


def test_instruments_never_mix(survey):
    other = SurveyFactory(agency=survey.agency, instrument="spak-2021")
    answer(survey, 4)
    elements = other.instrument_version.elements.values_list("code", flat=True)
    fields = {f"e_{code}": ["1"] for code in elements}
    answer_fields(other, fields)
    for _ in range(2):
        assert (index_for(agency=survey.agency).n, index_for(agency=survey.agency).result.index) == (1, 100)
        spak = index_for(agency=survey.agency, instrument="spak")
        assert (spak.n, spak.instruments, len(spak.elements)) == (1, ("spak-2021",), len(elements))
        tallies.fold(now=NOON)


def answer_fields(survey, fields):
    submit_response(
        version=version_for(survey.slug, survey.current_version_id), point=None, answers=fields, key=uuid4(),
        channel="link", language="id", now=NOON,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_mean_may_be_weighted_by_the_people_served():
    region = RegionFactory()
    first, second, third = (SurveyFactory(agency=AgencyFactory(region=region)) for _ in range(3))
    for survey, value in ((first, 4), (second, 2), (third, 1)):
        answer(survey, value)
    served = {first.agency_id: 300, second.agency_id: 100}
    figure = index_for(region=region, compose=Compose.WEIGHTED, populations=served)
    # The third is left out of the arithmetic, and its answer is still counted.
    assert (figure.result.index, figure.units, figure.collected) == (Fraction(300 * 100 + 100 * 50, 400), 2, 3)


def test_signs_of_quality_come_from_the_cells(survey):
    for value in (4, 4, 2):
        answer(survey, value, waktu=4)
    answer(survey, 3, biaya=4, channel="paper")
    Response.objects.filter(score_1=2).update(flags="hasty burst", is_flagged=True, seconds=4)
    Response.objects.filter(channel="paper").update(is_verified=True)
    for _ in range(2):
        found = quality_for(survey=survey)
        assert (found.collected, found.complete, found.verified, found.operator) == (4, 4, 1, 1)
        assert found.by_channel == {"link": 3, "paper": 1}
        signs = Counter(found.signs)
        assert (signs["straight"], signs["straight_without_cost"], signs["flagged"]) == (2, 3, 1)
        assert (signs["hasty"], signs["burst"], signs["trap"], signs["timed"], signs["under_30"]) == (1, 1, 0, 1, 1)
        tallies.fold(now=NOON)


def test_days_are_kept_of_an_agency_and_refused_below(survey):
    for at in (NOON, NOON, NOON + timedelta(days=3)):
        answer(survey, at=at)
    expected = {NOON.date(): 2, NOON.date() + timedelta(days=3): 1}
    assert days_for(agency=survey.agency) == expected
    tallies.fold(now=NOON)
    assert days_for(region=survey.agency.region) == expected
    with pytest.raises(ValueError, match="agencies and regions"):
        days_for(survey=survey)


def test_moments_are_those_of_every_form_by_version(survey):
    answer(survey, 4, waktu=2)
    tallies.fold(now=NOON)
    answer(survey, 3)
    expected = Moments.from_rows([{**dict.fromkeys(SLOTS, 4), 3: 2}, dict.fromkeys(SLOTS, 3)])
    assert moments_for(survey=survey) == {survey.instrument_version: expected}


def test_the_command_finds_what_is_wrong_and_mends_it(survey, capsys):
    answer(survey, 4)
    tallies.fold(now=NOON)
    call_command("rebuild_tallies", check=True)
    TallyCell.objects.filter(level="agency", cut="all", grain="m").update(total_3=1)
    with pytest.raises(CommandError, match="differ"):
        call_command("rebuild_tallies", check=True)
    assert "total_3 1 not 4" in capsys.readouterr().out
    assert TallyCell.objects.filter(total_3=1).exists()
    call_command("rebuild_tallies", survey=survey.slug)
    call_command("rebuild_tallies", check=True, region=survey.agency.region.code)


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_no_reader_ever_sees_a_figure_torn_by_writers_and_folds():
    """Readers see n grow and never shrink, and every form gives the same score everywhere."""
    survey = SurveyFactory()
    stop, seen = threading.Event(), []

    def until_stopped(work):
        while not stop.is_set():
            work()

    def read():
        figure = index_for(survey=survey)
        seen.append((figure.n, figure.result.total))

    writers = [in_thread(lambda: [answer(survey, 3) for _ in range(40)]) for _ in range(3)]
    fold = [in_thread(until_stopped, lambda: tallies._fold_batch(7, NOON)) for _ in range(2)]
    reader = in_thread(until_stopped, read)
    for thread in writers:
        thread.join()
    stop.set()
    for thread in (*fold, reader):
        thread.join()
    tallies.fold(now=NOON)
    assert seen == sorted(seen)
    assert all(total == 27 * n for n, total in seen)
    assert (index_for(survey=survey).n, Response.objects.filter(is_tallied=False).count()) == (120, 0)
    assert list(tallies.differences()) == []


def in_thread(work, *arguments):
    def run():
        try:
            work(*arguments)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db
def test_a_province_is_the_mean_of_its_regencies_each_the_mean_of_its_agencies(django_assert_num_queries):
    province = RegionFactory(code="35", kind="province")
    west, east, empty = (RegionFactory(code=f"35.0{number}", parent=province) for number in range(3))
    for region, values in ((west, (4, 2)), (east, (1,))):
        for value in values:
            answer(SurveyFactory(agency=AgencyFactory(region=region)), value)
    tallies.fold(now=NOON)
    with django_assert_num_queries(4):
        found = province_for(province=province)
    assert [(row.region, row.figure.result.index) for row in found.rows] == [(west, 75), (east, 25), (empty, None)]
    assert (found.result.index, found.units, found.collected) == (50, 2, 3)
    pooled = province_for(province=province, compose=Compose.POOLED)
    assert pooled.result.index == Fraction(100 + 50 + 25, 3)
    assert province_for(province=province, compose=Compose.WEIGHTED).result.index == pooled.result.index
    assert province_for(province=province, populations={west.pk: 3, east.pk: 1}).result.index == Fraction(250, 4)


def test_the_list_of_surveys_counts_folded_and_new_answers(survey):
    answer(survey)
    tallies.fold(now=NOON)
    answer(survey)
    SurveyFactory(instrument="spak-2021")
    found = surveys_with_answers(Survey.objects.order_by("pk"))
    assert [row.answers for row in found] == [2, 0]
