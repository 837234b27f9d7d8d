"""Instruments as shipped, and that a version in use never changes by any door."""

import copy
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from surveys import triggers
from surveys.grade_tables import table_faults, with_uppers
from surveys.index import Method, WeightRule, compute
from surveys.models import Element, InstrumentVersion, InUse
from surveys.numbering import Numbering, numbered
from surveys.selectors.tallies import catalogue
from surveys.services.instruments import load_instruments, new_version
from tests.surveys.factories import SurveyFactory, instrument

SHIPPED = json.loads((Path(settings.FIXTURES_ROOT) / "instruments.json").read_text(encoding="utf-8"))
VERSIONS = {version["code"]: version for row in SHIPPED for version in row["versions"]}


# --- What is shipped ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "elements", "scale", "weight"),
    [
        ("skm-2004", 14, 4, "literal_0.071"),
        ("skm-2014", 9, 4, "exact"),
        ("skm-2017", 9, 4, "exact"),
        ("skm-2024-online", 9, 4, "exact"),
        ("spkp-2021", 8, 4, "exact"),
        ("spkp-2021-6", 8, 6, "exact"),
        ("spak-2021", 5, 4, "exact"),
        ("spak-2021-6", 5, 6, "exact"),
    ],
)
def test_every_instrument_has_its_elements_scale_and_answers(code, elements, scale, weight):
    version = VERSIONS[code]
    assert (len(version["elements"]), version["scale_max"], version["weight_rule"]) == (elements, scale, weight)
    for element in version["elements"]:
        assert sorted(element["options"], key=int) == [str(score) for score in range(1, scale + 1)]
        assert {"id", "en"} <= set(element["question"])
    orders = sorted(element["questionnaire_order"] for element in version["elements"])
    assert orders == sorted(element["list_order"] for element in version["elements"]) == list(range(1, elements + 1))


def test_every_shipped_grade_table_covers_its_range():
    for version in VERSIONS.values():
        table = with_uppers([(row["grade"], Decimal(row["lower"])) for row in version["bands"]])
        assert table_faults(table, version["scale_max"]) == [], version["code"]


def test_a_code_has_one_column_in_all_versions_of_its_instrument():
    for row in SHIPPED:
        slots = {}
        for version in row["versions"]:
            for element in version["elements"]:
                assert slots.setdefault(element["code"], element["slot"]) == element["slot"]


def test_what_is_not_certain_is_marked_and_not_offered():
    assert {code for code, version in VERSIONS.items() if not version["is_offered"]} == {"skm-2004", "skm-2024-online"}
    assert VERSIONS["skm-2024-online"]["certainty"] == "uncertain"


@pytest.mark.parametrize(
    ("index", "grade"),
    [("25", "D"), ("43.754", "D"), ("43.755", "C"), ("62.504", "C"), ("62.505", "B"), ("81.254", "B"),
     ("81.255", "A"), ("100", "A")],
)  # fmt: skip
@pytest.mark.django_db
def test_the_grades_of_2004_are_their_own(index, grade):
    method = instrument("skm-2004").method
    mean = Fraction(index) / 25
    totals = {"a": mean.numerator}
    result = compute(totals, mean.denominator, method=Method(bands=method.bands))
    assert result.band.grade == grade


@pytest.mark.django_db
def test_a_perfect_survey_of_2004_gives_99_40_with_the_printed_weight():
    version = instrument("skm-2004")
    result = compute(dict.fromkeys(version.elements.values_list("code", flat=True), 40), 10, method=version.method)
    assert str(result.printed) == "99.40"


def test_elements_eight_and_nine_are_numbered_as_the_report_chooses():
    lines = [_Line("sarana", 9, 8), _Line("pengaduan", 8, 9)]
    by_rule = {rule: [(number, line.code) for number, line in numbered(lines, rule)] for rule in Numbering}
    assert by_rule[Numbering.REGULATION] == [(8, "pengaduan"), (9, "sarana")]
    assert by_rule[Numbering.QUESTIONNAIRE] == [(8, "sarana"), (9, "pengaduan")]


class _Line:
    def __init__(self, code, list_order, questionnaire_order):
        self.code, self.element = code, self
        self.list_order, self.questionnaire_order = list_order, questionnaire_order


# --- Weights of their own -----------------------------------------------------------------------


def own(**weights):
    return Method(weight=WeightRule.OWN, weights=tuple((code, Fraction(value)) for code, value in weights.items()))


def test_weights_of_their_own_count_in_proportion_and_a_perfect_survey_gives_100():
    assert compute({"a": 10, "b": 40}, 10, method=own(a="3", b="1")).index == Fraction(25 * 7, 4)
    assert compute({"a": 40, "b": 40}, 10, method=own(a="0.2", b="0.1")).index == 100


def test_an_element_nobody_answered_takes_its_weight_along():
    result = compute({"a": 30, "b": 0}, 10, counts={"a": 10, "b": 0}, method=own(a="0.5", b="0.5"))
    assert result.index == 75


