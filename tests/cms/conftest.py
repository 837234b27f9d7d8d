"""The site of the cast's region, with a section for each of its two agencies."""

import pytest
from django.utils.translation import activate

from core.permissions import Role
from core.services import sync_roles
from tests.cms.factories import make_section, make_site
from tests.factories import StaffFactory


@pytest.fixture
def home(region):
    return make_site(region)


@pytest.fixture
def section(home, agency):
    return make_section(agency)


@pytest.fixture
def other_section(home, other_agency):
    return make_section(other_agency)


@pytest.fixture
def section_editor(section, other_section, editor):
    """The editor of ``agency``, with both agencies' sections in the tree."""
    sync_roles()
    return editor


@pytest.fixture
def other_editor(section, other_section, other_agency):
    return StaffFactory(username="other_editor", agency=other_agency, grants=[(Role.EDITOR, other_agency)])


@pytest.fixture(autouse=True)
def _indonesian():
    """The language of the request before stays active in the test's thread."""
    activate("id")
