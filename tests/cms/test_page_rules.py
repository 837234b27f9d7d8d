"""What may stand where, and what a standard may not say."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from cms.models import AgencyIndexPage, AgencyPage, CharterPage, InformationPage, NewsPage, ServicePage
from core.services import save_agency
from home.models import HomePage
from tests.cms.factories import add_page, make_section, make_standard
from tests.factories import AgencyFactory, ServiceFactory

pytestmark = pytest.mark.portable


@pytest.mark.parametrize(
    ("child", "parents"),
    [
        (HomePage, {"Page"}),
        (AgencyIndexPage, {"HomePage"}),
        (AgencyPage, {"AgencyIndexPage"}),
        (ServicePage, {"AgencyPage"}),
        (CharterPage, {"AgencyPage"}),
        (NewsPage, {"NewsIndexPage", "AgencyPage"}),
        (InformationPage, {"HomePage", "AgencyPage", "InformationPage"}),
    ],
)
def test_each_page_type_has_its_place(child, parents):
    assert {model.__name__ for model in child.allowed_parent_page_models()} == parents


def test_a_service_of_another_agency_is_refused(section, other_agency):
    foreign = ServiceFactory(agency=other_agency)
    with pytest.raises(ValidationError) as refused:
        make_standard(section, foreign)
    assert "service" in refused.value.message_dict
    assert not ServicePage.objects.exists()


def test_a_service_of_a_unit_below_the_agency_is_accepted(section, agency):
    unit = AgencyFactory(region=agency.region, parent=agency)
    page = make_standard(section, ServiceFactory(agency=unit))
    assert page.section_agency() == agency


def test_a_service_has_one_page(section, service):
    make_standard(section, service)
    with pytest.raises(ValidationError):
        make_standard(section, service, slug="kedua")


def test_an_agency_has_one_page(section, agency):
    with pytest.raises(ValidationError):
        make_section(agency)


def test_an_agency_of_another_region_is_refused(home, agency):
    elsewhere = AgencyFactory(region__code="35.27", region__name="Sampang")
    directory = AgencyIndexPage.objects.get()
    with pytest.raises(ValidationError) as refused:
        add_page(directory, AgencyPage(title="Asing", slug="asing", agency=elsewhere))
    assert "agency" in refused.value.message_dict


def test_deleting_a_page_leaves_the_service_and_deleting_the_service_is_refused(section, service):
    page = make_standard(section, service)
    with pytest.raises(ProtectedError):
        service.delete()
    page.delete()
    service.refresh_from_db()
    assert service.pk


def test_moving_the_agency_in_the_organisation_keeps_its_page(section, agency, region):
    agency.parent = AgencyFactory(region=region)
    save_agency(agency)
    assert AgencyPage.objects.get(pk=section.pk).agency == agency


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"duration_value": 3}, "duration_unit"),
        ({"fee_kind": "amount"}, "fee_amount"),
        ({"fee_kind": "table"}, "fee_table"),
        ({"fee_kind": "formula", "fee_text": "2 % dari nilai"}, "fee_text"),
    ],
)
def test_half_a_component_is_refused_beside_its_field(section, service, values, field):
    with pytest.raises(ValidationError) as refused:
        make_standard(section, service, **values)
    assert field in refused.value.message_dict


@pytest.mark.parametrize("change", [{"duration_value": 3}, {"fee_kind": "amount"}])
def test_the_database_refuses_half_a_component_too(section, service, change):
    page = make_standard(section, service)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServicePage.objects.filter(pk=page.pk).update(**change)


def test_the_score_is_kept_with_the_page(section, service):
    page = make_standard(
        section,
        service,
        fee_kind="amount",
        fee_amount=Decimal("25000"),
        requirements=[("requirement", {"text": "KTP"})],
        products_state="none_required",
        safety_guarantee_state="not_applicable",
    )
    assert (page.published_delivery, page.published_total) == (3, 4)
    assert page.score().missing[0] == "procedure"


def test_a_copied_standard_forgets_its_service(section, service):
    page = make_standard(section, service)
    copy = page.copy(update_attrs={"slug": "salinan", "title": "Salinan"}, keep_live=False)
    assert copy.service is None
