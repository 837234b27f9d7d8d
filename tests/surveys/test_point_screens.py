"""Service points, surveys and answers in the Wagtail admin: who sees what, and what is printed."""

from io import BytesIO

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from PIL import Image

from core.permissions import Role
from surveys.models import ServicePoint
from surveys.services.posters import point_url, poster_texts
from tests.factories import StaffFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, make_point

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
FILES = ("poster", "poster_pdf", "png", "svg")


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency, title="Survei perizinan")


@pytest.fixture
def point(survey, service):
    return make_point(survey, name="Loket 3", service=service)


@pytest.fixture
def foreign_point(other_agency):
    return make_point(SurveyFactory(agency=other_agency), name="Ruang tunggu lain")


@pytest.fixture
def foreign_editor(other_agency):
    return StaffFactory(username="foreign_editor", grants=[(Role.EDITOR, other_agency)])


def at(name, *args):
    return reverse(f"service_points:{name}", args=args)


def test_the_list_shows_the_own_points_only(client, editor, point, foreign_point):
    client.force_login(editor)
    html = client.get(at("index")).content.decode()
    assert point.name in html
    assert foreign_point.name not in html


@pytest.mark.parametrize("name", ["edit", "inspect", "code", *FILES])
def test_a_point_of_another_agency_is_not_found(client, foreign_editor, point, name):
    client.force_login(foreign_editor)
    assert client.get(at(name, point.pk)).status_code == 404
    assert client.post(at(name, point.pk), {}).status_code in {404, 405}


@pytest.mark.parametrize("name", ["inspect", *FILES])
def test_an_auditor_reads(client, auditor, point, name):
    client.force_login(auditor)
    assert client.get(at(name, point.pk)).status_code == 200


def test_the_way_to_revoke_is_shown_to_those_who_may(client, editor, auditor, point):
    for person, is_shown in ((editor, True), (auditor, False)):
        client.force_login(person)
        assert (at("code", point.pk) in client.get(at("inspect", point.pk)).content.decode()) is is_shown


@pytest.mark.parametrize("name", ["edit", "code"])
def test_an_auditor_changes_nothing(client, auditor, point, name):
    client.force_login(auditor)
    for response in (client.get(at(name, point.pk)), client.post(at(name, point.pk), {"reason": "x"})):
        assert response.status_code in {302, 403}
    assert client.get(at("add")).status_code in {302, 403}
    point.refresh_from_db()
    assert not point.previous_codes.exists()


def test_nobody_deletes_a_point():
    with pytest.raises(NoReverseMatch):
        reverse("service_points:delete", args=[1])


def test_an_editor_sets_up_a_point_with_a_signed_code(client, editor, survey, service):
    client.force_login(editor)
    data = {"survey": survey.pk, "service": service.pk, "name": "Loket 1", "kind": "counter"}
    assert client.post(at("add"), data).status_code == 302
    made = ServicePoint.objects.get()
    assert (made.agency, made.survey, made.service) == (survey.agency, survey, service)
    assert client.get(f"/q/{made.code}/").status_code == 200


def test_a_survey_of_another_agency_is_not_offered(client, editor, survey, foreign_point):
    client.force_login(editor)
    data = {"survey": foreign_point.survey.pk, "name": "Loket 1", "kind": "counter"}
    assert client.post(at("add"), data).status_code == 200
    assert ServicePoint.objects.count() == 1


def test_a_point_is_renamed_and_stays_with_its_survey(client, editor, point, foreign_point):
    client.force_login(editor)
    data = {"survey": foreign_point.survey.pk, "service": point.service_id, "name": "Loket 4", "kind": "desk"}
    assert client.post(at("edit", point.pk), data).status_code == 302
    changed = ServicePoint.objects.get(pk=point.pk)
    assert (changed.name, changed.kind, changed.survey, changed.code) == ("Loket 4", "desk", point.survey, point.code)


