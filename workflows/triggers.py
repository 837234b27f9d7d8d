"""What the database itself refuses, on SQLite and PostgreSQL.

- An event can be added, never changed or deleted.
- A complaint's status changes only after the event of that change, so no side door (import, shell, bulk update) moves
  a case without leaving a trace.
- The outcome of a stopped clock is never rewritten.
"""

from core.triggers import Rule, guards

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

GUARDS = guards(RULES, MISSING)
