"""Search by words over the texts of a table: PostgreSQL's full text with GIN, FTS5 on SQLite.

The database keeps the index: a generated column on PostgreSQL; on SQLite triggers, which are dropped before every
migrate and made again after it, as SQLite loses them whenever Django rebuilds a table (``triggers.py``). Words are
taken as written, each as the beginning of a word, because Indonesian hangs its small words on the end (``rumahnya``).
Leaves out ranking: newest first is what an officer looks for.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import AppConfig
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate, pre_migrate

from core.paging import Cursor

MOST_WORDS, LONGEST_WORD, SHORTEST_BEGINNING = 8, 40, 3
# So many matches are collected and sorted in no time; of more, a page is met soon on the way along the ids.
FEW = 2000
WORD = re.compile(r"[^\W_]+")


# On SQLite the words of rows that belong to another bear the owner's id first, so that matches come in its order.
STRIDE = 2**32


class TextIndex(NamedTuple):
    """The words of some text columns of a table; called ``words`` there.

    ``owner`` is the column that names whose words these are: then owners are found, in the order of their ids.
    """

    table: str
    columns: tuple[str, ...]
    owner: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_words"

    def connect(self, app: AppConfig) -> None:
        uid = f"textsearch.{self.name}"
        pre_migrate.connect(self._drop_triggers, sender=app, weak=False, dispatch_uid=f"{uid}.drop")
        post_migrate.connect(self._create_triggers, sender=app, weak=False, dispatch_uid=f"{uid}.create")

    def _drop_triggers(self, using: str = "default", **_kwargs: Any) -> None:
        _run(connections[using], self.dropped_triggers())

    def _create_triggers(self, using: str = "default", **_kwargs: Any) -> None:
        if self.name in connections[using].introspection.table_names():
            _run(connections[using], (*self.dropped_triggers(), *self.triggers()))

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """For a migration: make the index and fill it from what the table holds."""
        if connection.vendor == "postgresql":
            _run_all(connection, self._postgres())
            return
        columns = ", ".join(self.columns)
        content = "content=''" if self.owner else f"content='{self.table}', content_rowid='id'"
        fill = f"INSERT INTO {self.name}({self.name}) VALUES ('rebuild')"  # noqa: S608  names of ours
        if self.owner:
            fill = f"INSERT INTO {self.name}(rowid, {columns}) SELECT {self._row('t')}, {columns} FROM {self.table} t"  # noqa: S608  ours
        _run(connection, [
            f"CREATE VIRTUAL TABLE {self.name} USING fts5({columns}, {content}, prefix='3 4', tokenize='unicode61')",
            fill,
        ])  # fmt: skip

    def _row(self, row: str) -> str:
        return f"{row}.{self.owner} * {STRIDE} + {row}.id" if self.owner else f"{row}.id"

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        if connection.vendor == "postgresql":
            _run_all(connection, [f"ALTER TABLE {self.table} DROP COLUMN words"])
            return
        _run(connection, [*self.dropped_triggers(), f"DROP TABLE IF EXISTS {self.name}"])

    def _postgres(self) -> list[str]:
        texts = " || ' ' || ".join(f"coalesce({column}, '')" for column in self.columns)
        # Without the signs: PostgreSQL's parser would keep addresses, paths and numbers with a dash as one word.
        vector = f"to_tsvector('simple'::regconfig, regexp_replace({texts}, '[^[:alnum:]]+', ' ', 'g'))"
        return [
            f"ALTER TABLE {self.table} ADD COLUMN words tsvector GENERATED ALWAYS AS ({vector}) STORED",
            f"CREATE INDEX {self.name} ON {self.table} USING gin (words)",
        ]

    def dropped_triggers(self) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {self.name}_{when}" for when in ("added", "changed", "gone")]

    def triggers(self) -> Iterator[str]:
        listed = ", ".join(self.columns)
        old, new = (", ".join(f"{row}.{column}" for column in self.columns) for row in ("OLD", "NEW"))
        forget = f"INSERT INTO {self.name}({self.name}, rowid, {listed}) VALUES ('delete', {self._row('OLD')}, {old});"  # noqa: S608  ours
        learn = f"INSERT INTO {self.name}(rowid, {listed}) VALUES ({self._row('NEW')}, {new});"  # noqa: S608  ours
        for name, when, body in (
            ("added", "INSERT", learn),
            ("changed", f"UPDATE OF {listed}", forget + learn),
            ("gone", "DELETE", forget),
        ):
            yield f"CREATE TRIGGER {self.name}_{name} AFTER {when} ON {self.table} FOR EACH ROW BEGIN {body} END"

    def matching(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Rows that hold every word of the text, newest first; with no word in the text none.

        With an ``owner`` a row comes as often as something of it holds them.
        """
        words = words_of(text)
        return self.found(rows, asked_for(words, connections[rows.db].vendor)) if words else rows.none()

    def matching_any(self, rows: QuerySet[Any], words: list[str]) -> QuerySet[Any]:
        """Rows that hold at least one of the words, newest first."""
        safe = [word for text in words for word in words_of(text)]
        return self.found(rows, asked_for(safe, connections[rows.db].vendor, every=False)) if safe else rows.none()

    def found(
        self,
        rows: QuerySet[Any],
        asked: str,
        *,
        cursor: Cursor | None = None,
        descending: bool = True,
        are_few: bool = False,
        among: QuerySet[Any] | None = None,
    ) -> QuerySet[Any]:
        """Rows that hold what is ``asked_for``, by id from the cursor on; in a kept statement both may be marks.

        ``are_few`` (see ``few_matches``): PostgreSQL collects the matches and sorts them. ``among`` narrows to a few
        rows: PostgreSQL may begin with them, SQLite goes through the matches with their list at hand.
        """
        owners, key = f"{rows.model._meta.db_table}.id", f"{self.table}.{self.owner or 'id'}"
        side, begins = "<" if descending else ">", "%s"
        tables, params = [self.table] if self.owner else [], [asked]
        where = [f"{self.table}.words @@ to_tsquery('simple', %s)", *([f"{key} = {owners}"] if self.owner else [])]
        if connections[rows.db].vendor == "sqlite":
            # By its own rowid the index hands out matches in order, and stops when the page is full.
            key, tables = f"{self.name}.rowid", [self.name]
            where = [f"{self.name} MATCH %s", f"{key} / {STRIDE} = {owners}" if self.owner else f"{key} = {owners}"]
            # Behind every row of the owner that the cursor names.
            begins = (f"%s * {STRIDE}" if descending else f"%s * {STRIDE} + {STRIDE - 1}") if self.owner else "%s"
            if among is not None:
                listed, given = _written(among)
                # A sum, or each of the list would be looked for by itself: a search of the whole index every time.
                where.append(f"{key} / {STRIDE} IN ({listed})" if self.owner else f"{key} + 0 IN ({listed})")
                params += given
        elif among is not None:
            rows, are_few = rows.filter(pk__in=among), True
        if cursor is not None:
            where.append(f"{key} {side} {begins}")
            params.append(cursor.pk)
        # Neither database's full text has a lookup in Django's core without django.contrib.postgres.
        found = rows.order_by().extra(  # noqa: S610  words go as parameters
            where=where, params=params, tables=tables
        )
        if are_few:
            # A sum has no order in any index, so the planner cannot walk along the ids looking for matches.
            place = RawSQL(f"{key} + 0", (), BigIntegerField())  # noqa: S611  columns of ours
            return found.order_by(place.desc() if descending else place)
        return found.extra(order_by=[f"-{key}" if descending else key])


