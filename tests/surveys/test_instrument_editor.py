"""A regency defines an instrument without code; what the law fixed or answers rest on stays as it is."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from surveys.models import Element, Instrument, InstrumentVersion
from surveys.services.instruments import new_version
from tests.factories import RegionFactory, UserFactory
from tests.surveys.factories import SurveyFactory, instrument

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
GRADES = "A; Sangat baik; 88.31; 100\nB; Baik; 76,61; 88,30\nC; Kurang; 65.00; 76.60\nD; Buruk; 25.00; 64.99"
ANSWERS = "Tidak baik\nKurang baik\nBaik\nSangat baik"


@pytest.fixture
def own(region):
    return Instrument.objects.create(code="layanan-desa", name="Layanan desa", region=region)


def row(place, number, code, **changes):
    fields = {
        "id": "", "DELETE": "", "code": code, "name": code.title(), "name_en": code, "weight": "",
        "list_order": number, "questionnaire_order": number,
        "question_id": f"Bagaimana {code}?", "options_id": ANSWERS,
        **{f"{name}_{language}": "" for name in ("question", "options") for language in ("en", "jv", "mad")},
    }  # fmt: skip
    return {f"elements-{place}-{name}": value for name, value in (fields | changes).items()}


def form_data(version_of, rows, initial=0, **changes):
    fields = {
        "instrument": version_of.pk, "region": version_of.region_id or "", "name": "Layanan desa 2026",
        "code": "layanan-desa-2026", "regulation": "Perbup 7/2026", "year": 2026, "scale_max": 4,
        "weight_rule": "exact", "rounding_rule": "print", "grades": GRADES, "is_offered": "on",
        "certainty": "confirmed", "source": "", "elements-TOTAL_FORMS": len(rows), "elements-INITIAL_FORMS": initial,
        "elements-MIN_NUM_FORMS": 0, "elements-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for data in rows:
        fields |= data
    return fields | changes


def add(client, own, rows, **changes):
    return client.post(reverse("instrument_versions:add"), form_data(own, rows, **changes))


def errors_of(response):
    """Every message of the form and its rows, by field."""
    form = response.context["form"]
    found = {name: list(errors) for name, errors in form.errors.items()}
    for place, child in enumerate(form.formsets["elements"].forms):
        found |= {f"{place}-{name}": list(errors) for name, errors in child.errors.items()}
    return found


def test_an_administrator_defines_an_instrument_without_code(client, regional_admin, own):
    client.force_login(regional_admin)
    rows = [row(0, 1, "antrean", question_mad="Kaʼdhimma?"), row(1, 2, "ramah")]
    assert add(client, own, rows).status_code == 302
    version = InstrumentVersion.objects.get(code="layanan-desa-2026")
    first, second = version.elements.order_by("questionnaire_order")
    assert (first.code, first.slot, second.slot) == ("antrean", 1, 2)
    assert first.question == {"id": "Bagaimana antrean?", "mad": "Kaʼdhimma?"}
    assert first.options["4"] == {"id": "Sangat baik"}
    assert [band["lower"] for band in version.bands] == ["88.31", "76.61", "65.00", "25.00"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"elements-0-options_id": "Ya\nTidak"}, "0-options_id"),
        ({"elements-1-code": "antrean"}, "1-code"),
        ({"elements-0-code": "Antrean!"}, "0-code"),
        ({"elements-1-list_order": "1"}, "1-list_order"),
        ({"elements-1-questionnaire_order": "3"}, "1-questionnaire_order"),
        ({"weight_rule": "own"}, "0-weight"),
        ({"elements-0-question_id": ""}, "0-question_id"),
        ({"grades": "A; Baik; 60.00; 100\nB; Buruk; 25; 59.98"}, "grades"),
        ({"grades": "A; Baik; 30.00; 100"}, "grades"),
        ({"grades": "A baik dari 25 sampai 100"}, "grades"),
        ({"grades": "A; Baik; 25.001; 100"}, "grades"),
        ({"grades": "A; Baik; NaN; 100"}, "grades"),
        ({"scale_max": "11"}, "scale_max"),
        ({"elements-TOTAL_FORMS": "0"}, "__all__"),
    ],
)
def test_a_fault_is_said_beside_its_field(client, regional_admin, own, changes, field):
    client.force_login(regional_admin)
    response = add(client, own, [row(0, 1, "antrean"), row(1, 2, "ramah")], **changes)
    assert response.status_code == 200
    assert field in errors_of(response)
    assert not InstrumentVersion.objects.filter(code="layanan-desa-2026").exists()


def test_two_codes_of_one_column_cannot_meet(client, regional_admin, own):
    old = InstrumentVersion.objects.create(instrument=own, region=own.region, code="lama", name="Lama", year=2020)
    texts = {"question": {"id": "?"}, "options": {}, "list_order": 1, "questionnaire_order": 1}
    Element.objects.create(version=old, code="antrean", slot=1, **texts)
    other = InstrumentVersion.objects.create(instrument=own, region=own.region, code="lain", name="Lain", year=2021)
    Element.objects.create(version=other, code="ramah", slot=1, **texts)
    client.force_login(regional_admin)
    response = add(client, own, [row(0, 1, "antrean"), row(1, 2, "ramah")])
    assert {"0-code", "1-code"} <= set(errors_of(response))


# --- What is fixed ------------------------------------------------------------------------------


@pytest.fixture
def draft(region):
    """The regency's own wording of the SKM, not used yet."""
    return new_version(source=instrument(), code="skm-2017-bkl", name="SKM Bangkalan", region=region)


