"""What the database itself refuses: the machinery behind each app's table of rules, on SQLite and PostgreSQL.

SQLite drops triggers whenever Django rebuilds a table, and refuses to rebuild one that a trigger elsewhere names. So
they are dropped before every migrate and made again after it; a system check finds them missing. An app lists its rules
in ``triggers.py``, makes its ``guards`` of them there and connects those in ``AppConfig.ready``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate


class Rule(NamedTuple):
    """Refuse ``when`` (``UPDATE``, ``DELETE``, ``INSERT``, ``UPDATE OF column``) where the SQL condition holds."""

    name: str
    table: str
    when: str
    condition: str
    message: str


class Guards(NamedTuple):
    """An app's rules as what migrate and the system check call: receivers of signals, and a check."""

    drop: Callable[..., None]
    create: Callable[..., None]
    check: Callable[..., list[CheckWarning]]

    def connect(self, app: AppConfig, name: str = "triggers") -> None:
        """The check runs with ``check --database``; an app with several guards names them."""
        pre_migrate.connect(self.drop, sender=app, weak=False, dispatch_uid=f"{app.name}.{name}.drop")
        post_migrate.connect(self.create, sender=app, weak=False, dispatch_uid=f"{app.name}.{name}.create")
        register(self.check, Tags.database)


def guards(rules: Sequence[Rule], warning_id: str, *, vendor: str = "") -> Guards:
    """The guards of an app; those of one ``vendor`` exist on that database only."""

    def concerns(using: str) -> bool:
        return vendor in ("", connections[using].vendor)

    def drop_triggers(using: str = "default", **_kwargs: Any) -> None:
        if concerns(using):
            drop(rules, using)

    def create_triggers(using: str = "default", **_kwargs: Any) -> None:
        if concerns(using):
            create(rules, using)

    def check_triggers(databases: Iterable[str] | None = None, **_kwargs: Any) -> list[CheckWarning]:
        wanted = [using for using in databases or () if concerns(using)]
        return [warning for using in wanted for warning in missing(rules, using, warning_id)]

    return Guards(drop_triggers, create_triggers, check_triggers)


def drop(rules: Iterable[Rule], using: str) -> None:
    connection = connections[using]
    _run(connection, (_drop(connection, rule) for rule in rules))


def create(rules: Sequence[Rule], using: str) -> None:
    """Make every trigger once all their tables exist; safe to repeat."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if {rule.table for rule in rules} <= tables:
        _run(connection, _statements(connection, rules))


def missing(rules: Iterable[Rule], using: str, warning_id: str) -> Iterator[CheckWarning]:
    """A warning for each rule whose table exists without its trigger.

    Not an error: ``migrate`` runs the checks first, and it is migrate that makes a missing trigger.
    """
    connection = connections[using]
    try:
        tables = set(connection.introspection.table_names())
        found = _installed(connection)
    except DatabaseError:
        return
    for rule in rules:
        if rule.table in tables and rule.name not in found:
            yield CheckWarning(f"The trigger {rule.name} is missing.", hint="Run manage.py migrate.", id=warning_id)


def _installed(connection: BaseDatabaseWrapper) -> set[str]:
    sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    if connection.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def _statements(connection: BaseDatabaseWrapper, rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
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
    kept = "OLD" if rule.when == "DELETE" else "NEW"
    guard = f"IF NOT ({rule.condition or 'TRUE'}) THEN RETURN {kept}; END IF;"
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
