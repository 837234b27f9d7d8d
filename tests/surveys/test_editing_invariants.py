"""Whatever editors do in whatever order, answers stay what they were: random edits, answers and reversions.

(a) the set of (answer, question, value) never shrinks;
(b) the version of every answer exists and renders byte for byte as it did;
(c) an export of all versions, joined back, is the stored set;
(d) the index of a closed period does not move.
"""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.branching import problems
from surveys.changes import Grade, compare
from surveys.definition import canonical
from surveys.drafting import define
from surveys.exporting.layout import NOT_ASKED
from surveys.models import Response
from surveys.rendering import render_questions
from surveys.selectors.exports import export_layout, export_rows
from surveys.selectors.forms import version_for
from surveys.selectors.index import index_for
from surveys.services.publishing import PROFILE_CHOICES
from surveys.services.responses import submit_response
from surveys.services.versions import publish_version
from tests.surveys.factories import NOON, SurveyFactory, scores

pytestmark = pytest.mark.django_db
TYPES = ("yes_no", "single", "scale", "text")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "add",
                "drop",
                "reword",
                "turn",
                "require",
                "choice",
                "unchoice",
                "stretch",
                "condition",
                "revert",
                "answer",
            ]
        ),
        st.integers(0, 11),
    ),
    min_size=4,
    max_size=14,
)


class Desk:
    """One survey, its editor's draft, and the people who answer under whichever version they have open."""

    def __init__(self):
        self.survey = SurveyFactory()
        self.instrument = self.survey.instrument_version
        self.draft, self.made, self.now = [], 0, NOON
        self.seen, self.pages = set(), {}
        for value in (4, 3, 2):
            self._store(self.survey.current_version, scores(value))
        self.closed = self.figure()
        self.now += timedelta(days=60)

    def figure(self):
        found = index_for(survey=self.survey, start=date(2024, 4, 1), end=date(2024, 7, 1))
        return found.n, found.printed

    # --- What an editor does ---

    def add(self, number):
        self.made += 1
        kind = TYPES[number % len(TYPES)]
        question = {"id": f"q-{self.made}", "code": f"p{self.made}", "type": kind, "required": number % 5 == 0,
                    "label": {"id": f"Pertanyaan {self.made}"}, "help": {"id": ""}}  # fmt: skip
        if kind == "single":
            question["choices"] = [{"code": code, "label": {"id": code.upper()}} for code in "ab"]
        if kind == "scale":
            question |= {"min": 1, "max": 3, "options": {str(n): {"id": f"kata {n}"} for n in (1, 2, 3)}}
        self.draft.insert(number % (len(self.draft) + 1), question)

    def drop(self, number):
        if self.draft:
            del self.draft[number % len(self.draft)]

    def change(self, number, **values):
        if self.draft:
            place = number % len(self.draft)
            self.draft[place] = self.draft[place] | values

    def reword(self, number):
        self.change(number, label={"id": f"Kata lain {number}"})

    def turn(self, number):
        self.draft.reverse()

    def require(self, number):
        self.change(number, required=number % 2 == 0)

    def choice(self, number):
        for question in self.draft[:1]:
            if question["type"] == "single":
                codes = len(question["choices"])
                new = {"code": "abcdefghijklmnopqrstuvwxyz"[codes % 26], "label": {"id": "Baru"}}
                known = {choice["code"] for choice in question["choices"]}
                if new["code"] not in known:
                    self.draft[0] = question | {"choices": [*question["choices"], new]}

    def unchoice(self, number):
        for question in self.draft[:1]:
            if question["type"] == "single" and len(question["choices"]) > 1:
                self.draft[0] = question | {"choices": question["choices"][1:]}

    def stretch(self, number):
        for place, question in enumerate(self.draft):
            if question["type"] == "scale":
                highest = 2 + number % 6
                words = {str(n): {"id": f"kata {n}"} for n in range(1, highest + 1)}
                self.draft[place] = question | {"max": highest, "options": words}

    def condition(self, number):
        self.change(number, show_if={"field": "e_waktu", "any_of": [str(1 + number % 4)]})

    def revert(self, number):
        versions = list(self.survey.versions.order_by("published_at", "pk"))
        self.draft = [dict(row) for row in versions[number % len(versions)].definition["questions"]]

    def publish(self):
        definition = define(instrument_version=self.instrument, questions=self.draft, comment={})
        assert not [problem for problem in problems(definition) if not problem.is_warning]
        published = [row for version in self.survey.versions.all() for row in version.definition["questions"]]
        changes = compare(self.survey.current_version.definition, definition, published=published)
        if all(change.grade is not Grade.REFUSED for change in changes):
            publish_version(survey=self.survey, definition=definition, now=self.now)

    # --- What a citizen does ---

    def answer(self, number):
        versions = list(self.survey.versions.order_by("published_at", "pk"))
        version = versions[-1 - number % len(versions)]
        given = {"yes_no": "yes", "single": None, "scale": str(1 + number % 2), "text": "=teks"}
        extra = {}
        for question in version.definition["questions"]:
            value = question["choices"][0]["code"] if question["type"] == "single" else given[question["type"]]
            if question["required"] or number % 3:
                extra[f"q_{question['id']}"] = [value]
        self._store(version, scores(1 + number % 4) | extra)

    def _store(self, version, fields):
        submit_response(
            version=version_for(self.survey.slug, version.pk), point=None, answers=fields, key=uuid4(),
            channel="link", language="id", now=self.now,
        )  # fmt: skip

    # --- What must hold ---

    def stored(self):
        rows = Response.objects.filter(survey=self.survey).values_list("pk", "answers")
        return {(pk, key, canonical(value)) for pk, answers in rows for key, value in answers.items()}

    def check(self):
        stored = self.stored()
        assert self.seen <= stored
        self.seen = stored
        self._check_versions()
        assert self._exported() == stored
        assert self.figure() == self.closed

    def _check_versions(self):
        for version in self.survey.versions.all():
            html = render_questions(version.definition, "id", profiles=PROFILE_CHOICES)
            assert self.pages.setdefault(version.pk, (html, version.content_hash)) == (html, version.content_hash)
            assert version.is_intact

    def _exported(self):
        layout = export_layout(self.survey)
        columns = [column.name for column in layout.columns]
        own = {place: column.source for place, column in enumerate(layout.columns) if column.group == "question"}
        found = set()
        for row in export_rows(layout, Response.objects.filter(survey=self.survey)):
            pk = row[columns.index("answer_id")]
            found |= {(pk, own[n], canonical(row[n])) for n in own if row[n] is not NOT_ASKED and row[n] is not None}
        return found


@pytest.mark.slow
@settings(max_examples=12)
@given(steps=STEPS)
def test_answers_stay_what_they_were_whatever_is_edited(steps):
    with transaction.atomic():
        desk = Desk()
        for name, number in steps:
            getattr(desk, name)(number)
            desk.now += timedelta(hours=1)
            if name != "answer":
                desk.publish()
        desk.answer(1)
        desk.check()
        transaction.set_rollback(True)


def test_the_check_notices_a_lost_answer():
    """The invariants are no formality: whatever takes a value away breaks them."""
    desk = Desk()
    desk.add(0)
    desk.publish()
    desk.answer(2)
    desk.check()
    Response.objects.filter(pk=Response.objects.latest("pk").pk).update(answers={})
    with pytest.raises(AssertionError):
        desk.check()
