"""Editing a survey with answers in, cases 22 to 38: services, versions on their way, copies, deletion, restores."""

import re
import threading
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Page

from core.periods import PeriodKind, period_from_key
from core.services import sync_roles
from core.triggers import drop
from surveys.changes import Kind
from surveys.index import MINIMUM_ANSWERS
from surveys.models import PostCount, PublishedIndex, QuestionnaireVersion, Response, Survey, SurveyPage
from surveys.selectors.forms import version_for
from surveys.selectors.freezing import content_hash
from surveys.selectors.groups import groups_for
from surveys.selectors.index import Subject
from surveys.selectors.results import ResultSubject
from surveys.selectors.trends import trend_for
from surveys.services import tallies
from surveys.services.editing import NotWhatWasShown, draft_of, publish_confirmed
from surveys.services.effects import effect_of
from surveys.services.responses import submit_response
from surveys.services.results import correct_result, publish_result
from surveys.services.retention import forget_old_texts, months_before
from surveys.tokens import new_token
from surveys.triggers import RULES
from tests.cms.factories import make_section
from tests.factories import ServiceFactory
from tests.surveys.editing import SOURCE, question_of, reopen, where
from tests.surveys.factories import NOON, answer, make_point, scores
from tests.surveys.pages import QUESTION, form_data, make_survey_page, republish, yes_no

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_page", "at_noon")]


def continued_as(service, *names):
    """The service ended yesterday; these took its place."""
    service.active_until = NOON.date() - timedelta(days=1)
    service.save()
    found = [ServiceFactory(agency=service.agency, code=name, name=name.title()) for name in names]
    service.successors.set(found)
    return found


@pytest.mark.portable
def test_22_a_poster_of_a_service_that_ended_offers_what_took_its_place(citizen, page, service):
    point = make_point(page.survey, service=service)
    url = reverse("surveys:point", args=[point.code])
    opened = form_data(citizen, url)
    continued_as(service, "surat", "denah")
    links = re.findall(r'href="([^"]+layanan=[^"]+)"', citizen.get(url).content.decode())
    assert [link.partition("layanan=")[2] for link in links] == ["denah", "surat"]
    form = citizen.get(links[1]).content.decode()
    assert f'value="{service.successors.get(code="surat").pk}" selected' in form
    # Whoever had the form open rated the service they used.
    assert citizen.post(url, opened).status_code == 303
    assert Response.objects.get().service == service


@pytest.mark.portable
def test_22_an_ended_service_without_successor_still_has_a_page(citizen, page, service):
    point = make_point(page.survey, service=service)
    continued_as(service)
    shown = citizen.get(reverse("surveys:point", args=[point.code]))
    assert (shown.status_code, shown.context["heirs"]) == (200, [])
    assert 'name="token"' not in shown.content.decode()


def make_survey(survey, service):
    """A copy of the survey about this one service."""
    return Survey.objects.create(
        title="Survei satu layanan",
        slug="satu-layanan",
        agency=survey.agency,
        service=service,
        instrument_version=survey.instrument_version,
        current_version=survey.current_version,
        is_open=True,
    )


@pytest.mark.portable
def test_22_the_list_of_surveys_leaves_out_one_of_a_service_that_ended(citizen, page, service):
    own = make_survey(page.survey, service)
    listed = reverse("surveys:list")
    assert reverse("surveys:form", args=[own.slug]) in citizen.get(listed).content.decode()
    continued_as(service, "surat")
    html = citizen.get(listed).content.decode()
    assert reverse("surveys:form", args=[own.slug]) not in html
    assert reverse("surveys:form", args=[page.survey.slug]) in html


@pytest.mark.portable
def test_22_the_successor_of_a_successor_is_offered(citizen, page, service):
    point = make_point(page.survey, service=service)
    (second,) = continued_as(service, "surat")
    continued_as(second, "loket")
    shown = citizen.get(reverse("surveys:point", args=[point.code]))
    assert [heir["name"] for heir in shown.context["heirs"]] == ["Loket"]


