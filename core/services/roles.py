"""Roles made effective: assignments are the truth, Wagtail's groups are derived from them."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, GroupSitePermission

from core.models import Agency, Region, RoleAssignment, User
from core.permissions import Role
from core.roles import (
    SECTION_FILE_RIGHTS,
    SECTION_PAGE_RIGHTS,
    SECTION_ROLES,
    SITE_RIGHTS,
    role_permissions,
    scope_fits,
)
from core.sections import section_pages

# Groups with this prefix belong to ``sync_roles``; all others are left alone.
PREFIX = "role:"


@dataclass
class SyncReport:
    """Rows written; all zero when the groups already agree with the assignments."""

    created: int = 0
    deleted: int = 0

    @property
    def changed(self) -> int:
        return self.created + self.deleted


def assign_role(*, user: User, role: str, region: Region | None = None, agency: Agency | None = None) -> RoleAssignment:
    """Grant a role over a region or over an agency's subtree. Granting twice changes nothing.

    Raises ``ValidationError`` for a role over the wrong kind of scope.
    """
    if not scope_fits(role, over_region=region is not None):
        raise ValidationError(_("This role cannot be given over that kind of area."))
    with transaction.atomic():
        assignment, created = RoleAssignment.objects.get_or_create(user=user, role=role, region=region, agency=agency)
        if created:
            sync_roles()
    return assignment


@transaction.atomic
def revoke_role(*, assignment: RoleAssignment) -> None:
    """Take a role away; its holder loses the access with the next request."""
    assignment.delete()
    sync_roles()


@transaction.atomic
def sync_roles() -> SyncReport:
    """Derive groups, page and collection rights and memberships from the assignments.

    Idempotent: a second run writes nothing. Groups that do not start with ``role:`` and the
    rights of their members stay untouched.
    """
    report = SyncReport()
    assignments = list(RoleAssignment.objects.select_related("region__site", "agency__region"))
    groups = _sync_groups(assignments, report)
    _sync_model_rights(groups, report)
    sections = [assignment for assignment in assignments if assignment.role in SECTION_ROLES]
    _sync_page_rights(sections, groups, report)
    _sync_file_rights(sections, groups, report)
    _sync_site_rights(sections, groups, report)
    wanted = {(a.user_id, groups[name]) for a in assignments for name in _group_names(a)}
    _match(User.groups.through, ("user_id", "group_id"), wanted, groups.values(), report)
    return report


def _section_group(assignment: RoleAssignment) -> str:
    if assignment.region_id:
        return f"{PREFIX}{assignment.role} {assignment.region.code}"
    return f"{PREFIX}{assignment.role} {assignment.agency.region.code} {assignment.agency.code}"


def _group_names(assignment: RoleAssignment) -> list[str]:
    names = [PREFIX + assignment.role]
    if assignment.role in SECTION_ROLES:
        names.append(_section_group(assignment))
    return names


def _sync_groups(assignments: list[RoleAssignment], report: SyncReport) -> dict[str, int]:
    wanted = {PREFIX + role for role in Role} | {name for a in assignments for name in _group_names(a)}
    have = dict(Group.objects.filter(name__startswith=PREFIX).values_list("name", "pk"))
    stale = set(have) - wanted
    if stale:
        Group.objects.filter(name__in=stale).delete()
    for name in sorted(wanted - set(have)):
        have[name] = Group.objects.create(name=name).pk
        report.created += 1
    report.deleted += len(stale)
    return {name: pk for name, pk in have.items() if name in wanted}


def _permission_ids(names: Iterable[str]) -> dict[str, int]:
    """``"app.codename"`` → id. Codenames repeat across models only where no role uses them."""
    codenames = {name.split(".")[1] for name in names}
    rows = Permission.objects.filter(codename__in=codenames).values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}


def _sync_model_rights(groups: dict[str, int], report: SyncReport) -> None:
    ids = _permission_ids({name for role in Role for name in role_permissions(role)})
    wanted = {(groups[PREFIX + role], ids[name]) for role in Role for name in role_permissions(role)}
    _match(Group.permissions.through, ("group_id", "permission_id"), wanted, groups.values(), report)


def _sync_page_rights(sections: list[RoleAssignment], groups: dict[str, int], report: SyncReport) -> None:
    ids = _permission_ids({f"wagtailcore.{right}" for rights in SECTION_PAGE_RIGHTS.values() for right in rights})
    covered = _covered_agencies(sections)
    pages = section_pages({pk for agency_ids in covered.values() for pk in agency_ids})
    wanted = set()
    for assignment in sections:
        for page_id in _pages_of(assignment, covered, pages):
            for right in SECTION_PAGE_RIGHTS[assignment.role]:
                wanted.add((groups[_section_group(assignment)], page_id, ids[f"wagtailcore.{right}"]))
    _match(GroupPagePermission, ("group_id", "page_id", "permission_id"), wanted, groups.values(), report)


def _covered_agencies(sections: list[RoleAssignment]) -> dict[int, list[int]]:
    """Agency id of an assignment → ids of that agency and every unit below it."""
    tops = {a.agency.pk: a.agency for a in sections if a.agency}
    rows = list(Agency.objects.filter(region__in={top.region_id for top in tops.values()}).values_list("pk", "path"))
    return {pk: [row[0] for row in rows if row[1].startswith(top.path)] for pk, top in tops.items()}


def _pages_of(assignment: RoleAssignment, covered: dict[int, list[int]], pages: dict[int, int]) -> list[int]:
    if assignment.agency:
        return [pages[pk] for pk in covered[assignment.agency.pk] if pk in pages]
    site = assignment.region.site
    return [site.root_page_id] if site else []


def _sync_site_rights(sections: list[RoleAssignment], groups: dict[str, int], report: SyncReport) -> None:
    ids = _permission_ids({right for rights in SITE_RIGHTS.values() for right in rights})
    wanted = {
        (groups[_section_group(assignment)], assignment.region.site_id, ids[right])
        for assignment in sections
        if assignment.region and assignment.region.site_id
        for right in SITE_RIGHTS.get(assignment.role, ())
    }
    _match(GroupSitePermission, ("group_id", "site_id", "permission_id"), wanted, groups.values(), report)


def _sync_file_rights(sections: list[RoleAssignment], groups: dict[str, int], report: SyncReport) -> None:
    ids = _permission_ids({right for rights in SECTION_FILE_RIGHTS.values() for right in rights})
    regions = {a.region_id or a.agency.region_id: a.region or a.agency.region for a in sections}
    agencies = {a.agency.pk: a.agency for a in sections if a.agency}
    _ensure_collections(regions, agencies, report)
    wanted: set[tuple[int, ...]] = set()
    for assignment in sections:
        for collection_id in _collections_of(assignment, regions, agencies):
            for right in SECTION_FILE_RIGHTS[assignment.role]:
                wanted.add((groups[_section_group(assignment)], collection_id, ids[right]))
    fields = ("group_id", "collection_id", "permission_id")
    _match(GroupCollectionPermission, fields, wanted, groups.values(), report)


def _ensure_collections(regions: dict[int, Region], agencies: dict[int, Agency], report: SyncReport) -> None:
    """Each region has a collection; each agency that has an editor has one below it."""
    for region in regions.values():
        _ensure_collection(region, region.full_name, None, report)
    for agency in agencies.values():
        _ensure_collection(agency, agency.short_name, regions[agency.region_id].collection_id, report)


def _ensure_collection(owner: Region | Agency, name: str, parent_id: int | None, report: SyncReport) -> None:
    if owner.collection_id:
        return
    # Fetched again: treebeard counts children on the instance, which grows stale.
    parent = Collection.objects.get(pk=parent_id) if parent_id else Collection.get_first_root_node()
    owner.collection = parent.add_child(name=name)
    owner.save(update_fields=["collection"])
    report.created += 1


def _collections_of(assignment: RoleAssignment, regions: dict[int, Region], agencies: dict[int, Agency]) -> list[int]:
    owners: list[Region | Agency] = [regions[pk] for pk in regions if pk == assignment.region_id]
    if assignment.agency:
        owners += [agency for agency in agencies.values() if assignment.agency.covers(agency)]
    return [owner.collection_id for owner in owners if owner.collection_id]


def _match(
    model: type[models.Model],
    fields: tuple[str, ...],
    wanted: AbstractSet[tuple[int, ...]],
    group_ids: Iterable[int],
    report: SyncReport,
) -> None:
    """Make the rows of our groups exactly the wanted ones."""
    rows = model._default_manager.filter(group__in=list(group_ids)).values_list("pk", *fields)
    have = {row[1:]: row[0] for row in rows}
    surplus = [pk for key, pk in have.items() if key not in wanted]
    if surplus:
        model._default_manager.filter(pk__in=surplus).delete()
    missing = sorted(wanted - set(have))
    if missing:
        model._default_manager.bulk_create([model(**dict(zip(fields, key, strict=True))) for key in missing])
    report.created += len(missing)
    report.deleted += len(surplus)
