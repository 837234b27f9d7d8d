"""What stands beside the queue: agencies and topics to filter by, and the filters somebody kept."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Q

from core.keeping import Shelf, kept_statement
from core.models import Agency, User
from core.permissions import ALL_ROLES, scope_of
from core.rows import Rows
from workflows.models import Category, SavedFilter

AGENCY = ("id", "region_id", "parent_id", "name", "path", "region__name", "region__kind")
TOPIC = ("id", "code", "name", "name_en")
FILTER = ("id", "name", "query", "region_id")


class Lists(NamedTuple):
    """Rows with the columns a list shows; ``agencies`` as a tree."""

    agencies: list[Agency]
    topics: list[Category]
    filters: list[SavedFilter]


# By person and scope, which decide what is listed.
_known: Shelf[tuple[Rows, ...]] = Shelf(500)


def lists_for(user: User) -> Lists:
    """Agencies the person holds a role on, topics there, and own or shared filters (one statement)."""
    key = user.pk, scope_of(user)
    lists = _known.kept(key, lambda: _lists(user))

    def written() -> tuple[str, Sequence[Any]]:
        return User.objects.filter(pk=user.pk).values_list(*lists).query.sql_with_params()  # type: ignore[no-any-return]

    (found,) = kept_statement(("queue lists", *key), written).rows({})
    return Lists(*(rows.partials(json.loads(values)) for rows, values in zip(lists, found, strict=True)))


def _lists(user: User) -> tuple[Rows, ...]:
    here = Q(region__isnull=True) | scope_of(user).region_q(ALL_ROLES)
    return (
        Rows(Agency.objects.visible_to(user).in_tree_order(), *AGENCY),
        Rows(Category.objects.filter(here), *TOPIC),
        Rows(SavedFilter.objects.visible_to(user), *FILTER),
    )
