"""What the database itself refuses, on SQLite and PostgreSQL.

- An event can be added, never changed or deleted.
- A complaint's status changes only after the event of that change, so no side door (import, shell, bulk update) moves
  a case without leaving a trace.
- The outcome of a stopped clock is never rewritten.

SQLite drops triggers whenever Django rebuilds a table, and refuses to rebuild one that a trigger elsewhere names. So
they are dropped before every migrate and made again after it; a system check finds them missing.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.checks import Error
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

MISSING = "workflows.E001"


class Rule(NamedTuple):
    name: str
    table: str
    when: str
    condition: str
    message: str


EVENT_OF_THIS_CHANGE = """EXISTS (
    SELECT 1 FROM workflows_complaintevent e
    WHERE e.complaint_id = NEW.id AND e.sequence = NEW.version AND NEW.version > OLD.version
      AND e."before" = OLD.status AND e."after" = NEW.status)"""

RULES = (
    Rule("workflows_event_unchanged", "workflows_complaintevent", "UPDATE", "", "complaint events are append-only"),
    Rule("workflows_event_kept", "workflows_complaintevent", "DELETE", "", "complaint events are append-only"),
    Rule(
        "workflows_status_has_event",
        "workflows_complaint",
        "UPDATE OF status",
        f"NEW.status <> OLD.status AND NOT {EVENT_OF_THIS_CHANGE}",
        "a status changes together with its event",
    ),
    Rule(
        "workflows_outcome_unchanged",
        "workflows_clockcycle",
        "UPDATE",
        "OLD.stopped_at IS NOT NULL",
        "a stopped clock keeps its outcome",
    ),
)


def drop_triggers(using: str = "default", **_kwargs: Any) -> None:
    connection = connections[using]
    _run(connection, (_drop(connection, rule) for rule in RULES))


def create_triggers(using: str = "default", **_kwargs: Any) -> None:
    """Make every trigger whose table exists; safe to repeat."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if {rule.table for rule in RULES} <= tables:
        _run(connection, _statements(connection))


def check_triggers(databases: list[str] | None = None, **_kwargs: Any) -> list[Error]:
    """System check (run with ``check --database``): the guards of the event log are in place."""
    return [error for using in databases or () for error in _missing(using)]


def _missing(using: str) -> Iterator[Error]:
    connection = connections[using]
    try:
        tables = set(connection.introspection.table_names())
        found = _installed(connection)
    except DatabaseError:
        return
    for rule in RULES:
        if rule.table in tables and rule.name not in found:
            yield Error(f"The trigger {rule.name} is missing.", hint="Run manage.py migrate.", id=MISSING)


def _installed(connection: BaseDatabaseWrapper) -> set[str]:
    sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    if connection.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def _statements(connection: BaseDatabaseWrapper) -> Iterator[str]:
    for rule in RULES:
        yield _drop(connection, rule)
        yield from _create(connection, rule)


def _drop(connection: BaseDatabaseWrapper, rule: Rule) -> str:
    on = "" if connection.vendor == "sqlite" else f" ON {rule.table}"
    return f"DROP TRIGGER IF EXISTS {rule.name}{on}"


def _create(connection: BaseDatabaseWrapper, rule: Rule) -> Iterator[str]:
    when = f"WHEN ({rule.condition}) " if rule.condition else ""
    head = f"CREATE TRIGGER {rule.name} BEFORE {rule.when} ON {rule.table} FOR EACH ROW"
    if connection.vendor == "sqlite":
        yield f"{head} {when}BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
        return
    # PostgreSQL forbids subqueries in WHEN, so the condition stands in the function.
    guard = f"IF NOT ({rule.condition or 'TRUE'}) THEN RETURN NEW; END IF;"
    raised = f"RAISE EXCEPTION '{rule.message}' USING ERRCODE = 'integrity_constraint_violation';"
    yield (
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$body$ BEGIN {guard} {raised} END $body$"
    )
    yield f"{head} EXECUTE FUNCTION {rule.name}()"


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
