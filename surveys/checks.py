"""System checks of stored surveys, run with ``check --database`` and so at every start."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError

from surveys.models import QuestionnaireVersion
from surveys.services.versions import damaged_versions

DAMAGED = "surveys.W001"


def check_versions(databases: list[str] | None = None, **_kwargs: Any) -> list[CheckWarning]:
    """Every published questionnaire still has the text it was published with (a restore may bring half of one).

    A warning: citizens go on answering the other surveys; publishing in the damaged one is what stops.
    """
    return [error for using in databases or () for error in _damaged(using)]


def _damaged(using: str) -> Iterator[CheckWarning]:
    try:
        names = damaged_versions(QuestionnaireVersion.objects.using(using).all())
    except DatabaseError:
        return
    for name in names:
        yield CheckWarning(
            f"The questionnaire {name} is not what was published.",
            hint="Restore it from a backup; its survey publishes nothing until then.",
            id=DAMAGED,
        )
