"""Short lists read as one value: several of them in the statement that is made anyway.

For what a page needs beside its main rows (rights, choices of a form), a few dozen rows each. Values come as JSON gives
them, numbers and words; ``partial`` makes moments of words again.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, JSONField, Model, QuerySet, Subquery
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
        self.columns = columns
        super().__init__(queryset.values(*columns), output_field=JSONField())

    def as_sql(
        self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **kwargs: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(compiler, connection, *args, **kwargs)
        columns = ", ".join(f"listed.{connection.ops.quote_name(name)}" for name in self.columns)
        return self.AGGREGATES[connection.vendor].format(columns=columns, rows=sql), params


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
