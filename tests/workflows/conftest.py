import pytest
from wagtail.models import Site

from tests.workflows.factories import cast_of
from workflows.models import ComplaintDesk
from workflows.services.calendars import load_calendars
from workflows.services.policies import load_sla_policies


@pytest.fixture
def calendars(db):
    """Holidays, office hours and limits as shipped."""
    load_calendars()
    load_sla_policies()


@pytest.fixture
def desk(region, agency, calendars):
    """The region's complaint desk, coordinated by the officer's agency for want of another."""
    return ComplaintDesk.objects.create(region=region, prefix="BKL", coordinator=agency)


@pytest.fixture
def people(region, desk):
    """Everybody a case meets, by role."""
    return cast_of(region)


@pytest.fixture
def website(region, desk):
    """The region answers on the default site."""
    region.site = Site.objects.get(is_default_site=True)
    region.save()
    return region.site
