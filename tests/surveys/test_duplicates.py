"""Likely duplicates are marked on their way into the tallies, which stay what a recount gives."""

from datetime import timedelta

import pytest

from surveys.models import Response
from surveys.selectors.quality import quality_for
from surveys.services import tallies
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency)


def marked():
    """Places, in the order of sending, of the answers that are called duplicates after folding."""
    tallies.fold(now=NOON + timedelta(minutes=1))
    flags = Response.objects.order_by("pk").values_list("flags", flat=True)
    return [place for place, codes in enumerate(flags) if "duplicate" in codes.split()]


def test_the_second_of_two_like_answers_is_marked_and_counted_as_such(survey, agency):
    for waktu in (2, 2, 4):
        answer(survey, 3, waktu=waktu)
    assert marked() == [1]
    assert quality_for(agency=agency).signs["duplicate"] == 1
    answer(survey, 3, waktu=2)
    assert marked() == [1, 3]
    assert (Response.objects.filter(is_flagged=True).count(), list(tallies.differences())) == (0, [])
    tallies.unfold(ids=Response.objects.values_list("pk", flat=True))
    assert marked() == [1, 3]
    assert list(tallies.differences()) == []


def test_what_is_no_duplicate(survey):
    point, other = make_point(survey, name="Loket 1"), make_point(survey, name="Loket 2")
    answer(survey, 3, waktu=2)
    answer(survey, 3, waktu=2, point=point)
    answer(survey, 3, waktu=2, point=other)
    answer(survey, 3, waktu=2, at=NOON - timedelta(days=1))
    # Typed by an officer from paper.
    answer(survey, 3, waktu=2, channel="paper")
    # Many honest people give one score everywhere.
    answer(survey, 3)
    answer(survey, 3)
    assert marked() == []


def test_equal_words_tell_two_straight_forms_apart_from_chance(survey):
    point = make_point(survey)
    for _time in range(2):
        answer(survey, 4, point=point, extra={"comment": ["Petugas ramah, antrean pendek"]})
    assert marked() == [1]
    assert Response.objects.latest("pk").flags == "straight duplicate"


def test_verified_visits_and_old_answers_are_left_alone(survey):
    for _time in range(2):
        answer(survey, 3, waktu=2)
    Response.objects.update(is_verified=True)
    for _time in range(2):
        answer(survey, 3, waktu=1, at=NOON - timedelta(days=30))
    assert marked() == []
