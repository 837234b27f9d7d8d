"""What the database knows of its tables: how many rows share a value, which decides by which index it looks.

PostgreSQL counts by itself. SQLite counts only when it is told to; until then it takes an index by the number of its
columns, and a list of few cases may be looked for among all.
"""

from django.db import connection

from core.turns import turn_to_write

# Entries counted of an index before the rest is estimated: enough to tell officers, topics and states apart.
COUNTED = 100_000


def count_tables() -> None:
    """Let SQLite count its tables, one at a time, so nobody who writes waits long; nothing on PostgreSQL.

    Connections opened from then on plan by it.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {COUNTED:d}")
        for table in connection.introspection.table_names(cursor):
            with turn_to_write():
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
