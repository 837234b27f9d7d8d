"""What each role may do in Wagtail, as tables.

Covers the Django permissions a role carries, the scopes it may be given over, and the rights
of a role inside an agency's section (its pages and its own images and documents). Leaves out
what our own screens allow: those ask a policy built on the scope (see ``core.policies``), so
that no generic permission row opens a side door around it.
"""

from collections.abc import Iterable

from core.permissions import Role

# Every role opens the staff screens; what is in them follows from the scope.
_permissions: dict[str, set[str]] = {role.value: {"wagtailadmin.access_admin"} for role in Role}

# A role over the wrong kind of scope would be a right nobody meant to give.
REGION_ONLY = frozenset({Role.REGIONAL_ADMIN})
AGENCY_ONLY = frozenset({Role.LIAISON, Role.AGENCY_HEAD})

# Rights on the agency's section page and everything below it, or on the region's whole site.
SECTION_PAGE_RIGHTS: dict[str, tuple[str, ...]] = {
    Role.REGIONAL_ADMIN: ("add_page", "bulk_delete_page", "change_page", "lock_page", "publish_page", "unlock_page"),
    Role.EDITOR: ("add_page", "change_page", "publish_page"),
    # The head approves: publishing needs the right to change.
    Role.AGENCY_HEAD: ("change_page", "publish_page"),
}

# Rights on the agency's own collection of images and documents.
_FILE_RIGHTS = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)
SECTION_FILE_RIGHTS: dict[str, tuple[str, ...]] = {
    Role.REGIONAL_ADMIN: _FILE_RIGHTS,
    Role.EDITOR: _FILE_RIGHTS,
    Role.AGENCY_HEAD: ("wagtailimages.choose_image", "wagtaildocs.choose_document"),
}
SECTION_ROLES = frozenset(SECTION_PAGE_RIGHTS)
# Rights on the settings of the region's own site: name, logo, colours, contact, numbers of elements in reports.
SITE_RIGHTS: dict[str, tuple[str, ...]] = {
    Role.REGIONAL_ADMIN: ("cms.change_brandsettings", "surveys.change_surveysettings")
}


def register_role_permissions(roles: Iterable[str], *permissions: str) -> None:
    """Let an app above add Django permissions (``"app.codename"``) to roles, in ``AppConfig.ready``.

    Only for models whose screens are Wagtail's own and unscoped; a scoped screen registers a
    ``core.policies.ScopedPolicy`` instead.
    """
    for role in roles:
        _permissions[role].update(permissions)


def role_permissions(role: str) -> frozenset[str]:
    """The Django permissions of a role, as ``"app.codename"``."""
    return frozenset(_permissions[role])


def scope_fits(role: str, *, over_region: bool) -> bool:
    """Whether a role may be given over a region (or else over an agency)."""
    return role not in (AGENCY_ONLY if over_region else REGION_ONLY)