def edited(draft, **changes):
    rows = []
    for place, element in enumerate(draft.elements.order_by("questionnaire_order")):
        texts = {
            f"{name}_{language}": value
            for language in ("id", "en")
            for name, value in (
                ("question", element.question[language]),
                ("options", "\n".join(element.options[str(score)][language] for score in range(1, 5))),
            )
        }
        given = {"id": element.pk, "name": element.name, "list_order": element.list_order} | texts
        rows.append(row(place, element.questionnaire_order, element.code, **given))
    return form_data(draft.instrument, rows, initial=9, region=draft.region_id, code=draft.code, **changes)


def edit(client, draft, **changes):
    return client.post(reverse("instrument_versions:edit", args=[draft.pk]), edited(draft, **changes))


def test_the_wording_of_official_elements_may_be_edited_in_every_language(client, regional_admin, draft):
    client.force_login(regional_admin)
    response = edit(client, draft, **{"elements-0-question_jv": "Kados pundi syaratipun?"})
    assert response.status_code == 302, errors_of(response)
    assert draft.elements.get(code="persyaratan").question["jv"] == "Kados pundi syaratipun?"


def test_codes_order_scale_weights_and_grades_of_official_elements_stay(client, regional_admin, draft):
    client.force_login(regional_admin)
    before = list(draft.elements.values_list("code", "slot", "list_order", "questionnaire_order", "weight"))
    changes = {
        "scale_max": "6", "weight_rule": "literal_0.11", "rounding_rule": "nrr_2", "grades": "A; Baik; 25; 100",
        "elements-0-code": "lain", "elements-1-list_order": "9", "elements-2-weight": "5",
    }  # fmt: skip
    assert edit(client, draft, **changes).status_code == 302
    draft = InstrumentVersion.objects.get(pk=draft.pk)
    assert list(draft.elements.values_list("code", "slot", "list_order", "questionnaire_order", "weight")) == before
    assert (draft.scale_max, draft.weight_rule, draft.rounding_rule) == (4, "exact", "print")
    assert [band["lower"] for band in draft.bands] == ["88.31", "76.61", "65.00", "25.00"]


def test_an_official_element_cannot_be_taken_out(client, regional_admin, draft):
    client.force_login(regional_admin)
    response = edit(client, draft, **{"elements-0-DELETE": "on"})
    assert response.status_code == 200
    assert draft.elements.count() == 9


def test_a_version_in_use_is_read_only_for_everybody(client, region, draft):
    InstrumentVersion.objects.filter(pk=draft.pk).update(is_locked=True)
    client.force_login(UserFactory(is_superuser=True))
    assert edit(client, draft).status_code in (302, 403)
    assert client.get(reverse("instrument_versions:edit", args=[draft.pk])).status_code in (302, 403)
    shown = client.get(reverse("instrument_versions:inspect", args=[draft.pk]))
    assert "tidak berubah lagi" in shown.content.decode()
    draft.refresh_from_db()
    assert draft.name == "SKM Bangkalan"


