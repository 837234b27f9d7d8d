"""Who may change topics: a region's administrator the own additions; the common list like everything national."""

from core.models import User
from core.permissions import scope_of
from core.policies import ADMIN
from workflows.calendar_policies import CALENDAR_ACTIONS, CalendarPolicy, may_change_national
from workflows.models import Category

CategoryPolicy = CalendarPolicy
CATEGORY_ACTIONS = CALENDAR_ACTIONS


def category_policy() -> CategoryPolicy:
    return CategoryPolicy(Category, CATEGORY_ACTIONS)


def administers(user: User, region_id: int | None) -> bool:
    """Whether the person may change rows of a region, or (``None``) those of the whole country."""
    return may_change_national(user) if region_id is None else scope_of(user).covers_region(ADMIN, region_id)
