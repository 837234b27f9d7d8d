"""Which pages a member of staff meets outside the own section."""

from django.db.models import Q
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from core.models import User

_policy = PagePermissionPolicy()


def pages_for_staff(pages: PageQuerySet, user: User) -> PageQuerySet:
    """Public pages of everybody, and drafts only of the person's own sections."""
    if user.is_superuser:
        return pages
    own = _policy.instances_user_has_any_permission_for(
        user, {"add", "change", "publish", "bulk_delete", "lock", "unlock"}
    )
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))
