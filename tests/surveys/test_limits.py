"""Counting posts, and what an answer costs when too many arrive."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from core.proofs import LIFETIME, MOST_WORK, is_paid, is_solved, new_challenge, read_challenge
from surveys.errors import ProofRequired, TooManyPosts
from surveys.limits import LIMITS, Kind, counter_name, judge, window_ends
from surveys.models import PostCount, Response
from surveys.selectors.forms import version_for
from surveys.services.limits import Guard, count_post, sweep_counters
from surveys.services.responses import submit_response
from surveys.tokens import new_token
from tests.surveys.factories import NOON, SurveyFactory, scores

USUAL = LIMITS[Kind.POINT].usual


# --- Rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "suspicious", "absurd"),
    [
        ({}, False, False),
        ({Kind.POINT: USUAL}, False, False),
        ({Kind.POINT: USUAL + 1}, True, False),
        ({Kind.POINT: 1, Kind.NETWORK: LIMITS[Kind.NETWORK].usual + 1}, True, False),
        ({Kind.POINT: LIMITS[Kind.POINT].absurd + 1}, True, True),
    ],
)
def test_a_post_is_judged_by_its_worst_counter(counts, suspicious, absurd):
    verdict = judge(counts)
    assert (verdict.is_suspicious, verdict.is_absurd) == (suspicious, absurd)


def test_a_busy_day_widens_every_limit():
    assert not judge({Kind.POINT: USUAL * 3}, times=3).is_suspicious


def test_a_whole_village_behind_one_address_meets_no_closed_door():
    assert not judge({Kind.NETWORK: 1000}).is_absurd


def test_a_counter_belongs_to_one_survey_one_value_and_one_window():
    def name(survey_id=1, value="203.0.113.7", now=NOON, secret="a"):
        return counter_name(Kind.NETWORK, survey_id=survey_id, value=value, now=now, secret=secret)

    others = [name(survey_id=2), name(value="203.0.113.8"), name(now=NOON + timedelta(days=1)), name(secret="b")]
    assert len({name(), *others, name(now=NOON + timedelta(minutes=10))}) == 6
    assert name(now=NOON + timedelta(minutes=9)) == name()


def test_windows_are_the_same_for_everybody():
    assert window_ends(NOON) == window_ends(NOON + timedelta(minutes=9, seconds=59)) == NOON + timedelta(minutes=10)


# --- Challenges -----------------------------------------------------------------------------


def token(**changes):
    return new_token(**({"version_id": 1, "point_id": 2, "now": NOON} | changes))


def solution(challenge):
    return next(str(n) for n in range(challenge.work) if is_solved(challenge, str(n)))


def test_a_challenge_is_paid_by_work_or_by_waiting():
    form = token()
    made = new_challenge(form.bound, excess=1.2, now=NOON)
    read = read_challenge(made.signed, form.bound, NOON)
    assert is_paid(read, solution(made), NOON)
    assert not is_paid(read, "", NOON + timedelta(seconds=1))
    assert is_paid(read, "", read.open_at)
    assert not is_paid(None, "1", NOON + LIFETIME)


@pytest.mark.parametrize("answer", ["", "-1", "1.0", "٣", "9999999", "x"])
def test_rubbish_solves_nothing(answer):
    assert not is_solved(new_challenge(token().bound, excess=1, now=NOON), answer)


def test_a_challenge_is_good_for_one_form_only_and_not_for_ever():
    form = token()
    signed = new_challenge(form.bound, excess=1, now=NOON).signed
    assert read_challenge(signed, form.bound, NOON + LIFETIME)
    assert read_challenge(signed, form.bound, NOON + LIFETIME + timedelta(seconds=1)) is None
    assert read_challenge(signed[:-1] + "x", form.bound, NOON) is None
    for other in (token(), token(version_id=9, key=form.key), token(point_id=9, key=form.key)):
        assert read_challenge(signed, other.bound, NOON) is None


def test_the_price_grows_with_the_crowd_and_stays_below_two_seconds_of_a_weak_phone():
    low, high = (new_challenge(token().bound, excess=excess, now=NOON) for excess in (1.01, 50))
    assert low.work < high.work == MOST_WORK
    assert high.wait <= timedelta(minutes=1)


# --- Counting -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_statement_counts_everything_and_keeps_nothing_that_can_be_read(django_assert_num_queries):
    by = {Kind.POINT: "7", Kind.NETWORK: "203.0.113.7", Kind.NONCE: "n"}
    with django_assert_num_queries(1):
        count_post(survey_id=1, by=by, now=NOON)
    for _ in range(LIMITS[Kind.NONCE].usual - 1):
        assert not count_post(survey_id=1, by=by, now=NOON).is_suspicious
    assert count_post(survey_id=1, by=by, now=NOON).is_suspicious
    assert not count_post(survey_id=2, by=by, now=NOON).is_suspicious
    assert "203.0.113" not in str(list(PostCount.objects.values()))


@pytest.mark.django_db
def test_counters_are_forgotten_when_their_window_has_passed():
    count_post(survey_id=1, by={Kind.POINT: "7"}, now=NOON)
    assert sweep_counters(NOON + timedelta(minutes=9)) == 0
    assert sweep_counters(NOON + timedelta(minutes=11)) == 1
    assert not PostCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_post_is_lost_from_the_count_when_many_arrive_at_once():
    gate, errors = threading.Barrier(4), []

    def post():
        try:
            gate.wait(10)
            for _ in range(5):
                count_post(survey_id=1, by={Kind.POINT: "7", Kind.NONCE: "n"}, now=NOON)
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is reported by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert errors == []
    assert set(PostCount.objects.values_list("n", flat=True)) == {20}


# --- Storing under guard --------------------------------------------------------------------


def submit(survey, *, guard, **changes):
    version = changes.pop("version", None) or version_for(survey.slug, survey.current_version_id)
    parts = {"point": None, "answers": scores(3, waktu=4), "key": uuid4(), "channel": "link", "language": "id"}
    return submit_response(version=version, now=NOON, guard=guard, **(parts | changes))


def crowd(n, survey, kind=Kind.POINT):
    """As if ``n`` posts had come before."""
    count_post(survey_id=survey.pk, by={kind: "7"}, now=NOON)
    PostCount.objects.update(n=n)


@pytest.mark.django_db
def test_a_guarded_answer_costs_two_statements(django_assert_num_queries):
    survey = SurveyFactory()
    version = version_for(survey.slug, survey.current_version_id)
    with django_assert_num_queries(2):
        stored = submit(survey, version=version, guard=Guard({Kind.POINT: "7"}))
    assert (stored.flags, stored.is_flagged) == ("", False)


@pytest.mark.django_db
def test_beyond_the_usual_an_answer_has_to_be_paid_for_and_is_kept_and_marked():
    survey = SurveyFactory()
    crowd(USUAL, survey)
    with pytest.raises(ProofRequired):
        submit(survey, guard=Guard({Kind.POINT: "7"}))
    assert not Response.objects.exists()
    stored = submit(survey, guard=Guard({Kind.POINT: "7"}, is_proven=True))
    assert (stored.flags, stored.is_flagged) == ("burst", True)
    assert PostCount.objects.get().n == USUAL + 2


@pytest.mark.django_db
def test_what_no_crowd_can_send_is_not_taken_even_when_paid_for():
    survey = SurveyFactory()
    crowd(LIMITS[Kind.POINT].absurd, survey)
    with pytest.raises(TooManyPosts):
        submit(survey, guard=Guard({Kind.POINT: "7"}, is_proven=True))


@pytest.mark.django_db
def test_a_faulty_form_is_not_counted():
    survey = SurveyFactory()
    with pytest.raises(ValueError, match="e_waktu"):
        submit(survey, answers=scores(3, waktu=9), guard=Guard({Kind.POINT: "7"}))
    assert not PostCount.objects.exists()