@pytest.mark.django_db
def test_a_version_reads_its_weights_from_its_elements():
    version = instrument("spak-2021")
    Element.objects.filter(version=version).update(weight=Decimal("0.1"))
    Element.objects.filter(version=version, code="pungli").update(weight=Decimal("0.6"))
    InstrumentVersion.objects.filter(pk=version.pk).update(weight_rule="own")
    method = InstrumentVersion.objects.get(pk=version.pk).method
    totals = dict.fromkeys(["diskriminasi", "kecurangan", "imbalan", "calo"], 10) | {"pungli": 40}
    assert compute(totals, 10, method=method).index == Fraction(25 * (4 + 24), 10)


# --- Used means kept ----------------------------------------------------------------------------


@pytest.fixture
def used(db):
    load_instruments(instruments=SHIPPED)
    return SurveyFactory().instrument_version


def test_loading_again_changes_nothing_and_a_corrected_note_is_taken(used):
    assert load_instruments(instruments=SHIPPED).unchanged == tuple(VERSIONS)
    rows = copy.deepcopy(SHIPPED)
    rows[0]["versions"][2]["source"] = "Lampiran dibaca"
    assert load_instruments(instruments=rows).updated == ("skm-2017",)
    assert InstrumentVersion.objects.get(code="skm-2017").source == "Lampiran dibaca"


def test_loading_another_meaning_for_a_used_version_is_refused(used, tmp_path):
    rows = copy.deepcopy(SHIPPED)
    rows[0]["versions"][2]["elements"][0]["options"]["1"]["id"] = "Buruk sekali"
    changed = tmp_path / "instruments.json"
    changed.write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(CommandError, match="skm-2017"):
        call_command("load_instruments", file=changed)
    assert Element.objects.get(version=used, code="persyaratan").options["1"]["id"] == "Tidak sesuai"


@pytest.mark.parametrize(
    "door",
    [
        lambda version: InstrumentVersion(pk=version.pk, code="x").save(),
        lambda version: InstrumentVersion.objects.get(pk=version.pk).delete(),
        lambda version: version.elements.first().save(),
        lambda version: version.elements.first().delete(),
        lambda version: Element(version=version, code="lain").save(),
    ],
)
def test_a_used_version_is_refused_by_its_own_methods(used, door):
    with pytest.raises(InUse):
        door(used)


@pytest.mark.parametrize(
    "door",
    [
        lambda version: InstrumentVersion.objects.filter(pk=version.pk).update(weight_rule="literal_0.11"),
        lambda version: InstrumentVersion.objects.filter(pk=version.pk).update(bands=[]),
        lambda version: InstrumentVersion.objects.filter(pk=version.pk).update(is_locked=False),
        lambda version: Element.objects.filter(version=version).update(slot=10),
        lambda version: Element.objects.filter(version=version)._raw_delete("default"),
        lambda version: Element.objects.bulk_create(
            [
                Element(
                    version=version, code="lain", slot=14, question={}, options={}, list_order=9, questionnaire_order=9
                )
            ]
        ),
    ],
)
def test_a_used_version_is_refused_by_the_database(used, door):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        door(used)


def test_notes_of_a_used_version_may_be_corrected(used):
    InstrumentVersion.objects.filter(pk=used.pk).update(is_offered=False, source="Salinan lampiran")
    used.refresh_from_db()
    used.certainty = "one_source"
    used.save(update_fields=["certainty"])
    assert InstrumentVersion.objects.get(pk=used.pk).certainty == "one_source"


def test_a_missing_guard_is_found_by_the_system_check(db):
    triggers.GUARDS.drop()
    assert {warning.id for warning in triggers.GUARDS.check(databases=["default"])} == {"surveys.W002"}
    # An upgrade meets tables without triggers, and migrate runs the checks before it makes them.
    assert all(not warning.is_serious() for warning in triggers.GUARDS.check(databases=["default"]))
    triggers.GUARDS.create()
    assert triggers.GUARDS.check(databases=["default"]) == []


# --- A new version from one in use --------------------------------------------------------------


def test_a_new_version_has_the_same_content_and_may_be_changed(used, region):
    draft = new_version(source=used, code="skm-2017-bkl", name="SKM Bangkalan", region=region)
    first = draft.elements.get(code="sarana")
    first.question = first.question | {"mad": "Baʼ-aremma…"}
    first.save()
    assert (draft.is_locked, draft.is_offered, draft.based_on) == (False, False, used)
    assert first.slot == used.elements.get(code="sarana").slot
    assert used.elements.get(code="sarana").question.keys() == {"id", "en"}


def test_versions_of_the_regency_stand_on_the_line_of_the_skm(used, region):
    draft = new_version(source=used, code="skm-2017-bkl", name="SKM Bangkalan", region=region)
    assert draft.pk in catalogue().versions
