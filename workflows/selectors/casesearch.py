"""Find cases by their words or by a number, newest first, among those a person may see and nowhere else."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from core.merging import Keys, page_of, tagged_keys
from core.models import User
from core.paging import Cursor
from workflows.models import Complaint
from workflows.selectors.queue import TAB_STATUSES, Wanted
from workflows.texts import CASE_WORDS, MESSAGE_WORDS

NUMBER = re.compile(r"^[A-Z]{2,6}-\d{4}-\d{1,9}(-\d{1,3})?$")
SP4N = re.compile(r"^#?\d{5,12}$")
# How many messages of a page's cases are read, by how often one case may repeat the words.
REPEATED = (4, 40, 400)
# Listed by id alone, so every row has the same moment.
NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def found_keys(user: User, text: str, *, tab: str, wanted: Wanted, given: Mapping[str, str], size: int) -> Keys:
    """The ids of the asked page of what fits the text (one statement)."""
    rows = _narrowed(user, tab, wanted)
    if exact := _number(text):
        return Keys(list(rows.filter(exact).order_by("-pk").values_list("pk", flat=True)[:size]))

    def read(cursor: Cursor | None, descending: bool, most: int) -> list[tuple[datetime, int]]:
        reports, words = (
            index.matching(rows, text, cursor=cursor, descending=descending) for index in (CASE_WORDS, MESSAGE_WORDS)
        )
        return [(NO_MOMENT, key) for key in _united(reports, words, descending=descending, most=most)]

    return page_of(read, given, size=size, newest_first=True)


def _united(reports: QuerySet[Complaint], words: QuerySet[Complaint], *, descending: bool, most: int) -> list[int]:
    """The first cases that hold the words in their report or in a message (one statement, more where one case says
    them in very many messages)."""
    keys: list[int] = []
    for repeated in REPEATED:
        found = tagged_keys((reports[:most], words[: most * repeated]), descending=descending)
        said = [key for key, number in found if number]
        keys = sorted({key for key, _number in found}, reverse=descending)
        if len(said) < most * repeated:
            break
        # The messages were cut: what comes behind the last of them may be missing.
        last = said[-1]
        keys = [key for key in keys if (key >= last if descending else key <= last)]
        if len(keys) >= most:
            break
    return keys[:most]


def _number(text: str) -> Q | None:
    asked = text.strip().upper()
    if NUMBER.match(asked):
        return Q(reference=asked)
    return Q(sp4n_tracking__in=(asked, asked.lstrip("#"), f"#{asked.lstrip('#')}")) if SP4N.match(asked) else None


def _narrowed(user: User, tab: str, wanted: Wanted) -> QuerySet[Complaint]:
    rows = Complaint.objects.visible_to(user).filter(**wanted.extra)
    statuses = [status for status in TAB_STATUSES[tab] if not wanted.statuses or status in wanted.statuses]
    rows = rows if tab == "all" and not wanted.statuses else rows.filter(status__in=statuses)
    if wanted.agencies is not None:
        rows = rows.filter(current_agency__in=wanted.agencies)
    if wanted.categories is not None:
        rows = rows.filter(category__in=wanted.categories)
    return rows.filter(assignee=wanted.officer) if wanted.officer else rows
