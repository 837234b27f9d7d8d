"""What the database itself refuses, on SQLite and PostgreSQL.

- An event can be added, never changed or deleted.
- A complaint's status changes only after the event of that change, so no side door (import, shell, bulk update) moves
  a case without leaving a trace.
- The outcome of a stopped clock is never rewritten, and never deleted: erasing a reporter keeps it.
- Complaint rules that were published are kept as they are.
- A row is not replaced: SQLite's ``INSERT OR REPLACE`` deletes without asking the guards of DELETE and UPDATE.

Not a refusal: a stamp changes with every change of a limit or a rule, or of what the form offers, whoever makes it.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from core.triggers import Rule, guards

MISSING = "workflows.W001"

EVENT_OF_THIS_CHANGE = """EXISTS (
    SELECT 1 FROM workflows_complaintevent e
    WHERE e.complaint_id = NEW.id AND e.sequence = NEW.version AND NEW.version > OLD.version
      AND e."before" = OLD.status AND e."after" = NEW.status)"""

PUBLISHED = "EXISTS (SELECT 1 FROM workflows_ruleset r WHERE r.id = {row}.rule_set_id AND r.state <> 'draft')"
KEPT = "published complaint rules are kept as they are"
RULE_SETS = (
    Rule("workflows_rules_kept", "workflows_ruleset", "DELETE", "OLD.state <> 'draft'", KEPT),
    Rule("workflows_rules_unchanged", "workflows_ruleset", "UPDATE OF moves, number", "OLD.state <> 'draft'", KEPT),
    Rule("workflows_rules_forward", "workflows_ruleset", "UPDATE OF state", "OLD.state = 'retired'", KEPT),
    *(
        Rule(f"workflows_reason_{when.lower()}", "workflows_localreason", when, PUBLISHED.format(row=row), KEPT)
        for when, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ),
)

STOPPED = "OLD.stopped_at IS NOT NULL"
KEEPS_OUTCOME = "a stopped clock keeps its outcome"

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
    Rule("workflows_outcome_unchanged", "workflows_clockcycle", "UPDATE", STOPPED, KEEPS_OUTCOME),
    Rule("workflows_outcome_kept", "workflows_clockcycle", "DELETE", STOPPED, KEEPS_OUTCOME),
    *RULE_SETS,
)


def _not_replaced(table: str, *keys: str) -> Rule:
    same = " OR ".join(f"({key})" for key in keys)
    condition = f"EXISTS (SELECT 1 FROM {table} t WHERE {same})"  # noqa: S608  our own names only
    return Rule(f"{table}_not_replaced", table, "INSERT", condition, "a row of the record is not replaced")


# PostgreSQL has no such statement: there an upsert is an UPDATE, which the guards above see.
SQLITE_RULES = (
    _not_replaced(
        "workflows_complaintevent", "t.id = NEW.id", "t.complaint_id = NEW.complaint_id AND t.sequence = NEW.sequence"
    ),
    _not_replaced("workflows_complaint", "t.id = NEW.id", "t.reference = NEW.reference"),
    _not_replaced("workflows_clockcycle", "t.id = NEW.id"),
    _not_replaced("workflows_ruleset", "t.id = NEW.id", "t.region_id = NEW.region_id AND t.number = NEW.number"),
    _not_replaced("workflows_localreason", "t.id = NEW.id"),
)

GUARDS = guards(RULES, MISSING)
SQLITE_GUARDS = guards(SQLITE_RULES, MISSING, vendor="sqlite")
# What changes each stamp (``RulesStamp``).
STAMPED = {
    "rules": ("workflows_slapolicy", "workflows_ruleset", "workflows_localreason"),
    "form": ("core_region", "core_agency", "core_service", "core_district", "workflows_category",
             "workflows_categoryversion", "workflows_complaintdesk"),
}  # fmt: skip


def drop_stamps(using: str = "default", **_kwargs: Any) -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for _name, table, when in _stamping():
            if table in tables:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_stamp_{when.lower()}{on}")


def create_stamps(using: str = "default", **_kwargs: Any) -> None:
    """Make the triggers that stamp, and stamp everything: what happened meanwhile nobody saw."""
    connection = connections[using]
    stamped = {table for _name, table, _when in _stamping()}
    if not {*stamped, "workflows_rulesstamp"} <= set(connection.introspection.table_names()):
        return
    drop_stamps(using)
    with connection.cursor() as cursor:
        for name in STAMPED:
            cursor.execute(_stamp(connection, name))
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION workflows_stamp_{name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$body$ BEGIN {_stamp(connection, name)}; RETURN NULL; END $body$"
                )
        for name, table, when in _stamping():
            head = f"CREATE TRIGGER {table}_stamp_{when.lower()} AFTER {when} ON {table}"
            body = f"FOR EACH ROW BEGIN {_stamp(connection, name)}; END"
            if connection.vendor == "postgresql":
                body = f"FOR EACH STATEMENT EXECUTE FUNCTION workflows_stamp_{name}()"
            cursor.execute(f"{head} {body}")


def _stamping() -> Iterator[tuple[str, str, str]]:
    for name, tables in STAMPED.items():
        yield from ((name, table, when) for table, when in product(tables, ("INSERT", "UPDATE", "DELETE")))


def _stamp(connection: BaseDatabaseWrapper, name: str) -> str:
    token = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()::text"
    upsert = "ON CONFLICT (name) DO UPDATE SET token = excluded.token"
    return f"INSERT INTO workflows_rulesstamp (name, token) VALUES ('{name}', {token}) {upsert}"  # noqa: S608  our own
