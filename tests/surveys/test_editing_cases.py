"""Editing a questionnaire with answers in: one test per numbered case, named after it.

Each case begins with a published survey and one answer to it, as an editor finds it. What a case promises about the
index, devices, publications or exports beyond the questionnaire itself is tested where those live.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Page

from core.services import sync_roles
from surveys.answers import InvalidAnswers
from surveys.blocks import RESERVED_CODES
from surveys.branching import Fault
from surveys.changes import Kind
from surveys.errors import PublishingRefused
from surveys.models import InstrumentVersion, QuestionnaireVersion, Response, Survey, SurveyPage
from surveys.selectors.forms import version_for
from surveys.selectors.questions import asked_questions
from surveys.services.editing import NotWhatWasShown, begin_anew, draft_of, publish_confirmed
from surveys.services.effects import effect_of
from surveys.services.publishing import publish_questionnaire
from surveys.services.responses import submit_response
from surveys.tokens import new_token
from tests.cms.factories import make_section, make_site
from tests.surveys.factories import NOON, answer, instrument, make_point, scores
from tests.surveys.pages import QUESTION, form_data, make_survey_page, republish, single, yes_no

pytestmark = pytest.mark.django_db
SOURCE = "5b1f66f0-45c4-4b43-8a1c-5a3f0f7c0b22"
CHOICES = [("a", "Situs web"), ("b", "Kantor desa")]


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def section(agency):
    make_site(agency.region)
    return make_section(agency)


def where(labels=CHOICES, **kwargs):
    return single(labels, key=SOURCE, code="p2", **kwargs)


@pytest.fixture
def page(section):
    return make_survey_page(section, questions=[yes_no(), where()])


@pytest.fixture
def stored(page):
    return answer(page.survey, extra={f"q_{QUESTION}": ["yes"], f"q_{SOURCE}": ["a"]})


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


def question_of(page, identifier):
    return next(row for row in asked_questions(page.survey) if row.id == identifier)


def number(page):
    return page.survey.current_version.number


def reopen(stored):
    return Response.objects.select_related("version").get(pk=stored.pk)


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


def test_22_a_poster_outlives_the_list_of_services(citizen, page, service):
    point = make_point(page.survey, service=service)
    service.active_until = NOON.date() - timedelta(days=1)
    service.save()
    republish(page, questions=[])
    assert citizen.get(reverse("surveys:point", args=[point.code])).status_code == 200


def test_23_merging_services_leaves_the_answers_where_they_were_given(page, service):
    given = answer(page.survey, service=service)
    service.active_until = NOON.date()
    service.save()
    assert reopen(given).service == service
    with pytest.raises(ProtectedError):
        service.delete()


def test_24_whoever_fills_in_keeps_the_version_shown(citizen, page):
    url = reverse("surveys:form", args=[page.survey.slug])
    opened = form_data(citizen, url, **{f"q_{QUESTION}": "yes"})
    republish(page, questions=[where()])
    assert citizen.post(url, opened).status_code == 303
    late = Response.objects.get()
    assert (late.version.number, late.answers, late.is_late) == ("1.0", {QUESTION: "yes"}, True)


def test_25_a_form_open_when_the_survey_closes_may_be_sent_for_half_an_hour(citizen, page, at_noon):
    url = reverse("surveys:form", args=[page.survey.slug])
    first, second = form_data(citizen, url), form_data(citizen, url)
    at_noon.shift(timedelta(minutes=1))
    page.unpublish()
    at_noon.shift(timedelta(minutes=20))
    assert citizen.get(url).status_code == 410
    assert citizen.post(url, first).status_code == 303
    assert "late" in Response.objects.get().flags.split()
    at_noon.shift(timedelta(minutes=20))
    assert citizen.post(url, second).status_code == 410


def test_26_a_version_that_never_existed_is_not_stored(citizen, page):
    url = reverse("surveys:form", args=[page.survey.slug])
    invented = str(new_token(version_id=999_999, point_id=0, now=NOON))
    for token in (invented, f"x{invented}", ""):
        assert citizen.post(url, form_data(citizen, url) | {"token": token}).status_code in {400, 422}
    assert not Response.objects.exists()


def test_27_an_answer_from_two_versions_ago_is_stored_under_its_own(page):
    version = page.survey.current_version
    republish(page, questions=[where()])
    republish(page, questions=[where(), yes_no("Puas?", key="baru", code="p3")])
    late = answer_under(page.survey, version, {f"q_{QUESTION}": ["yes"]})
    assert (late.version, late.answers, late.is_late) == (version, {QUESTION: "yes"}, True)


def answer_under(survey, version, extra):
    return submit_response(
        version=version_for(survey.slug, version.pk), point=None, answers=scores() | extra, key=uuid4(),
        channel="link", language="id", now=NOON,
    )  # fmt: skip


def test_28_an_older_revision_brings_its_version_back(page):
    old, version = page.latest_revision, page.survey.current_version
    republish(page, questions=[where()])
    old.publish()
    page.refresh_from_db()
    assert Survey.objects.get().current_version == version
    assert QuestionnaireVersion.objects.count() == 2


def test_29_a_half_typed_label_makes_no_identifier(section):
    draft = make_survey_page(section, questions=[yes_no("Kec", code="p1")], live=False)
    republish(draft, questions=[yes_no("Kecamatan Anda?", code="p1")])
    asked = question_of(draft, QUESTION)
    assert (asked.code, asked.label(), len(asked.wordings)) == ("p1", "Kecamatan Anda?", 1)


def test_30_a_copy_for_another_agency_has_settings_and_new_questions_but_no_answers(page, stored, other_agency):
    page.layout, page.languages, page.texts_kept_months = "per_question", ["id", "jv"], 12
    republish(page)
    copy = page.copy(to=make_section(other_agency), update_attrs={"slug": "salinan"})
    copy = republish(SurveyPage.objects.get(pk=copy.pk))
    assert (copy.survey.agency, copy.survey.responses.count()) == (other_agency, 0)
    assert (copy.layout, copy.languages, copy.survey.texts_kept_months) == ("per_question", ["id", "jv"], 12)
    origins = {row["derived_from"]: row["id"] for row in copy.survey.current_version.definition["questions"]}
    assert set(origins) == {QUESTION, SOURCE}
    assert not set(origins.values()) & {QUESTION, SOURCE}
    assert all(UUID(identifier) for identifier in origins.values())


def test_30_a_page_copied_with_its_section_has_questions_of_its_own_too(page, section):
    section.refresh_from_db()
    copied = section.copy(recursive=True, update_attrs={"slug": "salinan"}, keep_live=False)
    copy = SurveyPage.objects.descendant_of(copied).get()
    assert copy.questions[0].id != QUESTION
    assert copy.get_latest_revision_as_object().questions[0].id == copy.questions[0].id
    assert copy.question_origins[copy.questions[0].id] == QUESTION


def test_31_an_alias_shows_the_survey_and_collects_nothing_of_its_own(citizen, page):
    alias = page.create_alias(update_slug="cermin")
    republish(page, questions=[where()])
    alias.refresh_from_db()
    assert (alias.survey, Survey.objects.count()) == (None, 1)
    assert alias.questions[0].id == SOURCE
    assert page.survey.slug in citizen.get(alias.get_full_url()).content.decode()


def test_32_answers_outlive_their_page_and_a_raw_delete_is_refused(page, stored):
    for table, pk in [("survey", page.survey_id), ("questionnaireversion", stored.version_id)]:
        with pytest.raises(DatabaseError), transaction.atomic():
            delete_raw(table, pk)
    page.delete()
    assert Response.objects.count() == 1


def delete_raw(table, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM surveys_{table} WHERE id = %s", [pk])
    connection.check_constraints()


def test_33_the_tree_above_a_survey_with_answers_is_not_deleted(client, page, stored, regional_admin):
    sync_roles()
    client.force_login(regional_admin)
    above = page.get_parent()
    response = client.post(reverse("wagtailadmin_pages:delete", args=[above.pk]), follow=True)
    assert page.title in response.content.decode()
    assert Page.objects.filter(pk__in=[above.pk, page.pk]).count() == 2


@pytest.mark.parametrize(("before", "after", "is_refused"), [
    (None, 6, False), (12, 6, False), (12, 12, False), (12, 24, True), (12, None, True),
])  # fmt: skip
def test_34_written_answers_are_never_kept_longer_than_promised(page, stored, before, after, is_refused):
    Survey.objects.update(texts_kept_months=before)
    page = SurveyPage.objects.get()
    page.texts_kept_months = after
    assert (Kind.RETENTION in [change.kind for change in effect_of(page).changes]) is is_refused
    assert bool(effect_of(page).refusals) is is_refused


def test_35_the_calendar_of_periods_is_no_part_of_an_answer(stored):
    """Quarters or half-years are read from the day; published periods are kept apart (test_results.py)."""
    assert reopen(stored).period_on == NOON.date()
    assert not {field.name for field in Response._meta.fields} & {"quarter", "period", "semester"}


def test_37_of_two_editors_one_publishes_and_the_other_looks_again(page, stored, editor):
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([where()])
    page.save_revision()
    seen_by_both = effect_of(draft_of(page)).token
    publish_confirmed(page=page, token=seen_by_both, actor=editor)
    page.refresh_from_db()
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([yes_no()])
    page.save_revision()
    with pytest.raises(NotWhatWasShown):
        publish_confirmed(page=page, token=seen_by_both, actor=editor)
    assert Survey.objects.get().current_version.number == "2.0"
