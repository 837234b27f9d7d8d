"""What stands beside the queue: agencies and topics to filter by, and the filters somebody kept."""

from typing import NamedTuple

from django.db.models import Q

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


def lists_for(user: User) -> Lists:
    """Agencies the person holds a role on, topics there, and own or shared filters (one statement)."""
    here = Q(region__isnull=True) | scope_of(user).region_q(ALL_ROLES)
    lists = (
        Rows(Agency.objects.visible_to(user).in_tree_order(), *AGENCY),
        Rows(Category.objects.filter(here), *TOPIC),
        Rows(SavedFilter.objects.visible_to(user), *FILTER),
    )
    found = User.objects.values_list(*lists).get(pk=user.pk)
    return Lists(*(rows.partials(values) for rows, values in zip(lists, found, strict=True)))