def test_23_merged_services_keep_their_answers_and_count_together_when_asked(page, service, agency):
    other = ServiceFactory(agency=agency, code="lama")
    first, second = answer(page.survey, 2, service=service), answer(page.survey, 4, service=other)
    (heir,) = continued_as(service, "surat")
    other.successors.add(heir)
    answer(page.survey, 3, service=heir)
    assert [reopen(row).service for row in (first, second)] == [service, other]
    assert counted(agency, "service") == {service.code: 1, "lama": 1, "surat": 1}
    assert counted(agency, "successor") == {"surat": 3}
    with pytest.raises(ProtectedError):
        service.delete()


def test_23_a_service_split_in_two_is_never_counted_with_either(page, service, agency):
    answer(page.survey, service=service)
    continued_as(service, "surat", "denah")
    assert counted(agency, "successor") == {service.code: 1}


def counted(agency, by):
    groups = groups_for(subject=Subject(agency=agency), start=None, end=None, by=by)
    return {group.key: group.figure.n for group in groups}


@pytest.mark.portable
def test_24_whoever_fills_in_keeps_the_version_shown(citizen, page):
    url = reverse("surveys:form", args=[page.survey.slug])
    opened = form_data(citizen, url, **{f"q_{QUESTION}": "yes"})
    republish(page, questions=[where()])
    assert citizen.post(url, opened).status_code == 303
    late = Response.objects.get()
    assert (late.version.number, late.answers, late.is_late) == ("1.0", {QUESTION: "yes"}, True)


@pytest.mark.portable
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


@pytest.mark.portable
def test_26_a_version_that_never_existed_is_not_stored(citizen, page):
    url = reverse("surveys:form", args=[page.survey.slug])
    invented = str(new_token(version_id=999_999, point_id=0, now=NOON))
    for token in (invented, f"x{invented}", ""):
        again = citizen.post(url, form_data(citizen, url) | {"token": token, "comment": "Panas"})
        assert (again.status_code, "Panas" in again.content.decode()) == (400, True)
    assert not Response.objects.exists()
    assert PostCount.objects.get().n == 3


@pytest.mark.portable
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


@pytest.mark.portable
def test_28_an_older_revision_brings_its_version_back(page):
    old, version = page.latest_revision, page.survey.current_version
    republish(page, questions=[where()])
    old.publish()
    page.refresh_from_db()
    assert Survey.objects.get().current_version == version
    assert QuestionnaireVersion.objects.count() == 2


@pytest.mark.portable
def test_29_a_half_typed_label_makes_no_identifier(section):
    key = str(uuid4())
    draft = make_survey_page(section, questions=[yes_no("Kec", key=key)], slug="rancangan", live=False)
    republish(draft, questions=[yes_no("Kecamatan Anda?", key=key)])
    asked = question_of(draft, key)
    assert (asked.code, asked.label(), len(asked.wordings)) == ("p1", "Kecamatan Anda?", 1)


@pytest.mark.portable
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


@pytest.mark.portable
def test_30_a_page_copied_with_its_section_has_questions_of_its_own_too(page, section):
    section.refresh_from_db()
    copied = section.copy(recursive=True, update_attrs={"slug": "salinan"}, keep_live=False)
    copy = SurveyPage.objects.descendant_of(copied).get()
    assert copy.questions[0].id != QUESTION
    assert copy.get_latest_revision_as_object().questions[0].id == copy.questions[0].id
    assert copy.question_origins[copy.questions[0].id] == QUESTION


@pytest.mark.portable
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


@pytest.mark.portable
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
@pytest.mark.portable
def test_34_written_answers_are_never_kept_longer_than_promised(page, stored, before, after, is_refused):
    Survey.objects.update(texts_kept_months=before)
    page = SurveyPage.objects.get()
    page.texts_kept_months = after
    assert (Kind.RETENTION in [change.kind for change in effect_of(page).changes]) is is_refused
    assert bool(effect_of(page).refusals) is is_refused


