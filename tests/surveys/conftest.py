import pytest
import time_machine
from hypothesis import settings

from core.services import sync_roles
from surveys.models import SurveyPage
from tests.surveys.editing import SOURCE, where
from tests.surveys.factories import NOON, answer
from tests.surveys.pages import QUESTION, make_survey_page, published_at_noon, section_of, yes_no

# A busy machine is no reason to fail: examples are judged by result, not by time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def at_noon():
    """The clock stands at noon of a Monday; ``shift`` moves it."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def page_with_two_questions():
    published_at_noon(yes_no(), where())


def page_with_one_question():
    published_at_noon(yes_no())


@pytest.fixture(scope="module")
def standing_page(stand):
    """``page`` stands before the first test of the module; only where all tests are ``at_noon``."""
    stand(page_with_two_questions)


@pytest.fixture(scope="module")
def standing_plain_page(stand):
    """A page with nothing but a yes-or-no question."""
    stand(page_with_one_question)


@pytest.fixture
def section(agency):
    """The agency's place in its region's website."""
    return section_of(agency)


@pytest.fixture
def page(section):
    """A published survey page with a yes-or-no question and a choice."""
    return SurveyPage.objects.first() or make_survey_page(section, questions=[yes_no(), where()])


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
