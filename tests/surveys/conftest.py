import pytest
import time_machine
from hypothesis import settings

from core.services import sync_roles
from tests.cms.factories import make_section, make_site
from tests.surveys.editing import SOURCE, where
from tests.surveys.factories import NOON, answer
from tests.surveys.pages import QUESTION, make_survey_page, yes_no

# A busy machine is no reason to fail: examples are judged by result, not by time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def at_noon():
    """The clock stands at noon of a Monday; ``shift`` moves it."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def section(agency):
    """The agency's place in its region's website."""
    make_site(agency.region)
    return make_section(agency)


@pytest.fixture
def page(section):
    """A published survey page with a yes-or-no question and a choice."""
    return make_survey_page(section, questions=[yes_no(), where()])


@pytest.fixture
def stored(page):
    """One answer to it: yes, and the first choice."""
    return answer(page.survey, extra={f"q_{QUESTION}": ["yes"], f"q_{SOURCE}": ["a"]})


@pytest.fixture
def desk(client, section, editor):
    """The admin with the section's editor signed in."""
    sync_roles()
    client.force_login(editor)
    return client