@time_machine.travel(NOON, tick=False)
def test_revoking_gives_a_new_code_and_keeps_the_reason(client, editor, point):
    client.force_login(editor)
    old = point.code
    assert client.post(at("code", point.pk), {"action": "rotate", "reason": " "}).status_code == 200
    assert client.post(at("code", point.pk), {"action": "rotate", "reason": "Poster disalin"}).status_code == 302
    point.refresh_from_db()
    revoked = point.previous_codes.get()
    assert (revoked.code, revoked.reason, revoked.revoked_by) == (old, "Poster disalin", editor)
    assert point.is_active
    assert client.get(f"/q/{old}/").status_code == 410


def test_retiring_takes_the_point_out_of_use(client, editor, point):
    client.force_login(editor)
    client.post(at("code", point.pk), {"action": "retire", "reason": "Loket ditutup"})
    point.refresh_from_db()
    assert not point.is_active
    assert '<svg class="survey-point__qr"' not in client.get(at("inspect", point.pk)).content.decode()


def test_png_and_pdf_carry_the_absolute_address(client, editor, point, settings):
    settings.BASE_URL = "https://suara.bangkalankab.go.id"
    client.force_login(editor)
    address = f"https://suara.bangkalankab.go.id/q/{point.code}/"
    image = Image.open(BytesIO(client.get(at("png", point.pk)).content)).convert("L")
    document = pypdfium2.PdfDocument(client.get(at("poster_pdf", point.pk)).content)
    page = document[0].render(scale=2).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [address]
    assert [code.text for code in zxingcpp.read_barcodes(page)] == [address]
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [595, 842]  # A4 in points
    text = document[0].get_textpage().get_text_bounded()
    assert point.printed_code in text
    assert point.agency.name in text
    assert "Kabupaten Bangkalan" in text


def test_a_name_with_typst_source_is_printed_as_text(client, editor, point, settings):
    point.name = '#read("/etc/passwd") "x" \\ $y$'
    point.save()
    client.force_login(editor)
    text = pypdfium2.PdfDocument(client.get(at("poster_pdf", point.pk)).content)[0].get_textpage().get_text_bounded()
    assert "#read(" in text
    assert "root:" not in text


def test_the_poster_page_names_the_place_and_draws_the_code(client, editor, point):
    client.force_login(editor)
    html = client.get(at("poster", point.pk)).content.decode()
    for text in (point.agency.name, point.service.name, "Loket 3", point.printed_code):
        assert text in html
    assert "<script" not in html
    assert " style=" not in html


def test_an_address_on_a_poster_is_indonesian_whoever_prints_it(point):
    with translation.override("en"):
        assert "/en/" not in point_url(point)
        assert "/en/" not in poster_texts(point)["address"]


# --- Surveys and answers --------------------------------------------------------------------


def test_surveys_are_listed_with_their_number_of_answers(client, editor, survey, foreign_point):
    for value in (2, 3, 4):
        answer(survey, value)
    client.force_login(editor)
    html = client.get(reverse("survey_list:index")).content.decode()
    assert survey.title in html
    assert foreign_point.survey.title not in html
    assert ">3<" in "".join(html.split())


def test_answers_are_read_in_the_own_agency_only(client, editor, foreign_editor, survey):
    stored = answer(survey, 2, extra={"comment": ["<script>alert(1)</script>"]})
    inspect = reverse("survey_responses:inspect", args=[stored.pk])
    client.force_login(foreign_editor)
    assert client.get(inspect).status_code == 404
    assert f"#{stored.pk}" not in client.get(reverse("survey_responses:index")).content.decode()
    client.force_login(editor)
    html = client.get(inspect).content.decode()
    assert "Kurang sesuai" in html
    assert "<script>alert" not in html
    assert f"#{stored.pk}" in client.get(reverse("survey_responses:index") + f"?survey={survey.pk}").content.decode()


@pytest.mark.parametrize("name", ["add", "edit", "delete", "copy", "history"])
def test_answers_have_no_other_screen(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"survey_responses:{name}", args=[] if name == "add" else [1])
