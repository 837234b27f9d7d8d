from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from surveys.models import Response, Survey
from surveys.selectors.index import index_for
from surveys.services import tallies
from surveys.services.erasure import ReasonMissing, erase_response
from tests.surveys.factories import NOON, SurveyFactory, answer

pytestmark = pytest.mark.django_db
QUESTIONS = [
    {"id": "q1", "code": "nama", "type": "text", "label": {"id": "Nama?"}},
    {"id": "q2", "code": "puas", "type": "yes_no", "label": {"id": "Puas?"}},
]


@pytest.fixture
def survey():
    return SurveyFactory(questions=QUESTIONS)


def filled(survey):
    texts = {"comment": ["Hubungi 0812-3456"], "q_q1": ["Siti"], "q_q2": ["yes"]}
    return answer(survey, 2, extra=texts)


def erase(response, actor, **kwargs):
    erase_response(response=response, reason="diminta pemiliknya", actor=actor, now=NOON + timedelta(days=2), **kwargs)


def test_texts_go_and_the_scores_stay(survey, regional_admin):
    response = filled(survey)
    old_hash = response.payload_hash
    tallies.fold(now=NOON)
    erase(response, regional_admin)
    left = Response.objects.get()
    assert (left.comment, left.answers, left.reasons) == ("", {"q2": "yes"}, {})
    assert old_hash != left.payload_hash != ""
    assert index_for(survey=survey).result.index == 50
    assert list(tallies.differences()) == []


@pytest.mark.parametrize("is_folded", [True, False])
def test_a_whole_answer_leaves_every_figure(survey, regional_admin, is_folded):
    response = filled(survey)
    answer(survey, 4)
    if is_folded:
        tallies.fold(now=NOON)
    erase(response, regional_admin, whole=True)
    figure = index_for(survey=survey)
    assert (figure.collected, figure.result.index) == (1, 100)
    tallies.fold(now=NOON)
    assert (index_for(survey=survey).n, list(tallies.differences())) == (1, [])


def test_it_is_recorded_who_erased_and_why_but_not_what(survey, regional_admin):
    erase(filled(survey), regional_admin, whole=True)
    entry = ModelLogEntry.objects.get(content_type=ContentType.objects.get_for_model(Survey), object_id=survey.pk)
    assert (entry.user, entry.action, entry.timestamp) == (
        regional_admin, "surveys.erase_answer", NOON + timedelta(days=2),
    )  # fmt: skip
    assert entry.data["reason"] == "diminta pemiliknya"
    assert "Siti" not in str(entry.data)


def test_nothing_is_erased_without_a_reason(survey, regional_admin):
    response = filled(survey)
    with pytest.raises(ReasonMissing):
        erase_response(response=response, reason=" ", actor=regional_admin, now=NOON, whole=True)
    assert Response.objects.get().comment
