"""What a screen changes of a row in place: old and new value by field, shown before it is saved and kept in the log."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.models import User

LOGGED = "workflows.changed"
Changed = Mapping[str, Sequence[Any]]


def changes_of(before: Model | None, after: Model, names: Iterable[str]) -> dict[str, list[Any]]:
    """Old and new value of each field that differs, as the log keeps them; nothing was before a new row."""
    pairs = {name: [_kept(before, name), _kept(after, name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def trace(row: Model, changed: Changed, actor: User) -> None:
    """Keep in the log who changed what."""
    log(row, LOGGED, user=actor, data={"changed": changed})


def in_words(model: type[Model], changed: Changed) -> list[tuple[str, str, str]]:
    """Each change as a reader sees it: the field, what it said, what it says."""
    return [
        (str(capfirst(field.verbose_name)), _said(field, old), _said(field, new))
        for field in model._meta.concrete_fields
        if field.name in changed
        for old, new in [changed[field.name]]
    ]


def _kept(row: Model | None, name: str) -> Any:
    value = getattr(row, name) if row else None
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if value in ("", []) else value


def _said(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(dict(field.flatchoices).get(value, value))