def test_a_new_version_is_made_from_one_in_use(client, regional_admin, region):
    used = SurveyFactory().instrument_version
    client.force_login(regional_admin)
    url = reverse("instrument_versions:next", args=[used.pk])
    assert client.get(url).status_code == 200
    response = client.post(url, {"name": "SKM kami", "code": "skm-kami", "region": region.pk})
    made = InstrumentVersion.objects.get(code="skm-kami")
    assert response.url == reverse("instrument_versions:edit", args=[made.pk])
    assert (made.region, made.based_on, made.is_offered) == (region, used, False)
    assert client.post(url, {"name": "Lagi", "code": "skm-kami", "region": region.pk}).status_code == 200


# --- Who ----------------------------------------------------------------------------------------


def test_an_editor_reads_and_an_officer_is_refused(client, editor, officer, draft):
    addresses = {
        name: reverse(f"instrument_versions:{name}", args=[draft.pk])
        for name in ("inspect", "preview", "edit", "next", "delete")
    }
    client.force_login(editor)
    answers = {name: client.get(url).status_code for name, url in addresses.items()}
    assert (answers["inspect"], answers["preview"]) == (200, 200)
    assert all(answers[name] in (302, 403) for name in ("edit", "next", "delete"))
    client.force_login(officer)
    assert all(client.get(url).status_code in (302, 403) for url in addresses.values())


def test_another_regions_instrument_is_not_there(client, regional_admin, own):
    elsewhere = RegionFactory(code="35.27", name="Sampang")
    hidden = new_version(source=instrument(), code="skm-sampang", name="SKM Sampang", region=elsewhere)
    Instrument.objects.create(code="milik-sampang", name="Milik Sampang", region=elsewhere)
    client.force_login(regional_admin)
    assert "Milik Sampang" not in client.get(reverse("instrument_versions:index")).content.decode()
    assert "SKM Sampang" not in client.get(reverse("instrument_versions:index")).content.decode()
    for name in ("inspect", "preview", "next", "edit"):
        assert client.get(reverse(f"instrument_versions:{name}", args=[hidden.pk])).status_code == 404


def test_a_national_version_is_not_an_administrators_to_change(client, regional_admin, region):
    national = instrument("spak-2021")
    client.force_login(regional_admin)
    assert client.get(reverse("instrument_versions:edit", args=[national.pk])).status_code in (302, 403)


def test_the_preview_asks_in_the_language_chosen(client, regional_admin, draft):
    client.force_login(regional_admin)
    url = reverse("instrument_versions:preview", args=[draft.pk])
    assert "Very suitable" in client.get(url, {"lang": "en"}).content.decode()
    assert "Sangat sesuai" in client.get(url, {"lang": "xx"}).content.decode()


# --- Old tables ---------------------------------------------------------------------------------


def test_the_screen_names_the_rule_behind_an_old_table(client, editor):
    client.force_login(editor)
    url = reverse("instrument_versions:old_table")
    means = "3,000 3,333 3,333 4,000 3,333 3,333 3,333 3,000 3,667"
    told = client.post(url, {"nrr": means, "index": "84,18", "ni": "", "scale_max": 4})
    assert str(told.context["rows"][0]["weight"]).startswith("0,111")
    told = client.post(url, {"nrr": means, "index": "90", "ni": "", "scale_max": 4})
    assert told.context["rows"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"nrr": "3,0 x"}, "nrr"), ({"nrr": "4,5 3"}, "nrr"), ({"nrr": "3 " * 15}, "nrr"), ({"index": "NaN"}, "index"),
     ({"index": ""}, "index")],
)  # fmt: skip
def test_unreadable_figures_are_said_beside_their_field(client, editor, changes, field):
    client.force_login(editor)
    data = {"nrr": "3 3 3", "index": "75", "ni": "", "scale_max": 4} | changes
    assert field in client.post(reverse("instrument_versions:old_table"), data).context["form"].errors


def test_an_officer_reads_no_old_tables(client, officer):
    client.force_login(officer)
    assert client.get(reverse("instrument_versions:old_table")).status_code in (302, 403)


def test_the_command_names_the_rule_too(capsys):
    call_command("read_old_table", "3.000", "3.333", "3.333", index=Decimal("80.55"))
    assert "exact" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("read_old_table", "9.000", index=Decimal("80.55"))