def test_34_what_people_wrote_is_forgotten_in_time_and_scores_stay(page, at_noon):
    page.texts_kept_months = 3
    republish(page, questions=[{"type": "text", "id": "kata", "value": {"label": "Apa?", "code": "p3"}}, where()])
    old = answer(page.survey, extra={"comment": ["Panas"], "q_kata": ["kipas"], f"q_{SOURCE}": ["a"]})
    new = answer(page.survey, at=NOON + timedelta(days=60), extra={"comment": ["Lama"]})
    assert forget_old_texts(NOON + timedelta(days=80)) == 0
    assert forget_old_texts(NOON + timedelta(days=100)) == 1
    assert forget_old_texts(NOON + timedelta(days=100)) == 0
    assert (reopen(old).comment, reopen(old).answers, reopen(old).score_1) == ("", {SOURCE: "a"}, 3)
    assert reopen(new).comment == "Lama"


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2024, 1, 15), 1, date(2023, 12, 15)),
        (date(2024, 3, 1), 24, date(2022, 3, 1)),
    ],
)
def test_34_months_are_counted_on_the_calendar(day, months, earlier):
    assert months_before(day, months) == earlier


def test_35_another_calendar_is_counted_from_the_days_and_published_periods_stay(page, regional_admin):
    for value, at in ((2, NOON - timedelta(days=60)), (4, NOON)):
        for _ in range(MINIMUM_ANSWERS):
            answer(page.survey, value, at=at)
    tallies.fold(now=NOON)
    agency, over = page.survey.agency, NOON + timedelta(days=90)
    who = {"subject": ResultSubject.of(agency), "actor": regional_admin, "now": over}
    quarter = publish_result(period=period_from_key("2024Q2"), **who)
    half = publish_result(period=period_from_key("2024S1"), **who)
    assert (quarter.n, quarter.index, half.n, half.index) == (MINIMUM_ANSWERS, 100, 2 * MINIMUM_ANSWERS, 75)
    series = {kind: trend_for(kind=kind, agency=agency) for kind in (PeriodKind.QUARTER, PeriodKind.SEMESTER)}
    assert [[point.figure.n for point in points] for points in series.values()] == [[10, 10], [20]]
    stored = PublishedIndex.objects.get(pk=quarter.pk)
    assert stored.content_hash == quarter.content_hash == content_hash(stored.content)


def test_36_a_correction_of_a_published_index_leaves_the_old_figure(page, regional_admin):
    for _ in range(MINIMUM_ANSWERS):
        answer(page.survey)
    quarter = period_from_key("2024Q2")
    subject, over = ResultSubject.of(page.survey.agency), NOON + timedelta(days=90)
    first = publish_result(subject=subject, period=quarter, actor=regional_admin, now=over)
    answer(page.survey, 1)
    second = correct_result(subject=subject, period=quarter, reason="Lembar susulan", actor=regional_admin, now=over)
    first.refresh_from_db()
    assert (first.revision, first.n, second.revision, second.n) == (1, MINIMUM_ANSWERS, 2, MINIMUM_ANSWERS + 1)
    assert first.index > second.index


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


@pytest.mark.pg
@pytest.mark.django_db(transaction=True)
def test_37_at_the_same_moment_one_of_two_editors_wins(page, stored, editor):
    republish(page, questions=[where()])
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python([yes_no()])
    page.save_revision()
    token, start, ends = effect_of(draft_of(page)).token, threading.Barrier(2), []

    def press():
        try:
            own = SurveyPage.objects.get(pk=page.pk)
            start.wait(timeout=20)
            publish_confirmed(page=own, token=token, actor=editor)
            ends.append("published")
        except NotWhatWasShown:
            ends.append("looks again")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["looks again", "published"]
    assert [version.number for version in QuestionnaireVersion.objects.order_by("pk")] == ["1.0", "2.0", "3.0"]
    assert Survey.objects.get().current_version.number == "3.0"


def test_38_after_a_bad_restore_nothing_is_published_in_that_survey(page, stored):
    drop(RULES, "default")
    damaged = page.survey.current_version.definition | {"profile": []}
    QuestionnaireVersion.objects.filter(pk=page.survey.current_version_id).update(definition=damaged)
    republish(page, questions=[where()])
    assert Survey.objects.get().current_version.number == "1.0"
    assert effect_of(SurveyPage.objects.get()).damaged
