"""Instruments, published versions and service points."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from surveys.definition import semantic_hash
from surveys.errors import WrongPlace
from surveys.models import Element, InstrumentVersion, ServicePoint, Survey
from surveys.models.instruments import InUse
from surveys.selectors.forms import open_survey, point_for, version_for
from surveys.services.points import create_point, retire_point, rotate_code
from surveys.services.versions import define, publish_version
from tests.factories import ServiceFactory
from tests.surveys.factories import COMMENT, SurveyFactory, answer, instrument, make_point

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 6, 1, tzinfo=UTC)


# --- Instruments --------------------------------------------------------------------------------


def test_the_two_instruments_differ_in_one_element_and_in_its_number():
    new, old = instrument("skm-2017"), instrument("skm-2014")
    codes = {version.code: set(version.elements.values_list("code", flat=True)) for version in (new, old)}
    assert codes["skm-2017"] ^ codes["skm-2014"] == {"sarana", "maklumat"}
    assert len(codes["skm-2017"]) == len(codes["skm-2014"]) == 9


def test_facilities_and_complaints_swap_places_between_the_two_official_orders():
    elements = {element.code: element for element in instrument().elements.all()}
    assert (elements["pengaduan"].list_order, elements["pengaduan"].questionnaire_order) == (8, 9)
    assert (elements["sarana"].list_order, elements["sarana"].questionnaire_order) == (9, 8)


def test_every_element_brings_its_own_four_answers_in_both_languages():
    instrument()
    for element in Element.objects.filter(version__code__in=["skm-2014", "skm-2017"]):
        assert list(element.options) == ["1", "2", "3", "4"]
        assert all(label["id"] and label["en"] for label in element.options.values())
        assert element.question["id"].startswith("Bagaimana pe")
    cost = Element.objects.get(version__code="skm-2017", code="biaya")
    assert [label["id"] for label in cost.options.values()] == ["Sangat mahal", "Cukup mahal", "Murah", "Gratis"]


def test_loading_instruments_twice_changes_nothing(capsys):
    call_command("load_instruments")
    before = list(Element.objects.values_list("pk", flat=True))
    call_command("load_instruments")
    assert f"0 created, 0 updated, {InstrumentVersion.objects.count()} unchanged" in capsys.readouterr().out
    assert list(Element.objects.values_list("pk", flat=True)) == before


def changed_instruments(tmp_path, settings):
    rows = json.loads((settings.FIXTURES_ROOT / "instruments.json").read_text(encoding="utf-8"))
    versions = {version["code"]: version for row in rows for version in row["versions"]}
    versions["skm-2017"]["elements"][0]["question"]["id"] = "Pertanyaan lain?"
    path = tmp_path / "instruments.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def test_an_unused_version_is_corrected(tmp_path, settings):
    instrument()
    call_command("load_instruments", file=changed_instruments(tmp_path, settings))
    assert Element.objects.get(version__code="skm-2017", code="persyaratan").question["id"] == "Pertanyaan lain?"


def test_a_used_version_is_never_changed(tmp_path, settings):
    survey = SurveyFactory()
    with pytest.raises(CommandError, match="skm-2017"):
        call_command("load_instruments", file=changed_instruments(tmp_path, settings))
    element = Element.objects.get(version=survey.instrument_version, code="persyaratan")
    assert element.question["id"].startswith("Bagaimana pendapat")


def test_a_scale_outside_the_columns_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        InstrumentVersion.objects.filter(pk=instrument().pk).update(scale_max=11)


# --- Versions -----------------------------------------------------------------------------------


def definition_of(survey, **kwargs):
    return define(instrument_version=survey.instrument_version, **{"comment": COMMENT, **kwargs})


def test_publishing_locks_the_instrument_and_starts_at_one():
    survey = SurveyFactory()
    assert survey.current_version.number == "1.0"
    assert InstrumentVersion.objects.get(pk=survey.instrument_version_id).is_locked


def test_new_wording_counts_the_minor_number_and_a_new_question_the_major_one():
    survey = SurveyFactory()
    wording = definition_of(survey, comment={"label": {"id": "Kritik dan saran"}})
    question = {"id": "b7", "code": "x", "type": "yes_no", "label": {"id": "Antre?"}}
    assert publish_version(survey=survey, definition=wording, now=NOW).number == "1.1"
    assert (
        publish_version(survey=survey, definition=definition_of(survey, questions=[question]), now=NOW).number == "2.0"
    )
    assert survey.versions.count() == 3


def test_publishing_an_old_content_again_reactivates_its_version():
    survey = SurveyFactory()
    first = survey.current_version
    publish_version(survey=survey, definition=definition_of(survey, comment=None), now=NOW)
    again = publish_version(survey=survey, definition=first.definition, now=NOW, rendered={"id": "<p>baru</p>"})
    assert again.pk == first.pk
    assert again.rendered == {"id": "<p>baru</p>"}
    assert Survey.objects.get(pk=survey.pk).current_version_id == first.pk


def test_old_meaning_with_new_wording_continues_its_major_number():
    survey = SurveyFactory()
    publish_version(survey=survey, definition=definition_of(survey, comment=None), now=NOW)
    reworded = definition_of(survey, comment={"label": {"id": "Masukan"}})
    version = publish_version(survey=survey, definition=reworded, now=NOW)
    assert version.number == "1.1"
    assert version.semantic_hash == semantic_hash(survey.versions.get(major=1, minor=0).definition)


def test_a_form_costs_one_query(django_assert_num_queries):
    survey = SurveyFactory(slug="izin")
    with django_assert_num_queries(1):
        found = open_survey("izin")
        assert (found.current_version.number, found.agency.region.zone.key) == ("1.0", "Asia/Jakarta")
    with django_assert_num_queries(1):
        assert version_for("izin", survey.current_version_id).survey.agency.region.code == "35.26"
    assert version_for("lain", survey.current_version_id) is None


def test_a_closed_or_unpublished_survey_is_not_open():
    survey = SurveyFactory(slug="izin", is_open=False)
    assert open_survey("izin") is None
    Survey.objects.filter(pk=survey.pk).update(is_open=True, current_version=None)
    assert open_survey("izin") is None


# --- Points -------------------------------------------------------------------------------------


def test_a_poster_leads_to_its_point_with_one_query(django_assert_num_queries):
    point = make_point(SurveyFactory(), name="Loket 3")
    with django_assert_num_queries(1):
        found = point_for(point.printed_code.lower())
        assert (found.name, found.survey.agency.region.code) == ("Loket 3", "35.26")


def test_a_forged_code_costs_no_query(django_assert_num_queries):
    point = make_point(SurveyFactory())
    forged = ("1" if point.code[0] == "0" else "0") + point.code[1:]
    with django_assert_num_queries(0):
        assert point_for(forged) is None
        assert point_for("'; drop table") is None


def test_a_rotated_code_is_kept_with_its_reason_and_opens_nothing(editor):
    point = make_point(SurveyFactory())
    old = point.code
    fresh = rotate_code(point=point, reason="Stiker ditimpa", now=NOW, actor=editor)
    assert point_for(old) is None
    assert point_for(fresh.code).pk == point.pk
    kept = fresh.previous_codes.get()
    assert (kept.code, kept.reason, kept.revoked_by) == (old, "Stiker ditimpa", editor)


def test_a_retired_point_keeps_its_answers_and_opens_nothing():
    survey = SurveyFactory()
    point = make_point(survey)
    answer(survey, point=point, channel="qr")
    retired = retire_point(point=point, reason="Loket tutup", now=NOW)
    assert point_for(retired.code) is None
    assert retired.responses.count() == 1


def test_revoking_needs_a_reason():
    point = make_point(SurveyFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        rotate_code(point=point, reason="", now=NOW)
    assert ServicePoint.objects.get(pk=point.pk).code == point.code


def test_a_point_cannot_serve_another_agencys_service():
    with pytest.raises(WrongPlace):
        create_point(survey=SurveyFactory(), name="Loket", service=ServiceFactory())


@pytest.mark.parametrize(
    "relation", ["survey", "version", "instrument_version", "service_point", "service", "agency", "region"]
)
def test_nothing_an_answer_points_at_can_be_deleted(relation):
    service = ServiceFactory()
    survey = SurveyFactory(agency=service.agency)
    response = answer(survey, point=make_point(survey, service=service), channel="qr")
    with pytest.raises((ProtectedError, InUse)):
        getattr(response, relation).delete()


def test_only_the_own_agencys_surveys_points_and_answers_are_visible(agency, officer, other_officer, auditor):
    survey = SurveyFactory(agency=agency)
    point = make_point(survey)
    response = answer(survey, point=point, channel="qr")
    for row in (survey, point, response):
        rows = type(row).objects
        assert list(rows.visible_to(officer)) == [row]
        assert list(rows.visible_to(auditor)) == [row]
        assert list(rows.visible_to(other_officer)) == []
