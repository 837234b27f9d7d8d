"""Editing a questionnaire with answers in: one test per numbered case, named after it; from 22 on in the next file.

Each case begins with a published survey and one answer to it, as an editor finds it. What a case promises about the
index, devices, publications or exports beyond the questionnaire itself is tested where those live.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from surveys.answers import InvalidAnswers
from surveys.blocks import RESERVED_CODES
from surveys.branching import Fault
from surveys.changes import Kind
from surveys.errors import PublishingRefused
from surveys.models import InstrumentVersion, Response, SurveyPage
from surveys.selectors.questions import asked_questions
from surveys.services.editing import begin_anew, draft_of
from surveys.services.effects import effect_of
from surveys.services.publishing import publish_questionnaire
from tests.surveys.editing import CHOICES, SOURCE, number, question_of, reopen, where
from tests.surveys.factories import NOON, answer, instrument
from tests.surveys.pages import QUESTION, form_data, republish, yes_no

pytestmark = [pytest.mark.django_db, pytest.mark.portable, pytest.mark.usefixtures("standing_page", "at_noon")]


@pytest.fixture
def edit(page, stored):
    """Publish a change; what comes back is the kinds of change the editor was told, and the page."""

    def apply(*questions, **values):
        for name, value in values.items():
            setattr(page, name, value)
        page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python(list(questions))
        kinds = [change.kind for change in effect_of(page).changes]
        republish(page)
        return kinds

    return apply


def test_01_a_typo_keeps_the_question_and_both_wordings(edit, page, stored, at_noon):
    at_noon.shift(timedelta(days=1))
    assert edit(yes_no("Apakah ada pungutan?"), where()) == [Kind.REWORDED]
    assert number(page) == "1.1"
    wordings = question_of(page, QUESTION).wordings
    assert [(row.number, row.texts["id"]) for row in wordings] == [
        ("1.0", "Apakah diminta biaya di luar tarif?"), ("1.1", "Apakah ada pungutan?"),
    ]  # fmt: skip
    assert wordings[1].since - wordings[0].since == timedelta(days=1)


def test_02_a_new_meaning_begins_a_new_question_when_the_author_says_so(page, stored, editor):
    page.questions[0].value["label"] = "Berapa kali Anda datang?"
    page.save_revision()
    begin_anew(page=page, identifiers=[QUESTION], actor=editor)
    page.refresh_from_db()
    draft = draft_of(page)
    new = draft.questions[0].id
    assert [(change.kind, change.where) for change in effect_of(draft).changes] == [
        (Kind.ADDED_OPTIONAL, new), (Kind.RETIRED, QUESTION),
    ]  # fmt: skip
    page.latest_revision.publish()
    page.refresh_from_db()
    assert (number(page), question_of(page, QUESTION).is_retired) == ("2.0", True)
    assert (question_of(page, new).code, question_of(page, new).derived_from) == ("p3", QUESTION)


def test_03_a_translation_keeps_id_and_version(edit, page):
    translated = yes_no()
    translated["value"]["label_en"] = "Were you asked for extra money?"
    gaps = len(effect_of(page).gaps)
    assert edit(translated, where()) == [Kind.TRANSLATED]
    assert (number(page), len(effect_of(page).gaps)) == ("1.1", gaps - 1)
    assert [row.id for row in asked_questions(page.survey)] == [QUESTION, SOURCE]


def test_04_an_added_question_was_not_asked_before(edit, page, stored):
    assert edit(yes_no(), where(), yes_no("Puas?", key="baru", code="p3")) == [Kind.ADDED_OPTIONAL]
    assert number(page) == "2.0"
    assert stored.version_id not in question_of(page, "baru").versions


def test_05_a_form_opened_before_a_required_question_came_is_still_taken(citizen, page, stored):
    url = reverse("surveys:form", args=[page.survey.slug])
    opened = form_data(citizen, url)
    republish(page, questions=[yes_no(required=True), where()])
    assert number(page) == "2.0"
    assert citizen.post(url, opened).status_code == 303
    assert Response.objects.latest("pk").version.number == "1.0"


def test_06_a_removed_question_keeps_its_answers_and_the_editor_sees_how_many(page, stored):
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([where()])
    effect = effect_of(page)
    assert [(change.kind, count) for change, count in effect.counts().items()] == [(Kind.RETIRED, 1)]
    republish(page)
    assert (number(page), question_of(page, QUESTION).is_retired) == ("2.0", True)
    assert reopen(stored).answers[QUESTION] == "yes"


def test_07_a_question_without_answers_goes_and_stays_in_the_history(page):
    republish(page, questions=[where()])
    assert (question_of(page, QUESTION).first, question_of(page, QUESTION).is_retired) == ("1.0", True)


def test_08_the_same_text_again_is_a_new_question(edit, page, stored):
    edit(where())
    assert edit(where(), yes_no(key="baru", code="p3")) == [Kind.ADDED_OPTIONAL]
    labels = [row.label() for row in asked_questions(page.survey) if row.id in {QUESTION, "baru"}]
    assert labels[0] == labels[1]
    assert "baru" not in reopen(stored).answers


def test_09_two_questions_may_read_the_same(edit, page):
    edit(yes_no("Puas?"), yes_no("Puas?", key="baru", code="p3"), where())
    same = [row for row in asked_questions(page.survey) if row.label() == "Puas?"]
    assert [(row.id, row.code) for row in same] == [(QUESTION, "p1"), ("baru", "p3")]


@pytest.mark.parametrize(
    ("label", "fault"), [("???", Fault.SIGNS_ONLY), ("", Fault.EMPTY_LABEL), ("a" * 5000, Fault.TOO_LONG)]
)
def test_10_an_unusable_label_is_refused_with_a_sentence(page, label, fault):
    page.questions[0].value["label"] = label
    effect = effect_of(page)
    assert [problem.fault for problem in effect.problems] == [fault]
    with pytest.raises(PublishingRefused) as refused:
        publish_questionnaire(page=page, now=NOON)
    assert refused.value.sentences == effect.refusals
    assert number(page) == "1.0"


@pytest.mark.parametrize("label", ["submit_time", "id", "csrfmiddlewaretoken", "token"])
def test_11_a_label_like_a_system_column_collides_with_nothing(edit, page, citizen, label):
    assert edit(yes_no(label), where()) == [Kind.REWORDED]
    url = reverse("surveys:form", args=[page.survey.slug])
    assert citizen.post(url, form_data(citizen, url, **{f"q_{QUESTION}": "no"})).status_code == 303
    assert Response.objects.latest("pk").answers[QUESTION] == "no"
    assert {"submit_time", "id", "csrfmiddlewaretoken"} <= RESERVED_CODES


def test_12_the_order_of_questions_is_wording_and_kept_per_version(edit, page, stored):
    assert edit(where(), yes_no()) == [Kind.REORDERED]
    assert number(page) == "1.1"
    assert [row["id"] for row in page.survey.current_version.definition["questions"]] == [SOURCE, QUESTION]
    assert [row["id"] for row in reopen(stored).version.definition["questions"]] == [QUESTION, SOURCE]


def test_13_the_order_of_choices_changes_no_code(edit, page, stored):
    assert edit(yes_no(), where(CHOICES[::-1])) == [Kind.CHOICES_REORDERED]
    assert (number(page), reopen(stored).answers[SOURCE]) == ("1.1", "a")


def test_14_a_reworded_choice_stays_the_same_choice(edit, page, stored):
    assert edit(yes_no(), where([("a", "Laman"), CHOICES[1]])) == [Kind.CHOICE_REWORDED]
    choice = question_of(page, SOURCE).choices["a"]
    assert (choice.label(), choice.label_in("1.0", ["1.0", "1.1"])) == ("Laman", "Situs web")


def test_15_a_choice_in_the_middle_shifts_no_code(edit, page):
    assert edit(yes_no(), where([CHOICES[0], ("c", "Teman"), CHOICES[1]])) == [Kind.CHOICE_ADDED]
    assert number(page) == "2.0"
    assert {code: row.label() for code, row in question_of(page, SOURCE).choices.items()} == {
        "a": "Situs web", "b": "Kantor desa", "c": "Teman",
    }  # fmt: skip


def test_16_a_used_choice_is_retired_and_stays_countable(page, stored):
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python(
        [yes_no(), where([CHOICES[1], ("c", "Teman")])]
    )
    counts = {change.kind: count for change, count in effect_of(page).counts().items()}
    assert counts[Kind.CHOICE_RETIRED] == 1
    republish(page)
    assert question_of(page, SOURCE).choices["a"].is_retired
    assert Response.objects.filter(**{f"answers__{SOURCE}": "a"}).count() == 1
    with pytest.raises(InvalidAnswers):
        answer(page.survey, extra={f"q_{SOURCE}": ["a"]})


def scale(*words, key="skala", code="p3"):
    points = [{"type": "item", "id": word, "value": {"label": word}} for word in words]
    return {"type": "scale", "id": key, "value": {"label": "Ruang tunggu?", "code": code, "points": points}}


def test_17_an_own_scale_that_changes_size_or_direction_begins_a_new_series(edit, page):
    edit(yes_no(), where(), scale("buruk", "cukup", "baik"))
    before = number(page)
    assert edit(yes_no(), where(), scale("buruk", "cukup", "baik", "prima")) == [Kind.SCALE]
    assert Kind.SCALE in edit(yes_no(), where(), scale("prima", "baik", "cukup", "buruk"))
    assert (before, number(page)) == ("2.0", "4.0")


def test_17_the_official_scale_cannot_change(page, stored):
    version = instrument()
    other = InstrumentVersion.objects.create(
        instrument=version.instrument, code="lima", name="Skala lima", regulation="-", year=2026, scale_max=5
    )
    for element in version.elements.all():
        element.pk, element.version = None, other
        element.options = element.options | {"5": {"id": "Prima"}}
        element.save()
    page.instrument_version = other
    assert effect_of(page).changes[0].kind is Kind.OFFICIAL_SCALE
    with pytest.raises(PublishingRefused):
        publish_questionnaire(page=page, now=NOON)


def test_18_a_question_never_changes_its_type(page, stored):
    as_text = {"type": "text", "id": QUESTION, "value": {"label": "Biaya?", "code": "p1"}}
    republish(page, questions=[as_text, where()])
    assert number(page) == "1.0"
    assert page.survey.current_version.definition["questions"][0]["type"] == "yes_no"
    assert effect_of(page).changes[0].kind is Kind.TYPE
    assert effect_of(page).refusals


def test_19_required_and_back_leaves_old_blanks_valid(edit, page):
    blank = answer(page.survey)
    assert edit(yes_no(required=True), where()) == [Kind.NOW_REQUIRED]
    assert edit(yes_no(), where()) == [Kind.NOW_OPTIONAL]
    assert (number(page), reopen(blank).answers) == ("1.0", {})


def test_20_narrower_limits_leave_stored_values(edit, page):
    def minutes(most):
        return {"type": "number", "id": "menit", "value": {"label": "Menit?", "code": "p3", "max": most}}

    edit(yes_no(), where(), minutes("600"))
    long_ago = answer(page.survey, extra={"q_menit": ["500"]})
    assert edit(yes_no(), where(), minutes("60")) == [Kind.LIMITS]
    assert reopen(long_ago).answers["menit"] == "500"


def test_21_a_required_question_that_nobody_reaches_is_refused_with_its_path(page, stored):
    lost = yes_no("Mengapa?", key="lanjut", code="p3", required=True)
    lost["value"]["show_if"] = {"question": "p2", "answers": "b"}
    republish(page, questions=[yes_no(), where(), lost])
    assert number(page) == "2.0"
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python(
        [yes_no(), where([CHOICES[0], ("c", "Teman")]), lost]
    )
    assert [(row.fault, row.where) for row in effect_of(page).problems] == [
        (Fault.UNKNOWN_CHOICE, "lanjut"), (Fault.UNREACHABLE_REQUIRED, "lanjut"),
    ]  # fmt: skip
    with pytest.raises(PublishingRefused):
        publish_questionnaire(page=page, now=NOON)
