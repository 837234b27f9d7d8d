"""The questions a topic asks now, and those it ever asked."""

from workflows.models import Category, CategoryVersion
from workflows.questions import Question, read_questions


def version_of(category: Category | None) -> CategoryVersion | None:
    """The newest version of a topic's questions (one query; none without a topic)."""
    if category is None:
        return None
    return CategoryVersion.objects.filter(category=category).order_by("-number").first()


def questions_of(version: CategoryVersion | None) -> tuple[Question, ...]:
    return read_questions(version.questions) if version else ()


def ever_asked(category: Category) -> list[Question]:
    """Every question of every version, newest wording last."""
    versions = CategoryVersion.objects.filter(category=category).order_by("number")
    return [question for version in versions for question in read_questions(version.questions)]
