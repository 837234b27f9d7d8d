"""Writing without code: the form of a standard, preview, approval, schedule, history."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import TaskState
from wagtail.test.utils.form_data import nested_form_data, streamfield

from cms.models import AgencyIndexPage, AgencyPage, CharterPage, InformationPage, NewsIndexPage, NewsPage, ServicePage
from cms.services.sections import ensure_workflow
from core.models import Service
from core.permissions import Role
from home.models import HomePage
from tests.cms.factories import add_page, charter, make_standard
from tests.factories import ServiceFactory, StaffFactory

pytestmark = pytest.mark.portable

STREAMS = (
    "requirements",
    "procedure",
    "fee_table",
    "products",
    "complaint_channels",
    "complaint_steps",
    "complaint_limits",
    "legal_basis",
    "facilities",
    "competence",
    "supervision",
    "staffing",
)


def standard_form(**values):
    """What the browser posts for a standard; streams are lists of (block, value)."""
    streams = {name: streamfield(values.pop(name, [])) for name in STREAMS}
    fields = {"title": "Kartu Keluarga", "slug": "kartu-keluarga", "new_service_name": "", "new_service_code": ""}
    return nested_form_data(fields | streams | values | {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0})


@pytest.fixture
def desk(client, section_editor):
    client.force_login(section_editor)
    return client


def add_url(section):
    return reverse("wagtailadmin_pages:add", args=["cms", "servicepage", section.pk])


def test_a_new_service_is_created_with_its_page(desk, section, agency):
    data = standard_form(
        new_service_name="Kartu Keluarga baru",
        new_service_code="kk-baru",
        requirements=[
            ("requirement", {"text": "KTP", "condition": "", "form_code": "", "copy_kind": "", "copies": ""})
        ],
        duration_value="3",
        duration_unit="working_days",
    )
    response = desk.post(add_url(section), data)
    assert response.status_code == 302, response.context["form"].errors
    page = ServicePage.objects.get()
    assert page.service == Service.objects.get(agency=agency, code="kk-baru")
    assert not page.live
    assert (page.published_delivery, page.published_total) == (2, 2)


def test_a_service_of_the_own_agency_is_chosen(desk, section, service):
    response = desk.post(add_url(section), standard_form(service=service.pk))
    assert response.status_code == 302, response.context["form"].errors
    assert ServicePage.objects.get().service == service


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"service": "own", "new_service_name": "Baru", "new_service_code": "baru"}, "new_service_name"),
        ({"new_service_name": "Baru"}, "new_service_code"),
        ({"new_service_code": "baru"}, "new_service_name"),
        ({"new_service_name": "Kembar", "new_service_code": "irk"}, "new_service_code"),
        ({"service": "foreign"}, "service"),
        ({"duration_value": "3"}, "duration_unit"),
        ({"fee_kind": "amount"}, "fee_amount"),
    ],
)
def test_a_wrong_standard_comes_back_with_the_message_beside_its_field(
    desk, section, service, other_agency, values, field
):
    services = {"own": service.pk, "foreign": ServiceFactory(agency=other_agency).pk}
    values = values | ({"service": services[values["service"]]} if "service" in values else {})
    response = desk.post(add_url(section), standard_form(summary="Tidak boleh hilang", **values))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Tidak boleh hilang" in response.content.decode()
    assert not ServicePage.objects.exists()


def test_the_editor_reads_what_is_missing_and_which_requirements_look_like_slips(desk, section, service):
    twice = [("requirement", {"text": "Surat nikah", "form_code": code}) for code in ("F.201", "F2.01")]
    page = make_standard(section, service, requirements=twice, live=False)
    html = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'href="#panel-child-part3-child-legal_basis-section"' in html
    assert 'href="#panel-child-part2-child-requirements-section" data-action' not in html
    assert "F.201, F2.01" in html


def pages_of_every_type(home, section, service):
    yield home
    yield AgencyIndexPage.objects.get()
    yield section
    yield NewsIndexPage.objects.get()
    yield make_standard(section, service, live=False, fee_kind="free")
    yield add_page(section, charter(live=False))
    body = [
        ("heading", "Judul"),
        ("paragraph", "<p>Isi</p>"),
        ("question", {"question": "Apa?", "answer": "<p>Ini</p>"}),
    ]
    news = NewsPage(
        title="Kabar", slug="kabar", summary="Ringkas", published_on=date(2026, 3, 2), body=body, live=False
    )
    yield add_page(section, news)
    yield add_page(home, InformationPage(title="Privasi", slug="privasi", body=body, live=False))


def test_every_page_type_has_a_preview(home, section, service):
    types = set()
    for page in pages_of_every_type(home, section, service):
        response = page.specific.make_preview_request()
        response.render()
        assert response.status_code == 200, page
        assert page.title in response.content.decode()
        types.add(type(page.specific))
    assert types == {
        HomePage,
        AgencyIndexPage,
        AgencyPage,
        NewsIndexPage,
        ServicePage,
        CharterPage,
        NewsPage,
        InformationPage,
    }


def test_an_empty_draft_of_a_standard_has_a_preview(section):
    page = add_page(section, ServicePage(title="Kosong", slug="kosong", live=False))
    assert page.make_preview_request().status_code == 200


# --- Approval -------------------------------------------------------------------------------


@pytest.fixture
def submitted(home, section, service, section_editor):
    page = make_standard(section, service, live=False)
    ensure_workflow(home)
    page.get_workflow().start(page, section_editor)
    return page


@pytest.fixture
def other_head(other_agency):
    return StaffFactory(username="other_head", agency=other_agency, grants=[(Role.AGENCY_HEAD, other_agency)])


def test_the_own_head_approves_and_the_page_is_public(client, submitted, agency_head):
    assert TaskState.objects.reviewable_by(agency_head).count() == 1
    state = submitted.current_workflow_task_state
    client.force_login(agency_head)
    address = reverse("wagtailadmin_pages:workflow_action", args=[submitted.pk, "approve", state.pk])
    client.post(address, {"comment": ""})
    submitted.refresh_from_db()
    assert submitted.live
    assert client.get(submitted.url).status_code == 200


def test_the_regional_administrator_approves_too(submitted, regional_admin):
    assert TaskState.objects.reviewable_by(regional_admin).count() == 1


def test_nobody_else_approves(client, submitted, other_head, section_editor, other_editor, auditor):
    state = submitted.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[submitted.pk, "approve", state.pk])
    for person in (other_head, section_editor, other_editor, auditor):
        assert not TaskState.objects.reviewable_by(person).exists()
        client.force_login(person)
        client.post(address, {"comment": ""})
    submitted.refresh_from_db()
    assert not submitted.live


def test_setting_up_the_approval_twice_changes_nothing(home):
    assert ensure_workflow(home) == ensure_workflow(home)
    assert home.get_workflow().tasks.count() == 1


def test_a_scheduled_page_goes_public_at_its_time(client, section, service):
    page = make_standard(section, service, live=False)
    page.go_live_at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        page.save_revision().publish()
        call_command("publish_scheduled")
    page.refresh_from_db()
    assert not page.live
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False):
        call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.live


def test_every_change_stays_in_the_history(section):
    page = add_page(section, charter(promise="Lama", live=False))
    page.promise = "Baru"
    page.save_revision()
    promises = [revision.as_object().promise for revision in page.revisions.order_by("created_at")]
    assert promises == ["Lama", "Baru"]
