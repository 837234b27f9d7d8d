"""Who signs in, and what they may do: a person, the profile and every right in one statement per request.

Django and Wagtail read a person's permissions, rights on pages, files and sites each at the first question, and we the
roles. The answers are put where each of them looks first, so no rule is asked differently. A superuser has no rows.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import OuterRef
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission

from core.models import RoleAssignment, User
from core.permissions import know_scope
from core.rows import Rows
from core.statements import Reading

_GROUPS = {"group__user": OuterRef("pk")}
_PERMISSION = ("content_type__app_label", "codename")
_RIGHT = ("id", "group_id", "permission_id", "permission__content_type_id", "permission__codename")
RIGHTS = {
    "rights_own": Rows(Permission.objects.filter(user=OuterRef("pk")), *_PERMISSION),
    "rights_of_groups": Rows(Permission.objects.filter(**_GROUPS), *_PERMISSION),
    "rights_roles": Rows(
        RoleAssignment.objects.filter(user=OuterRef("pk")).order_by("role"), "role", "region_id", "agency__path"
    ),
    "rights_pages": Rows(
        GroupPagePermission.objects.filter(**_GROUPS), *_RIGHT, "page_id", "page__path", "page__depth", "page__numchild"
    ),
    "rights_files": Rows(
        GroupCollectionPermission.objects.filter(**_GROUPS),
        *_RIGHT,
        "collection_id",
        "collection__path",
        "collection__depth",
        "collection__numchild",
    ),
    "rights_sites": Rows(GroupSitePermission.objects.filter(**_GROUPS), *_RIGHT, "site_id"),
}
# With one of these a page is a place from which somebody goes on in the tree of pages.
EXPLORING = {f"{action}_page" for action in ("add", "change", "publish", "lock", "unlock", "bulk_delete")}


_person: Reading[User] = Reading(
    lambda pk: User.objects.select_related("wagtail_userprofile").annotate(**RIGHTS).filter(pk=pk), int
)


class StaffBackend(AuthenticationBackend):
    """Signs in by name or address and password, as allauth does."""

    def get_user(self, user_id: Any) -> User | None:
        """The person behind a session; one statement, rights included."""
        found = _person.first(int(user_id))
        if found is None or not self.user_can_authenticate(found):
            return None
        _know_rights(found)
        return found


def _know_rights(user: User) -> None:
    rights = {name: user.__dict__.pop(name) for name in RIGHTS}
    user.__dict__["rights_read"] = rights
    know_scope(user, (tuple(row) for row in rights["rights_roles"]))
    if user.is_superuser:
        return
    own, groups = ({f"{app}.{name}" for app, name in rights[key]} for key in ("rights_own", "rights_of_groups"))
    # As Wagtail would have read them; what was not read of a page or collection is read when asked for.
    pages, files, sites = (
        RIGHTS[name].partials(rights[name]) for name in ("rights_pages", "rights_files", "rights_sites")
    )
    user.__dict__ |= {
        "_user_perm_cache": own,
        "_group_perm_cache": groups,
        "_perm_cache": own | groups,
        "_page_permission_cache": pages,
        "_collection_permission_cache": files,
        "_site_permission_cache": sites,
    }
    begins = {right.page for right in pages if right.permission.codename in EXPLORING}
    if len(begins) == 1:
        user.__dict__["_explorable_root_page_cache"] = begins.pop()
