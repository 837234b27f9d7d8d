"""Statements written once and run many times, where building one by Django costs more than running it.

Covers reading rows with open values (``Reading``), adding rows (``insert``) and changing some columns of one row
(``update``). Values are converted by the fields, so both databases get what Django would give them. Leaves out what
``save()`` does beside that: no signals, no validation, no refreshing of generated columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

from core.keeping import mark, planned_cursor

M = TypeVar("M", bound=models.Model)
# These go to both databases as they are.
PLAIN = (models.IntegerField, models.BooleanField, models.CharField, models.TextField, models.ForeignKey)


class Reading(Generic[M]):
    """A query for rows with open values; ``build`` makes it from as many texts and numbers as ``kinds`` has.

    ``build`` must make the same query whatever the values are. Rows that point to the same row share it as one object.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *kinds: type):
        self._build, self._marks = build, [mark(kind, place) for place, kind in enumerate(kinds)]
        self._compiled: dict[str, tuple[Any, str, tuple[Any, ...], Any]] = {}

    def all(self, *values: str | int) -> list[M]:
        """The rows (one query)."""
        ready, sql, parameters, converters = self._compiled.get(connection.vendor) or self._compile()
        if ready.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("a lock needs a transaction")
        given = dict(zip(self._marks, values, strict=True))
        filled = tuple(given.get(part, part) if type(part) in (int, str) else part for part in parameters)
        compiler = copy(ready)
        compiler.connection = connection
        with planned_cursor() as cursor:
            cursor.execute(sql, filled)
            found = cursor.fetchall()
        return self._rows(compiler, converters, found)

    def _rows(self, compiler: Any, converters: Any, found: list[Any]) -> list[M]:
        """As ``ModelIterable`` builds them, of a compiler that has nothing left to compile."""
        if converters:
            found = list(compiler.apply_converters(found, converters))
        if not found:
            return []
        about, alias = compiler.klass_info, connection.alias
        start, end = about["select_fields"][0], about["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[start:end]]
        # A row that points back to this one belongs to it alone.
        joined = ["" if part["reverse"] else part["field"].name for part in about.get("related_klass_infos", ())]
        # The stubs are those of a later Django.
        populators = get_related_populators(about, compiler.select, alias)  # type: ignore[call-arg]
        fillers = list(zip(joined, populators, strict=True))
        rows: list[M] = []
        known: dict[tuple[str, Any], Any] = {}
        for values in found:
            row = about["model"].from_db(alias, names, values[start:end])
            for name, filler in fillers:
                key = name, values[filler.cols_start + filler.pk_idx]
                if key in known:
                    filler.local_setter(row, known[key])
                else:
                    filler.populate(values, row)
                    if name:
                        known[key] = getattr(row, name)
            for name, column in compiler.annotation_col_map.items():
                setattr(row, name, values[column])
            rows.append(row)
        return rows

    def first(self, *values: str | int) -> M | None:
        return next(iter(self.all(*values)), None)

    def _compile(self) -> tuple[Any, str, tuple[Any, ...], Any]:
        compiler = self._build(*self._marks).query.get_compiler(connection.alias)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        return self._compiled.setdefault(connection.vendor, (compiler, sql, tuple(parameters), converters))


def insert(rows: Sequence[models.Model], *, is_numbered: bool = False, skip_known: bool = False) -> None:
    """Add rows of one model with one statement; each knows its id afterwards.

    ``is_numbered``: the rows bring their ids. ``skip_known``: a row that breaks a unique constraint is left out; then
    no row learns its id.
    """
    if not rows:
        return
    model = type(rows[0])
    statement = _insertion(connection.vendor, model, len(rows), is_numbered, skip_known)
    with planned_cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in values_to_insert(row, is_numbered=is_numbered)])
        found = cursor.fetchall() if not (is_numbered or skip_known) else ()
    for row, (number,) in zip(rows, found, strict=False):
        row.pk = number
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def values_to_insert(row: models.Model, *, is_numbered: bool = False) -> list[Any]:
    """The values of a new row in the order of ``insertion``, as the database takes them."""
    operations = connection.ops
    return [_value(row, name, way, operations) for name, way in _columns(type(row), is_numbered)]


def update(row: models.Model, names: Sequence[str], where: Mapping[str, Any]) -> bool:
    """Write some columns (by attribute name) of the row that has this id and these values; whether there was one."""
    values = _values_to_write(row, names)
    with planned_cursor() as cursor:
        cursor.execute(
            change(connection.vendor, type(row), tuple(names), tuple(where)), [*values, row.pk, *where.values()]
        )
        return cursor.rowcount > 0


