import pytest
import time_machine
from wagtail.models import Site

from core.permissions import Role
from tests.factories import AgencyFactory, RegionFactory, StaffFactory
from tests.workflows.factories import cast_of, make_complaint, make_receipt
from tests.workflows.screens import NOW
from tests.workflows.splitting import make_split
from workflows.models import ComplaintDesk
from workflows.services.calendars import load_calendars
from workflows.services.policies import load_sla_policies
from workflows.states import Status


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


@pytest.fixture
def staff_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cases(people):
    """One case in every state, all forwarded ones at ``agency``."""
    return {status: make_complaint(status) for status in Status}


@pytest.fixture
def far_case(people):
    """A case of another region."""
    other = RegionFactory(code="35.27", name="Sampang")
    AgencyFactory(region=other, code="dpupr", name="Dinas PU Sampang")
    ComplaintDesk.objects.create(region=other, prefix="SPG")
    return make_receipt(other, title="Kasus Sampang yang tidak boleh terlihat").complaint


@pytest.fixture
def lamps(region):
    return AgencyFactory(region=region, code="dishub", name="Dinas Perhubungan", short_name="Dishub")


@pytest.fixture
def lamp_officer(lamps):
    return StaffFactory(username="petugas_lampu", grants=[(Role.LIAISON, lamps)])


@pytest.fixture
def split(people, lamps, lamp_officer):
    return make_split(people, lamps)
