"""The editor's desk: what is refused beside its block, what is shown before publishing, the question library."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import PageLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.services.sections import ensure_workflow
from core.services import sync_roles
from surveys.models import QuestionSet, Survey, SurveyPage
from surveys.services.editing import insert_question_sets, save_as_question_set
from tests.surveys.factories import NOON, answer
from tests.surveys.pages import QUESTION, republish, single, yes_no

pytestmark = [pytest.mark.django_db, pytest.mark.portable, pytest.mark.usefixtures("standing_plain_page", "at_noon")]
BLANK = {f"{name}_{language}": "" for name in ("label", "help") for language in ("en", "jv", "mad")} | {
    f"audio_{language}": "" for language in ("id", "en", "jv", "mad")
}


@pytest.fixture
def page(section):
    return SurveyPage.objects.get()


def block(label, *, kind="yes_no", key=QUESTION, code="p1", condition=("", ""), **values):
    shown = {"label": label, "help": "", "required": "", "code": code, **BLANK, **values}
    shown["show_if"] = {"question": condition[0], "answers": condition[1]}
    return kind, shown, key


def editor_form(page, *blocks, **values):
    """What the browser posts from the editor of a survey page."""
    stream = streamfield([(kind, value) for kind, value, _key in blocks])
    stream |= {f"{place}-id": key for place, (_kind, _value, key) in enumerate(blocks)}
    texts = {f"{name}_{language}": "" for name in ("title", "intro", "closing") for language in ("en", "jv", "mad")}
    fields = {
        "title": page.title, "slug": page.slug, "instrument_version": page.instrument_version_id, "service": "",
        "audience": "public", "intro": "", "closing": "", "layout": "one_page",
        "asks_comment": "on", "asks_profile": "on", "asks_reason": "on", "questions": stream,
        "official_wording": streamfield([]), "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, **texts,
    }  # fmt: skip
    return nested_form_data(fields | values) | {"languages": ["id", "en"]}


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def confirm_url(page):
    return reverse("survey_confirm", args=[page.pk])


def test_without_answers_publishing_asks_nothing(desk, page):
    response = desk.post(edit_url(page), editor_form(page, block("Lain?")) | {"action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    assert response.url != confirm_url(page)
    assert Survey.objects.get().current_version.number == "1.1"


def test_with_answers_the_effect_is_read_before_anything_is_published(desk, page):
    answer(page.survey, extra={f"q_{QUESTION}": ["yes"]})
    response = desk.post(edit_url(page), editor_form(page) | {"action-publish": "1"})
    assert response.url == confirm_url(page)
    assert Survey.objects.get().current_version.number == "1.0"
    shown = desk.get(confirm_url(page))
    assert "Apakah diminta biaya di luar tarif?" in shown.content.decode()
    assert list(shown.context["counts"].values()) == [1]
    desk.post(confirm_url(page), {"token": shown.context["effect"].token})
    assert Survey.objects.get().current_version.number == "2.0"


def test_what_was_not_shown_is_not_confirmed(desk, page):
    answer(page.survey)
    page.questions = []
    page.save_revision()
    assert desk.post(confirm_url(page), {"token": "lama"}).url == confirm_url(page)
    assert Survey.objects.get().current_version.number == "1.0"


def test_an_editor_says_that_a_question_means_something_else_now(desk, page):
    answer(page.survey)
    desk.post(edit_url(page), editor_form(page, block("Berapa kali?")) | {"action-publish": "1"})
    desk.post(confirm_url(page), {"anew": [QUESTION]})
    effect = desk.get(confirm_url(page)).context["effect"]
    assert [change.kind for change in effect.changes] == ["added_optional", "retired"]


@pytest.mark.parametrize(
    ("condition", "field"), [(("p9", "a"), "question"), (("p1", "yes"), "question"), (("waktu", "9"), "answers")]
)
def test_an_impossible_condition_is_refused_beside_its_block(desk, page, condition, field):
    data = editor_form(page, block("Mengapa?", condition=condition))
    response = desk.post(edit_url(page), data | {"action-publish": "1"})
    error = response.context["form"].errors.as_data()["questions"][0]
    assert list(error.as_json_data()["blockErrors"][0]["blockErrors"]["show_if"]["blockErrors"]) == [field]
    assert Survey.objects.get().current_version.number == "1.0"


def test_the_same_is_kept_as_a_draft(desk, page):
    data = editor_form(page, block("Mengapa?", condition=("p9", "a")), block("", key="b" * 36, code=""))
    assert desk.post(edit_url(page), data).status_code == 302
    draft = SurveyPage.objects.get().get_latest_revision_as_object()
    assert [row.value["label"] for row in draft.questions] == ["Mengapa?", ""]
    assert desk.get(edit_url(page)).status_code == 200


def test_a_request_for_an_identity_number_is_named_but_not_refused(desk, page):
    data = editor_form(page, block("Tulis NIK Anda", kind="text", key="b" * 36, code="p2"))
    desk.post(edit_url(page), data)
    assert "NIK" in desk.get(edit_url(page)).content.decode().split("effect__group--warning")[1][:600]


def test_another_agencys_editor_sees_neither_screen(client, page, other_officer):
    client.force_login(other_officer)
    for name in ("survey_confirm", "survey_library_insert"):
        assert client.get(reverse(name, args=[page.pk])).status_code in {302, 403, 404}


def test_pages_published_together_are_not_published_past_the_screen(desk, page):
    answer(page.survey)
    page.questions = []
    page.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    desk.post(f"{url}?id={page.pk}", {"include_descendants": ""})
    assert Survey.objects.get().current_version.number == "1.0"


def test_a_scheduled_draft_is_confirmed_now_and_published_then(desk, page, at_noon):
    answer(page.survey)
    page.questions, page.go_live_at = [], NOON + timedelta(days=1)
    page.save_revision()
    desk.post(confirm_url(page), {"token": desk.get(confirm_url(page)).context["effect"].token})
    assert Survey.objects.get().current_version.number == "1.0"
    at_noon.shift(timedelta(days=2))
    call_command("publish_scheduled")
    assert Survey.objects.get().current_version.number == "2.0"


def test_a_schedule_never_publishes_what_must_not_be_published(page, at_noon):
    answer(page.survey)
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([yes_no("???")])
    page.go_live_at = NOON + timedelta(days=1)
    page.save_revision().publish()
    at_noon.shift(timedelta(days=2))
    call_command("publish_scheduled")
    assert Survey.objects.get().current_version.number == "1.0"
    assert PageLogEntry.objects.filter(action="surveys.refused", page=page.pk).count() == 1


def test_an_approved_draft_becomes_a_version(client, page, section, editor, agency_head):
    answer(page.survey)
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([])
    page.save_revision()
    ensure_workflow(section.get_parent().get_parent())
    page.get_workflow().start(page, editor)
    sync_roles()
    client.force_login(agency_head)
    state = page.current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {"comment": ""})
    assert Survey.objects.get().current_version.number == "2.0"


# --- The library ------------------------------------------------------------------------------------


def test_a_set_is_copied_with_new_ids_free_codes_and_its_conditions(page, editor, agency):
    follow = yes_no("Berapa lama?", key="lanjut", code="p2")
    follow["value"]["show_if"] = {"question": "p1", "answers": "yes"}
    republish(page, questions=[yes_no("Antre?"), follow])
    kept = save_as_question_set(page=page, agency=agency, title="Antrean")
    insert_question_sets(page=page, sets=[kept], actor=editor)
    page = republish(SurveyPage.objects.get().get_latest_revision_as_object())
    asked = page.survey.current_version.definition["questions"]
    assert [row["code"] for row in asked] == ["p1", "p2", "p3", "p4"]
    assert asked[3]["show_if"] == {"field": f"q_{asked[2]['id']}", "any_of": ["yes"]}
    assert len({row["id"] for row in asked}) == 4
    assert asked[2]["derived_from"] == kept.questions[0].id


def test_the_code_of_a_retired_question_is_not_given_to_a_copy(page, editor, agency):
    kept = save_as_question_set(page=page, agency=agency, title="Biaya")
    republish(page, questions=[])
    insert_question_sets(page=page, sets=[kept], actor=editor)
    assert SurveyPage.objects.get().get_latest_revision_as_object().questions[0].value["code"] == "p2"


def test_sets_are_offered_to_the_own_agency_and_shared_ones_to_the_region(desk, page, other_agency, editor):
    question = QuestionSet._meta.get_field("questions").stream_block.to_python([single([("a", "A"), ("b", "B")])])
    rows = [
        ("Milik sendiri", page.survey.agency, False),
        ("Dibagikan", other_agency, True),
        ("Rahasia", other_agency, False),
    ]
    for title, owner, shared in rows:
        QuestionSet.objects.create(title=title, agency=owner, is_shared=shared, questions=question)
    html = desk.get(reverse("survey_library_insert", args=[page.pk])).content.decode()
    assert ["Milik sendiri" in html, "Dibagikan" in html, "Rahasia" in html] == [True, True, False]
    shared = QuestionSet.objects.get(title="Dibagikan")
    assert desk.get(reverse("question_sets:edit", args=[shared.pk])).status_code in {302, 403}


def test_an_editor_copies_and_keeps_questions_without_code(desk, page):
    url = reverse("survey_library_insert", args=[page.pk])
    desk.post(url, {"keep": "1", "title": "Biaya", "note": ""})
    kept = QuestionSet.objects.get()
    desk.post(url, {"sets": [kept.pk]})
    assert len(SurveyPage.objects.get().get_latest_revision_as_object().questions) == 2
