"""Nobody reads or changes beyond the own area, at whatever address: the list is the URL table itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.services import sync_roles
from tests.cms.factories import make_section, make_site
from tests.factories import AgencyFactory, RegionFactory, UserFactory
from tests.security.walk import BETRAYED, hide, staff_addresses
from workflows.models import ComplaintDesk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What any signed-in person may write: the own session, and where the own screens were left.
OWN_TABLES = (
    "django_session",
    "core_user",
    "core_messagestop",
    "wagtailusers_userprofile",
    "wagtailadmin_editingsession",
)


@pytest.fixture(autouse=True)
def _nothing_is_moved(settings):
    """No redirect is stored here, and looking for one at each refusal is a quarter of the walk."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "redirects" not in name]


@pytest.fixture
def elsewhere(db):
    region = RegionFactory(code="35.27", name="Sampang")
    make_site(region, hostname="sampang.localhost")
    return AgencyFactory(region=region, code="jauh", name="Dinas Jauh", short_name="Jauh")


@pytest.fixture
def hidden_case(request, region, agency, elsewhere):
    """What ``hide`` makes, at another agency of the region or in another region."""
    make_site(region)
    make_section(agency)
    where = getattr(request, "param", "elsewhere")
    owner = elsewhere if where == "elsewhere" else request.getfixturevalue("other_agency")
    ComplaintDesk.objects.get_or_create(region=owner.region, defaults={"prefix": "XYZ"})
    reference = hide(owner)
    sync_roles()
    return reference


CAST = [
    ("editor", "neighbour"),
    ("officer", "neighbour"),
    ("agency_head", "neighbour"),
    ("verifier", "elsewhere"),
    ("auditor", "elsewhere"),
    ("regional_admin", "elsewhere"),
]


def tells(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return BETRAYED in body.decode(errors="replace")


def written(client, address):
    """The statements by which an empty confirmation changed something that is not the person's own."""
    with CaptureQueriesContext(connection) as queries:
        client.post(address, {"confirm": "1", "action": "delete"})
    changes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    return [sql[:120] for sql in changes if not any(own in sql[:80] for own in OWN_TABLES)]


@pytest.mark.portable
@pytest.mark.parametrize(("person", "hidden_case"), CAST, indirect=["hidden_case"])
def test_no_address_tells_or_changes_anything_beyond_the_own_area(client, person, hidden_case, request):
    client.force_login(request.getfixturevalue(person))
    client.raise_request_exception = False
    addresses = staff_addresses(hidden_case)

    telling = [a for a in addresses if tells(client.get(a))]
    writing = {a: rows for a in addresses if (rows := written(client, a))}
    assert (telling, writing) == ([], {})


def test_the_walk_finds_what_there_is_to_find_and_no_screen_fails(client, hidden_case):
    """A superuser meets the hidden words at many addresses; otherwise the walk above would prove nothing."""
    client.force_login(UserFactory(is_superuser=True))
    client.raise_request_exception = False
    answers = {a: client.get(a) for a in staff_addresses(hidden_case)}

    assert sum(tells(answer) for answer in answers.values()) > 40
    assert [a for a, answer in answers.items() if answer.status_code >= 500] == []
