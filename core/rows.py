"""Short lists read as one value: several of them in the statement that is made anyway.

For what a page needs beside its main rows (rights, choices of a form), a few dozen rows each. Values come as JSON gives
them, numbers and words; ``Rows.partials`` makes rows of them, and moments of words again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, IntegerField, JSONField, Model, QuerySet, Subquery
from django.utils.dateparse import parse_datetime


class Rows(Subquery):
    """The rows of a ``values`` queryset as a list of lists, in its order; it may point outside with ``OuterRef``."""

    AGGREGATES = {
        "sqlite": "(SELECT json_group_array(json_array({columns})) FROM {rows} listed)",
        "postgresql": "(SELECT coalesce(jsonb_agg(jsonb_build_array({columns})), '[]') FROM {rows} listed)",
    }

    # Of a queryset that can have none, which is not even asked.
    empty_result_set_value = "[]"

    def __init__(self, queryset: QuerySet[Any], *columns: str):
        self.model, self.columns = queryset.model, columns
        super().__init__(queryset.values(*columns), output_field=JSONField())

    def as_sql(
        self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **kwargs: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(compiler, connection, *args, **kwargs)
        columns = ", ".join(f"listed.{connection.ops.quote_name(name)}" for name in self.columns)
        return self.AGGREGATES[connection.vendor].format(columns=columns, rows=sql), params

    def partials(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """Saved rows of which these columns are known; by ``agency__name`` the row they point to, which needs
        ``agency_id`` beside it."""
        names = {column.partition("__")[0] for column in self.columns if "__" in column}
        pointed_to = {name: self.model._meta.get_field(name).related_model for name in names}
        return [_joined(self.model, pointed_to, dict(zip(self.columns, row, strict=True))) for row in found]


class RowCount(Subquery):
    """How many rows a queryset has, up to its limit; it may point outside with ``OuterRef``."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, queryset: QuerySet[Any]):
        super().__init__(queryset.values("pk"))


def _joined(model: type[Model], pointed_to: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    row = partial(model, **values)
    for name, other in pointed_to.items():
        if (pk := values[f"{name}_id"]) is not None:
            beginning = f"{name}__"
            beside = {key.removeprefix(beginning): value for key, value in values.items() if key.startswith(beginning)}
            setattr(row, name, partial(other, id=pk, **beside))
    return row


def partial(model: type[Model], **known: Any) -> Any:
    """A saved row of which only these columns are known; another one is read when somebody asks for it."""
    fields = [field for field in model._meta.concrete_fields if field.attname in known]
    values = [
        _moment(known[field.attname]) if isinstance(field, DateTimeField) else known[field.attname] for field in fields
    ]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def _moment(value: datetime | str | None) -> datetime | None:
    """SQLite keeps moments as words in UTC without saying so."""
    at = parse_datetime(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
