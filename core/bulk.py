"""Very many rows: read, added and changed a chunk at a time, without a model object for each.

For background work where making an object costs more than what is done with it. Rows are tuples or mappings of plain
values; the fields convert them, so both databases get and give what Django would. A value that many rows share, which
is the rule for dates, is converted once. Leaves out what ``save()`` does beside that: no signals, no validation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import QuerySet
from psycopg.types.datetime import TimestamptzLoader

from core.keeping import planned_cursor
from core.statements import PLAIN, change, insertion, stored_fields

# Rows of one statement; SQLite takes 32,766 parameters.
ROWS = 500
FETCHED = 2000
# Different values of a column that are remembered while rows are read.
REMEMBERED = 50_000


def read_rows(rows: QuerySet[Any, Any], *, fetched: int = 0) -> Iterator[tuple[Any, ...]]:
    """What a ``values_list()`` gives (one query); ``fetched`` rows at a time where there may be too many to hold."""
    compiler = rows.query.get_compiler(connection.alias)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return
    made = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    converters = {place: ([_once(functions)], column) for place, (functions, column) in made.items()}
    with connection.chunked_cursor() if fetched else connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The driver's own, in C; Django's puts its time zone in place of an equal one, in Python.
            cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(sql, parameters)
        while found := cursor.fetchmany(fetched or FETCHED):
            yield from map(tuple, compiler.apply_converters(found, converters)) if converters else found


def _once(converters: Sequence[Callable[[Any, Any, Any], Any]]) -> Callable[[Any, Any, Any], Any]:
    """Convert each different value once."""
    known: dict[Any, Any] = {}

    def convert(value: Any, column: Any, database: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            made = value
        if len(known) >= REMEMBERED:
            known.clear()
        for converter in converters:
            made = converter(made, column, database)
        known[value] = made
        return made

    return convert


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows given by attribute name; ids are the database's."""
    if not rows:
        return
    fields = stored_fields(model, with_key=False)
    adapted = list(zip(*_columns(fields, map(itemgetter(*(field.attname for field in fields)), rows)), strict=True))
    if connection.vendor == "postgresql":
        _copy(model, fields, adapted)
        return
    for start in range(0, len(adapted), ROWS):
        part = adapted[start : start + ROWS]
        with connection.cursor() as cursor:
            cursor.execute(insertion(model, len(part)), list(chain.from_iterable(part)))


def update_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]], **same: Any) -> None:
    """Set columns (by attribute name) of many rows, each to its own values; those of ``same`` are equal for all.

    A row is its id and the values of ``names``. ``bulk_update`` makes a CASE per column and is much slower.
    """
    if not rows:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    own, shared = [model._meta.pk, *(fields[name] for name in names)], [fields[name] for name in same]
    columns = _columns(own, rows)
    equal = [value for (value,) in _columns(shared, [tuple(same.values())])]
    # Sent apart from the text: writing thousands of values into it costs PostgreSQL's driver most of its time.
    with planned_cursor() as cursor:
        if connection.vendor == "postgresql":
            # The driver takes seven times as long to write arrays of its own.
            arrays = [json.dumps(column, default=str) for column in columns]
            cursor.execute(_change_by_arrays(model, own, shared), [*equal, *arrays])
        else:
            changes = zip(*columns[1:], columns[0], strict=True)
            statement = change(connection.vendor, model, (*same, *names))
            cursor.executemany(statement, [(*equal, *row) for row in changes])


def _copy(model: type[models.Model], fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    """PostgreSQL's own way in for many rows takes the driver a quarter of an INSERT's time."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _change_by_arrays(model: type[models.Model], own: Sequence[Any], shared: Sequence[Any]) -> str:
    """``change`` for all rows at once, a list as JSON for each column; the key is the first of ``own``."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), [quote(field.column) for field in own]
    key, *values = (f"v.{name}::{field.rel_db_type(connection)}" for name, field in zip(names, own, strict=True))
    sets = [f"{quote(field.column)} = %s" for field in shared]
    sets += [f"{name} = {value}" for name, value in zip(names[1:], values, strict=True)]
    lists = ", ".join(["json_array_elements_text(%s::json)"] * len(own))
    source = f"ROWS FROM ({lists}) AS v ({', '.join(names)})"
    return f"UPDATE {table} SET {', '.join(sets)} FROM {source} WHERE {table}.{names[0]} = {key}"  # noqa: S608  ours


def _columns(fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Rows of values by these fields, turned into columns: each is adapted in one way."""
    turned = zip(fields, zip(*rows, strict=True), strict=True)
    return [values if (way := _way(field)) is None else [way(value) for value in values] for field, values in turned]


def _way(field: Any) -> Callable[[Any], Any] | None:
    """Makes of a value what the database takes; None where that is the value itself."""
    if isinstance(field, PLAIN):
        return None
    if isinstance(field, models.JSONField):
        # Both take the text; only Django's own way out of a field would wrap it for PostgreSQL's driver.
        return lambda value: value if value is None else json.dumps(value, cls=field.encoder)

    def adapt(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    # Many rows share a few dates, so each is adapted once.
    return cache(adapt) if isinstance(field, models.DateTimeField) else adapt


@contextmanager
def part_of_much() -> Iterator[None]:
    """A transaction that works on some hundred rows of very large tables.

    PostgreSQL thinks of walking a whole table beside them, from its first row to the last one wanted: what is done
    last then costs a hundred times what is done first.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_mergejoin = off; SET LOCAL enable_hashjoin = off")
        yield
