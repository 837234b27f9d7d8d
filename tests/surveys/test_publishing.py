"""From the editor's page to a frozen questionnaire; what an edit does to it."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse

from core.services import sync_roles
from surveys.blocks import QuestionsBlock, as_questions
from surveys.forms import fixed_codes
from surveys.models import QuestionnaireVersion, Response, Survey, SurveyPage
from surveys.services.publishing import free_slug, kept_questions
from tests.cms.factories import make_section
from tests.factories import AgencyFactory
from tests.surveys.factories import SurveyFactory, answer
from tests.surveys.pages import QUESTION, republish, single, yes_no

pytestmark = [pytest.mark.django_db, pytest.mark.portable, pytest.mark.usefixtures("standing_plain_page", "at_noon")]


@pytest.fixture
def page(section):
    return SurveyPage.objects.get()


def test_publishing_makes_a_survey_and_freezes_its_questionnaire(page, agency):
    version = page.survey.current_version
    assert (page.survey.agency, page.survey.slug, version.number) == (agency, "dpupr-survei", "1.0")
    assert version.instrument_version.code == "skm-2017"
    assert version.instrument_version.is_locked
    assert [element["code"] for element in version.definition["elements"]][-2:] == ["sarana", "pengaduan"]
    assert version.definition["questions"][0]["id"] == QUESTION


def test_questions_are_kept_in_both_languages(page):
    version = page.survey.current_version
    assert "Bagaimana pendapat" in version.rendered["id"]
    assert "Bagaimana pendapat" not in version.rendered["en"]


def test_publishing_the_same_again_adds_no_version(page):
    republish(page, intro="Kata pengantar lain", title="Judul lain")
    assert page.survey.versions.count() == 1
    assert page.survey.title == "Judul lain"


def test_new_wording_counts_the_minor_number(page):
    republish(page, questions=[yes_no("Apakah ada pungutan liar?")])
    assert page.survey.current_version.number == "1.1"


def test_a_new_question_counts_the_major_number(page):
    republish(page, questions=[yes_no(), yes_no("Lagi?", key="b" * 8, code="p2")])
    assert page.survey.current_version.number == "2.0"


def test_going_back_reactivates_the_older_version(page):
    first = page.survey.current_version
    republish(page, questions=[])
    republish(page, questions=[yes_no()])
    assert page.survey.current_version == first
    assert page.survey.versions.count() == 2


def test_a_draft_changes_nothing_that_is_answered(page):
    page.questions = []
    page.save_revision()
    page.survey.refresh_from_db()
    assert page.survey.current_version.number == "1.0"


def test_a_draft_from_before_the_first_publication_keeps_the_survey(page):
    oldest = page.revisions.order_by("pk").first()
    assert oldest.as_object().survey == page.survey
    oldest.publish()
    assert Survey.objects.count() == 1


def test_unpublishing_closes_and_publishing_opens_again(page):
    page.unpublish()
    assert not Survey.objects.get().is_open
    SurveyPage.objects.get().save_revision().publish()
    assert Survey.objects.get().is_open


def test_deleting_the_page_leaves_survey_and_answers(page):
    answer(page.survey)
    page.delete()
    assert Response.objects.count() == 1
    assert Survey.objects.count() == 1


def test_no_survey_with_answers_can_be_deleted(page):
    answer(page.survey)
    with pytest.raises(ProtectedError):
        page.survey.delete()


def test_a_copy_collects_on_its_own(page):
    copy = page.copy(update_attrs={"slug": "salinan"}, keep_live=True)
    copy = republish(copy)
    assert copy.survey != page.survey
    assert copy.survey.slug == "dpupr-salinan"


def test_an_alias_never_collects(page):
    alias = page.create_alias(update_slug="cermin")
    republish(page, questions=[])
    alias.refresh_from_db()
    assert alias.survey is None
    assert Survey.objects.count() == 1


def test_addresses_are_unique_over_all_agencies(db):
    agency = AgencyFactory(code="y")
    SurveyFactory(slug="y-survei", agency=agency)
    assert free_slug(agency, "survei") == "y-survei-2"
    assert free_slug(AgencyFactory(code="x"), "survei") == "x-survei"


def test_a_release_with_other_words_makes_the_kept_questions_again_once(page, django_assert_num_queries):
    version = page.survey.current_version
    QuestionnaireVersion.objects.update(rendered={"id": "usang", "en": "stale", "made_with": "old"})
    version.refresh_from_db()
    with django_assert_num_queries(1):
        assert "Bagaimana pendapat" in kept_questions(version, "id")
    version.refresh_from_db()
    with django_assert_num_queries(0):
        kept_questions(version, "en")


# --- What the editor is told ------------------------------------------------------------


def cleaned(*questions):
    block = QuestionsBlock()
    return block.clean(block.to_python(list(questions)))


def test_codes_are_given_by_number_never_by_label():
    first, second = yes_no("?", code=""), yes_no("?", key="b" * 8, code="")
    assert [row["code"] for row in as_questions(cleaned(first, second))] == ["p1", "p2"]


def test_a_given_code_is_stepped_over():
    stream = cleaned(yes_no(code="p1"), yes_no(key="b" * 8, code=""))
    assert [row["code"] for row in as_questions(stream)] == ["p1", "p2"]


def test_choice_codes_are_letters_in_order():
    stream = cleaned(single([("", "Situs web"), ("", "Kantor desa")]))
    assert [row["code"] for row in as_questions(stream)[0]["choices"]] == ["a", "b"]


@pytest.mark.parametrize(
    "questions",
    [
        [yes_no(code="a1"), yes_no(key="b" * 8, code="A1")],
        [yes_no(code="submit_time")],
        [yes_no(code="CSRFmiddlewaretoken")],
        [yes_no(code="1a")],
        [yes_no(code="a b")],
        [yes_no("")],
        [yes_no("a" * 301)],
        [single([("a", "Satu")])],
        [single([("a", "Satu"), ("a", "Dua")])],
        [{"type": "number", "id": QUESTION, "value": {"label": "Umur", "min": "5", "max": "5"}}],
        [{"type": "rating", "id": QUESTION, "value": {"label": "Nilai", "points": 11}}],
    ],
    ids=["code twice", "reserved", "reserved in capitals", "digit first", "space", "no label", "label too long",
         "one choice", "choice code twice", "empty range", "scale too long"],
)  # fmt: skip
def test_a_faulty_question_is_refused(questions):
    with pytest.raises(ValidationError):
        cleaned(*questions)


def questions_of(*rows):
    return as_questions(QuestionsBlock().to_python(list(rows)))


def test_a_published_question_keeps_its_code():
    assert fixed_codes(questions_of(yes_no(code="p2")), questions_of(yes_no(code="p1")))
    assert not fixed_codes(questions_of(yes_no("Kata lain")), questions_of(yes_no()))


def test_the_code_of_a_retired_question_is_not_given_out_again():
    assert fixed_codes(questions_of(yes_no(key="b" * 8)), questions_of(yes_no()))


def test_a_published_choice_keeps_its_code():
    before = questions_of(single([("a", "Situs web"), ("b", "Kantor desa")]))
    assert fixed_codes(questions_of(single([("x", "Situs web"), ("b", "Kantor desa")])), before)
    assert not fixed_codes(questions_of(single([("b", "Kantor desa"), ("c", "Teman")])), before)
    assert not fixed_codes(questions_of(single([("a", "Laman"), ("b", "Kantor desa")])), before)


# --- In the Wagtail admin -----------------------------------------------------------------


def test_the_editor_sees_the_official_questions_and_cannot_edit_them(desk, page):
    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Bagaimana pendapat Saudara tentang kesesuaian persyaratan" in html
    assert "Ada tetapi tidak berfungsi" in html


def test_a_new_survey_page_opens_in_the_own_section_only(desk, section, region):
    other = make_section(AgencyFactory(region=region, code="dinkes"))
    add = "wagtailadmin_pages:add"
    assert desk.get(reverse(add, args=["surveys", "surveypage", section.pk])).status_code == 200
    assert desk.get(reverse(add, args=["surveys", "surveypage", other.pk])).status_code == 302


def test_an_editor_is_not_offered_services_of_others(desk, page, service):
    foreign = SurveyFactory().agency.services.create(code="asing", name="Layanan asing")
    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert service.name in html
    assert foreign.name not in html


def test_the_preview_shows_the_draft_and_has_no_button(desk, page, rf):
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([yes_no("Pertanyaan rancangan")])
    for mode in ("form", "landing"):
        html = page.make_preview_request(preview_mode=mode).render().content.decode()
        assert ("Pertanyaan rancangan" in html) is (mode == "form")
        assert 'name="token"' not in html


def test_a_page_with_answers_is_not_deleted_in_the_admin(client, page, regional_admin):
    answer(page.survey)
    sync_roles()
    client.force_login(regional_admin)
    for pk in (page.pk, page.get_parent().pk):
        response = client.post(reverse("wagtailadmin_pages:delete", args=[pk]), follow=True)
        assert page.title in response.content.decode()
    assert SurveyPage.objects.filter(pk=page.pk).exists()