def update_each(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these columns (by attribute name) of several rows of one model with one statement."""
    model = type(rows[0])
    parameters: list[Any] = []
    shape = []
    for name, values in zip(names, zip(*(_values_to_write(row, names) for row in rows), strict=True), strict=True):
        is_shared = all(value == values[0] for value in values)
        shape.append((name, is_shared))
        parameters += (
            values[:1]
            if is_shared
            else [part for row, value in zip(rows, values, strict=True) for part in (row.pk, value)]
        )
    with connection.cursor() as cursor:
        statement = _change_each(connection.vendor, model, tuple(shape), len(rows))
        cursor.execute(statement, [*parameters, *(row.pk for row in rows)])


def values_of(row: models.Model) -> dict[str, Any]:
    """The stored values of a row as they are now, by attribute name: compare with an earlier answer to see changes."""
    own = row.__dict__
    return {name: own[name] for name in _names(type(row)) if name in own}


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in stored_fields(model, with_key=False)]


def stored_fields(model: type[models.Model], *, with_key: bool) -> list[Any]:
    """What a row is written by: not what the database computes, and its id only where the row brings it."""
    return [
        field for field in model._meta.concrete_fields if not field.generated and (with_key or not field.primary_key)
    ]


# Makes of a row's value what the database takes, given the operations of its connection.
Way = Callable[[models.Model, Any], Any]


@cache
def _columns(model: type[models.Model], with_key: bool) -> list[tuple[str, Way | None]]:
    """Attribute and, where the value has to be converted, how."""
    return [(field.attname, _way(field, adds=True)) for field in stored_fields(model, with_key=with_key)]


@cache
def _changing(model: type[models.Model]) -> dict[str, Way | None]:
    """The same for rows that are changed; ``auto_now_add`` leaves them alone."""
    return {field.attname: _way(field, adds=False) for field in stored_fields(model, with_key=False)}


def _way(field: Any, *, adds: bool) -> Way | None:
    if isinstance(field, PLAIN):
        return None
    if type(field) is models.DateTimeField and not (field.auto_now or field.auto_now_add):
        # Most values that need converting: straight to what the field would ask after half a dozen calls.
        return lambda row, operations: operations.adapt_datetimefield_value(row.__dict__[field.attname])
    return lambda row, operations: field.get_db_prep_save(field.pre_save(row, adds), operations.connection)


def _values_to_write(row: models.Model, names: Sequence[str]) -> list[Any]:
    ways, operations = _changing(type(row)), connection.ops
    return [_value(row, name, ways[name], operations) for name in names]


def _value(row: models.Model, name: str, way: Way | None, operations: Any) -> Any:
    if way is not None:
        return way(row, operations)
    value = row.__dict__[name]
    return _saved_meanwhile(row, name) if value is None else value


def _saved_meanwhile(row: models.Model, name: str) -> Any:
    """The id of a related row that had none yet when it was assigned."""
    related = row._state.fields_cache.get(name.removesuffix("_id")) if name.endswith("_id") else None
    return related.pk if related is not None else None


@cache
def _insertion(_vendor: str, model: type[models.Model], rows: int, is_numbered: bool, skip_known: bool) -> str:
    statement = insertion(model, rows, is_numbered=is_numbered)
    if skip_known:
        return f"{statement} ON CONFLICT DO NOTHING"
    key = connection.ops.quote_name(str(model._meta.pk.column))
    return statement if is_numbered else f"{statement} RETURNING {key}"


def insertion(model: type[models.Model], rows: int = 1, *, is_numbered: bool = False) -> str:
    """``INSERT INTO … VALUES …`` for so many rows, to be followed by what is done about a conflict."""
    quote = connection.ops.quote_name
    fields = stored_fields(model, with_key=is_numbered)
    names = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {values}"  # noqa: S608  names of our own


@cache
def change(_vendor: str, model: type[models.Model], names: tuple[str, ...], where: tuple[str, ...] = ()) -> str:
    """``UPDATE …`` of columns (by attribute name) of the row with an id and these values, in this order."""
    quote = connection.ops.quote_name
    columns = {field.attname: quote(str(field.column)) for field in model._meta.concrete_fields}
    changed = ", ".join(f"{columns[name]} = %s" for name in names)
    wanted = " AND ".join(f"{columns[name]} = %s" for name in (model._meta.pk.attname, *where))
    return f"UPDATE {quote(model._meta.db_table)} SET {changed} WHERE {wanted}"  # noqa: S608  names of our own


@cache
def _change_each(vendor: str, model: type[models.Model], shape: tuple[tuple[str, bool], ...], rows: int) -> str:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    key = quote(str(model._meta.pk.column))
    changed = []
    for name, is_shared in shape:
        # PostgreSQL takes a CASE of untyped values for text.
        value = f"CAST(%s AS {fields[name].cast_db_type(connection)})" if vendor == "postgresql" else "%s"
        cases = "%s" if is_shared else f"CASE {key} {' '.join([f'WHEN %s THEN {value}'] * rows)} END"
        changed.append(f"{quote(str(fields[name].column))} = {cases}")
    marks = ", ".join(["%s"] * rows)
    return f"UPDATE {quote(model._meta.db_table)} SET {', '.join(changed)} WHERE {key} IN ({marks})"  # noqa: S608  ours
