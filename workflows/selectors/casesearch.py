"""Find cases by their words or by a number, newest first, among those a person may see and nowhere else."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from core.keeping import mark
from core.merging import Keys, page_of, tagged_keys
from core.models import User
from core.paging import Cursor
from core.textsearch import asked_for, few_matches, words_of
from workflows.models import Complaint
from workflows.selectors.queue import NOW, TAB_STATUSES, Wanted, about, is_newest_first, parts_of
from workflows.selectors.seats import Seats
from workflows.states import Status
from workflows.texts import CASE_WORDS, MESSAGE_WORDS

NUMBER = re.compile(r"^[A-Z]{2,6}-\d{4}-\d{1,9}(-\d{1,3})?$")
SP4N = re.compile(r"^#?\d{5,12}$")
# How many messages of a page's cases are read, by how often one case may repeat the words.
REPEATED = (4, 40, 400)
INDEXES = CASE_WORDS, MESSAGE_WORDS
# Listed by id alone, so every row has the same moment.
NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
# What stands open in a kept statement: a number as it may be written, the words, and the case a page goes on from.
NUMBERS, WORDS, FROM = tuple(mark(str, place) for place in range(3)), mark(str, 3), Cursor(NO_MOMENT, mark(int))


def found_keys(
    user: User, seats: Seats, text: str, *, tab: str, wanted: Wanted, given: Mapping[str, str], size: int, now: datetime
) -> Keys:
    """The ids of the asked page of what fits the text (one statement)."""
    search = _Search(user, seats, tab, wanted, now)
    if written := _number(text):
        return Keys(search.numbered(written, size))
    if not (words := words_of(text)):
        return Keys([])
    asked = asked_for(words, connection.vendor)

    are_few = few_matches(INDEXES, asked)

    def read(cursor: Cursor | None, descending: bool, most: int) -> list[tuple[datetime, int]]:
        return [(NO_MOMENT, key) for key in search.worded(asked, are_few, cursor, descending=descending, most=most)]

    return page_of(read, given, size=size, newest_first=True)


@dataclass(frozen=True)
class _Search:
    user: User
    seats: Seats
    tab: str
    wanted: Wanted
    now: datetime

    @property
    def about(self) -> Hashable:
        return about(self.user, self.seats, self.tab, self.wanted)

    def numbered(self, written: tuple[str, ...], most: int) -> list[int]:
        """The cases with a number that may be written in these ways (one statement)."""
        marks = NUMBERS[: len(written)]
        exact = Q(reference=marks[0]) if len(written) == 1 else Q(sp4n_tracking__in=marks)
        found = tagged_keys(
            lambda: [self._narrowed().filter(exact).order_by("-pk")[:most]],
            about=(self.about, len(written), most),
            values={NOW: self.now, **dict(zip(marks, written, strict=True))},
            descending=True,
        )
        return [key for key, _number in found]

    def worded(
        self, asked: str, are_few: tuple[bool, ...], cursor: Cursor | None, *, descending: bool, most: int
    ) -> list[int]:
        """The first cases that hold the words in their report or in a message (one statement, more where one case
        says them in very many messages)."""
        keys: list[int] = []
        for often in REPEATED:
            found = self._tagged(asked, are_few, cursor, descending, (most, most * often))
            said = [key for key, number in found if number]
            keys = sorted({key for key, _number in found}, reverse=descending)
            if len(said) < most * often:
                break
            # The messages were cut: what comes behind the last of them may be missing.
            last = said[-1]
            keys = [key for key in keys if (key >= last if descending else key <= last)]
            if len(keys) >= most:
                break
        return keys[:most]

    def _tagged(
        self, asked: str, are_few: tuple[bool, ...], cursor: Cursor | None, descending: bool, most: tuple[int, int]
    ) -> list[tuple[int, int]]:
        start = FROM if cursor else None
        return tagged_keys(
            lambda: [
                index.found(rows, WORDS, cursor=start, descending=descending, are_few=few, among=listed)[:number]
                for rows, listed in [(self._rows(), self._listed())]
                for index, few, number in zip(INDEXES, are_few, most, strict=True)
            ],
            about=(self.about, are_few, cursor is None, most),
            values={NOW: self.now, WORDS: asked, FROM.pk: cursor.pk if cursor else 0},
            descending=descending,
        )

    def _narrowed(self) -> QuerySet[Complaint]:
        listed = self._listed()
        return self._rows() if listed is None else self._rows().filter(pk__in=listed)

    def _listed(self) -> QuerySet[Any] | None:
        """The ids under a tab where nothing has ended, which are few; None under the others."""
        if is_newest_first(self.tab, self.wanted):
            return None
        parts = parts_of(self.user, self.seats, tab=self.tab, wanted=self.wanted)
        ids = (part.rows.order_by().values("pk") for part in parts)
        return Complaint.objects.none().values("pk").union(*ids, all=True)

    def _rows(self) -> QuerySet[Complaint]:
        wanted, rows = self.wanted, Complaint.objects.visible_to(self.user)
        if not is_newest_first(self.tab, wanted):
            return rows
        statuses, rows = wanted.among(TAB_STATUSES[self.tab]), rows.filter(**wanted.conditions)
        rows = rows if len(statuses) == len(Status) else rows.filter(status__in=statuses)
        if wanted.agencies is not None:
            rows = rows.filter(current_agency__in=wanted.agencies)
        if wanted.categories is not None:
            rows = rows.filter(category__in=wanted.categories)
        return rows.filter(assignee=wanted.officer) if wanted.officer else rows


def _number(text: str) -> tuple[str, ...]:
    """One of our own numbers, or the ways in which one of SP4N may be kept."""
    asked = text.strip().upper()
    if NUMBER.match(asked):
        return (asked,)
    return (asked, asked.lstrip("#"), f"#{asked.lstrip('#')}") if SP4N.match(asked) else ()