def few_matches(indexes: Sequence[TextIndex], asked: str) -> tuple[bool, ...]:
    """In which indexes few rows hold what is ``asked_for`` (one query on PostgreSQL, none on SQLite).

    PostgreSQL guesses that one row in two hundred holds the beginning of a word it does not know, and would look for
    the newest twenty along the ids: through a million rows where there is one, or none. SQLite's index gives matches
    in the order of the ids, few or many.
    """
    if connection.vendor == "sqlite":
        return (False,) * len(indexes)
    counts = ", ".join(
        f"(SELECT COUNT(*) FROM (SELECT 1 FROM {index.table} WHERE words @@ to_tsquery('simple', %s) LIMIT {FEW}) few)"  # noqa: S608  names of ours
        for index in indexes
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [asked] * len(indexes))
        return tuple(count < FEW for count in cursor.fetchone())


def asked_for(words: list[str], vendor: str, *, every: bool = True) -> str:
    """Words as the database asks its index for them, each as a beginning."""
    if vendor == "sqlite":
        return (" " if every else " OR ").join(_beginning(f'"{word}"', "*") for word in words)
    return (" & " if every else " | ").join(_beginning(word, ":*") for word in words)


def words_of(text: str) -> list[str]:
    """The words to look for, at most eight."""
    return [word[:LONGEST_WORD].lower() for word in WORD.findall(text)[:MOST_WORDS]]


def _written(ids: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
    """A list of ids as a database writes it; that of nobody is none to Django."""
    try:
        return ids.query.sql_with_params()  # type: ignore[no-any-return]
    except EmptyResultSet:
        return "SELECT NULL", ()


def _beginning(word: str, sign: str) -> str:
    return word + sign if len(word.strip('"')) >= SHORTEST_BEGINNING else word


def _run(connection: BaseDatabaseWrapper, statements: Any) -> None:
    if connection.vendor == "sqlite":
        _run_all(connection, statements)


def _run_all(connection: BaseDatabaseWrapper, statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
