"""What the database itself refuses, on SQLite and PostgreSQL.

- An event can be added, never changed or deleted.
- A complaint's status changes only after the event of that change, so no side door (import, shell, bulk update) moves
  a case without leaving a trace.
- The outcome of a stopped clock is never rewritten.
"""

from typing import Any

from django.core.checks import Warning as CheckWarning

from core.triggers import Rule, create, drop, missing

MISSING = "workflows.W001"

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
    drop(RULES, using)


def create_triggers(using: str = "default", **_kwargs: Any) -> None:
    """Make every trigger whose table exists; safe to repeat."""
    create(RULES, using)


def check_triggers(databases: list[str] | None = None, **_kwargs: Any) -> list[CheckWarning]:
    """System check (run with ``check --database``): the guards of the event log are in place."""
    return [warning for using in databases or () for warning in missing(RULES, using, MISSING)]
