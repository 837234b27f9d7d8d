from datetime import date

import pytest
from django.db import IntegrityError

from surveys.models import Response
from surveys.services.bulk import make_responses
from surveys.services.responses import PROFILES
from tests.factories import ServiceFactory
from tests.surveys.factories import SurveyFactory, make_point

pytestmark = pytest.mark.django_db
START, END = date(2024, 1, 1), date(2024, 7, 1)
QUESTIONS = [
    {"id": "q1", "code": "antre", "type": "single", "label": {"id": "Antre?"},
     "choices": [{"code": "ya", "label": {"id": "Ya"}}, {"code": "tidak", "label": {"id": "Tidak"}}]},
    {"id": "q2", "code": "cara", "type": "multiple", "label": {"id": "?"},
     "choices": [{"code": "a", "label": {"id": "A"}}]},
    {"id": "q3", "code": "nilai", "type": "rating", "label": {"id": "?"}},
    {"id": "q4", "code": "puas", "type": "yes_no", "label": {"id": "?"}},
    {"id": "q5", "code": "kapan", "type": "date", "label": {"id": "?"}},
]  # fmt: skip


def surveys():
    first = ServiceFactory(code="a")
    ServiceFactory(agency=first.agency, code="b")
    one = SurveyFactory(agency=first.agency, questions=QUESTIONS)
    make_point(one, service=first)
    return [one, SurveyFactory(instrument="skm-2014")]


def make(found, n=300, seed=7):
    return make_responses(surveys=found, n=n, seed=seed, start=START, end=END)


def values():
    columns = ("key", "survey", "service", "score_1", "score_9", "comment", "period_on", "submitted_at", "payload_hash")
    return list(Response.objects.order_by("key").values_list(*columns))


def test_the_same_seed_makes_the_same_answers_once():
    found = surveys()
    assert make(found) == 300
    before = values()
    assert make(found) == 0
    assert make(found, seed=8) == 300
    Response.objects.all().delete()
    make(found)
    assert values() == before


def test_bulk_answers_obey_the_rules_of_real_ones():
    make(surveys(), n=60)
    for response in Response.objects.select_related("version", "service", "region"):
        slots = [element["slot"] for element in response.version.definition["elements"]]
        assert all(1 <= response.score(slot) <= 4 for slot in slots)
        assert response.score(10) is None
        assert START <= response.period_on < END
        assert response.period_on.weekday() < 5
        assert response.submitted_at.astimezone(response.region.zone).date() == response.period_on
        assert (response.agency_id, response.region_id) == (response.survey.agency_id, response.survey.agency.region_id)
        assert response.service is None or response.service.agency_id == response.agency_id
        assert all(getattr(response, name) in {"", *codes} for name, codes in PROFILES.items())
        assert (response.channel == "link") or response.service_point_id is not None
        response.full_clean(exclude=["answers", "comment"])


def test_own_questions_get_answers_of_their_kind():
    make(surveys())
    own = [response.answers for response in Response.objects.exclude(answers={})]
    assert {answer["q1"] for answer in own} == {"ya", "tidak"}
    assert all(answer["q2"] == ["a"] and 0 <= answer["q3"] <= 10 and "q5" not in answer for answer in own)


def test_services_differ_and_some_respondents_write_a_comment():
    make(surveys(), n=2000)
    straight = sum(len({r.score(slot) for slot in range(1, 10)}) == 1 for r in Response.objects.all())
    assert 0.3 < straight / 2000 < 0.8
    assert 0.05 < Response.objects.exclude(comment="").count() / 2000 < 0.15
    assert set(Response.objects.values_list("score_3", flat=True)) >= {2, 3, 4}


def test_bulk_needs_something_to_answer_and_days_to_answer_on():
    with pytest.raises(ValueError, match="published survey"):
        make([])
    with pytest.raises(ValueError, match="working day"):
        make_responses(surveys=surveys(), n=1, seed=1, start=date(2024, 1, 6), end=date(2024, 1, 8))
    assert make([], n=0) == 0


def test_a_failure_leaves_nothing_behind():
    """The last answer made is already there, so the very last row fails."""
    found = surveys()
    make(found, n=50)
    last = Response.objects.latest("pk")
    Response.objects.exclude(pk=last.pk).delete()
    with pytest.raises(IntegrityError):
        make(found, n=50)
    assert Response.objects.get() == last


def test_two_surveys_with_the_same_number_of_answers_both_get_theirs():
    surveys = [SurveyFactory(agency=ServiceFactory().agency) for _ in range(2)]
    for survey in surveys:
        make_responses(surveys=[survey], n=30, seed=7, start=START, end=END)
    assert [survey.responses.count() for survey in surveys] == [30, 30]


def test_a_point_for_the_whole_agency_hands_out_answers_about_every_service():
    service = ServiceFactory()
    survey = SurveyFactory(agency=service.agency)
    point = make_point(survey)
    make_responses(surveys=[survey], n=60, seed=7, start=START, end=END)
    assert survey.responses.filter(service_point=point, service=service, channel="qr").exists()
