"""A survey page with one question of each kind the editing cases change, and how its history is read."""

from surveys.models import Response
from surveys.selectors.questions import asked_questions
from tests.surveys.pages import single

SOURCE = "5b1f66f0-45c4-4b43-8a1c-5a3f0f7c0b22"
CHOICES = [("a", "Situs web"), ("b", "Kantor desa")]


def where(labels=CHOICES, **kwargs):
    return single(labels, key=SOURCE, code="p2", **kwargs)


def question_of(page, identifier):
    return next(row for row in asked_questions(page.survey) if row.id == identifier)


def number(page):
    return page.survey.current_version.number


def reopen(stored):
    return Response.objects.select_related("version").get(pk=stored.pk)
