"""Survey pages as an editor makes them, and a form as a browser posts it."""

import re

import time_machine

from cms.models import AgencyPage
from surveys.models import SurveyPage
from tests.cms.factories import add_page, make_section, make_site
from tests.factories import RegionFactory, officers_agency
from tests.surveys.factories import NOON, instrument, scores

QUESTION = "7d3c6a52-0f4e-4b8e-9b43-2f3f1d3f0a11"


def yes_no(label="Apakah diminta biaya di luar tarif?", *, key=QUESTION, code="p1", required=False):
    return {"type": "yes_no", "id": key, "value": {"label": label, "code": code, "required": required}}


def single(labels, *, key=QUESTION, code="p1"):
    choices = [
        {"type": "item", "id": f"c{n}", "value": {"label": label, "code": c}} for n, (c, label) in enumerate(labels)
    ]
    return {"type": "single", "id": key, "value": {"label": "Dari mana?", "code": code, "choices": choices}}


def section_of(agency):
    """The agency's place in its region's website; made unless it stands already."""
    known = AgencyPage.objects.filter(agency=agency).first()
    if known:
        return known
    make_site(agency.region)
    return make_section(agency)


def published_at_noon(*questions):
    """For ``stand``: the officer's agency has a survey page, published at noon."""
    with time_machine.travel(NOON, tick=False):
        make_survey_page(section_of(officers_agency(RegionFactory())), questions=questions)


def make_survey_page(section, *, questions=(), **values):
    """A published survey page of the section; its survey collects from now on."""
    instrument()
    page = SurveyPage(**{"title": "Survei kepuasan", "slug": "survei", **values})
    page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python(list(questions))
    return add_page(section, page)


def republish(page, *, questions=None, **values):
    for name, value in values.items():
        setattr(page, name, value)
    if questions is not None:
        page.questions = SurveyPage._meta.get_field("questions").stream_block.to_python(list(questions))
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def token_in(response):
    return re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)


def form_data(client, url, value=3, **changes):
    """What a browser would post after opening the form and answering every element."""
    extra = {name: changes.pop(name) for name in list(changes) if name.startswith(("q_", "p_"))}
    comment = changes.pop("comment", "")
    fields = {name: given[0] for name, given in scores(value, **changes).items()}
    return {**fields, **extra, "comment": comment, "website": "", "token": token_in(client.get(url))}
