"""A topic's own questions: data with limits, versions, asked of citizens and officers without a script."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.workflows.factories import make_receipt
from tests.workflows.test_calendar_screens import at_second_sight
from tests.workflows.test_filing_page import ADDRESS, TYPED, token_of
from tests.workflows.test_tracking import grant
from workflows.models import CaseAnswers, Category, CategoryVersion, Complaint
from workflows.questions import BadQuestions, answered, misused_ids, read_questions
from workflows.services.questions import publish_questions
from workflows.services.traces import LOGGED

LAMP = {"id": "lampu", "kind": "number", "label": {"id": "Berapa lampu?"}, "required": True}
POLE = {
    "id": "tiang",
    "kind": "choice",
    "label": {"id": "Jenis tiang", "en": "Kind of pole"},
    "choices": [{"code": "a", "label": {"id": "Besi"}}, {"code": "b", "label": {"id": "Kayu", "en": "Wood"}}],
}


@pytest.mark.parametrize(
    "rows",
    [
        {},
        [LAMP] * 2,
        [{**LAMP, "id": f"q{n}"} for n in range(13)],
        [{**LAMP, "kind": "code"}],
        [{**LAMP, "kind": "python", "run": "import os"}],
        [{**LAMP, "id": "__class__"}],
        [{**LAMP, "label": {"en": "How many?"}}],
        [{**LAMP, "label": {"id": "x" * 201}}],
        [{**LAMP, "required": "yes"}],
        [{**POLE, "choices": POLE["choices"][:1]}],
        [{**POLE, "choices": POLE["choices"][:1] * 2}],
        [{**POLE, "choices": [{"code": f"c{n}", "label": {"id": "x"}} for n in range(16)]}],
    ],
)
def test_a_list_that_breaks_the_schema_is_refused(rows):
    with pytest.raises(BadQuestions):
        read_questions(rows)


def test_an_id_keeps_its_kind_and_answers_their_words():
    before, after = read_questions([LAMP, POLE]), read_questions([{**LAMP, "kind": "text"}, POLE])
    assert misused_ids(after, before) == ["lampu"]
    assert misused_ids(before[:1], before) == []
    assert answered(before, {"tiang": "b", "hilang": "x"}, "en") == [("Kind of pole", "Wood")]


@pytest.fixture
def topic(regional_admin, region):
    category = Category.objects.create(region=region, code="lampu", name="Lampu jalan")
    publish_questions(category=category, rows=[LAMP, POLE], actor=regional_admin)
    return category


@pytest.mark.django_db
def test_the_form_asks_once_the_topic_is_known_and_keeps_everything(client, website, topic):
    token = token_of(client.get(ADDRESS))
    sent = {**TYPED, "token": token, "category": "lampu"}
    more = client.post(ADDRESS, sent)
    page = more.content.decode()
    assert not Complaint.objects.exists()
    assert 'name="x_lampu"' in page
    assert TYPED["body"] in page

    sent["asked"] = more.context["asked"]
    assert client.post(ADDRESS, sent).status_code == 422, "a required one is missing"
    assert client.post(ADDRESS, {**sent, "x_lampu": "tiga"}).status_code == 422
    assert client.post(ADDRESS, {**sent, "x_lampu": "3", "x_tiang": "z"}).status_code == 422
    client.post(ADDRESS, {**sent, "x_lampu": "3", "x_tiang": "b", "x_hilang": "apa"})
    kept = CaseAnswers.objects.get()
    assert (kept.answers, kept.version.number) == ({"lampu": "3", "tiang": "b"}, 1)


@pytest.mark.django_db
def test_a_newer_version_is_asked_and_the_older_answers_stay(client, website, topic, regional_admin):
    token = token_of(client.get(ADDRESS))
    sent = {**TYPED, "token": token, "category": "lampu", "asked": str(CategoryVersion.objects.get().pk)}
    publish_questions(category=topic, rows=[LAMP], actor=regional_admin)
    assert client.post(ADDRESS, {**sent, "x_lampu": "3"}).context["asked"] != sent["asked"]
    assert not Complaint.objects.exists()
    assert publish_questions(category=topic, rows=[LAMP], actor=regional_admin).number == 2


@pytest.mark.portable
@pytest.mark.django_db
def test_the_editor_publishes_versions_and_only_for_the_own_region(client, regional_admin, verifier, topic):
    page = reverse("intake:questions", args=[topic.pk])
    client.force_login(verifier)
    assert client.get(page).status_code != 200
    client.force_login(regional_admin)
    assert "Berapa lampu?" in client.get(page).content.decode()
    typed = {"q-TOTAL_FORMS": "3", "q-INITIAL_FORMS": "2", "q-0-id": "lampu", "q-0-label_id": "Berapa lampu padam?"}
    # A browser sends the first choice of a row left blank, too.
    typed |= {"q-1-DELETE": "on", "q-2-kind": "text"}
    assert client.post(page, {**typed, "q-0-kind": "text", "q-0-ORDER": "1"}).status_code == 422
    typed |= {"q-0-kind": "number", "q-0-ORDER": "1"}
    draft = client.post(page, typed)
    assert (draft.context["is_draft"], CategoryVersion.objects.count()) == (True, 1)
    assert "Berapa lampu padam?" in str(draft.context["preview"])
    client.post(page, {**typed, "q-0-label_id": "Lain?", "publish": "1", "previewed": draft.context["previewed"]})
    assert CategoryVersion.objects.count() == 1
    client.post(page, {**typed, "publish": "1", "previewed": draft.context["previewed"]})
    newest = CategoryVersion.objects.order_by("-number").first()
    assert (newest.number, newest.questions[0]["id"]) == (2, "lampu")

    national = Category.objects.create(code="umum", name="Umum")
    assert client.get(reverse("complaint_topics:index")).status_code == 200
    assert client.get(reverse("complaint_topics:edit", args=[topic.pk])).status_code == 200
    assert client.get(reverse("intake:questions", args=[national.pk])).status_code == 200


@pytest.mark.portable
@pytest.mark.django_db
def test_a_topic_is_previewed_with_the_open_cases_it_touches_and_its_old_name_kept(
    client, regional_admin, topic, people
):
    make_receipt(topic.region, category=topic)
    make_receipt(topic.region)
    client.force_login(regional_admin)
    page = reverse("complaint_topics:edit", args=[topic.pk])
    typed = {"name": "Penerangan jalan", "active_until": "2027-01-01", "position": "100"}
    seen = at_second_sight(client, page, typed)
    topic.refresh_from_db()
    assert (seen["touched"], topic.name) == (1, "Penerangan jalan")
    changed = ModelLogEntry.objects.get(action=LOGGED).data["changed"]
    assert changed == {"name": ["Lampu jalan", "Penerangan jalan"], "active_until": [None, "2027-01-01"]}


@pytest.mark.portable
@pytest.mark.django_db
def test_the_desk_reads_the_answers(client, verifier, website, topic, people):
    version = CategoryVersion.objects.get()
    draft = {"category": topic, "answers": {"lampu": "3", "tiang": "b"}, "asked_in": version}
    case = make_receipt(topic.region, **draft).complaint
    client.force_login(verifier)
    assert "Jenis tiang" in client.get(reverse("complaints:case", args=[case.reference])).content.decode()


@pytest.mark.portable
@pytest.mark.django_db
def test_the_reporter_reads_what_was_written_and_answered(client, website, topic, people):
    draft = {"category": topic, "answers": {"lampu": "3", "tiang": "b"}, "asked_in": CategoryVersion.objects.get()}
    case = make_receipt(topic.region, **draft).complaint
    publish_questions(category=topic, rows=[{**LAMP, "label": {"id": "Lain sekali?"}}], actor=people["admin"])
    grant(client, case)
    page = client.get("/aduan/lacak/kasus/").content.decode()
    assert [words in page for words in (case.body, "Berapa lampu?", "Kayu", "Lain sekali?")] == [True] * 3 + [False]
