"""Roles as data: what sync_roles derives from the assignments."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from core import sections
from core.models import RoleAssignment, User
from core.permissions import Role
from core.services import assign_role, revoke_role, sync_roles
from tests.factories import AgencyFactory, RegionFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def section_page(monkeypatch):
    """A finder as ``cms`` registers it: agency id → page."""
    known = {}
    monkeypatch.setattr(sections, "_finders", [lambda ids: {pk: known[pk] for pk in ids if pk in known}])

    def make(agency):
        root = Page.objects.get(depth=1)
        page = root.add_child(instance=Page(title=agency.name, slug=f"{agency.code}-{agency.pk}".lower()))
        known[agency.pk] = page.pk
        return page

    return make


def derived_rows():
    """Everything sync_roles owns, with primary keys: equal rows mean nothing was rewritten."""
    return {
        "groups": list(Group.objects.order_by("pk").values_list("pk", "name")),
        "rights": list(Group.permissions.through.objects.order_by("pk").values_list()),
        "members": list(User.groups.through.objects.order_by("pk").values_list()),
        "pages": list(GroupPagePermission.objects.order_by("pk").values_list()),
        "files": list(GroupCollectionPermission.objects.order_by("pk").values_list()),
        "collections": list(Collection.objects.order_by("pk").values_list()),
    }


def page_rights(user, page):
    fresh = User.objects.get(pk=user.pk)
    tester = page.permissions_for_user(fresh)
    return tester.can_edit(), tester.can_publish()


def test_a_second_run_writes_nothing(
    editor, verifier, officer, agency_head, auditor, regional_admin, agency, section_page, django_assert_max_num_queries
):
    section_page(agency)
    sync_roles()
    before = derived_rows()
    with django_assert_max_num_queries(14) as queries:
        report = sync_roles()
    assert report.changed == 0
    assert derived_rows() == before
    written = [
        q["sql"] for q in queries.captured_queries if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert written == []


def test_the_command_reports_what_it_wrote(editor, capsys):
    Group.objects.filter(name__startswith="role:").delete()
    call_command("sync_roles")
    assert "rows created" in capsys.readouterr().out
    call_command("sync_roles")
    assert capsys.readouterr().out.strip() == "roles: 0 rows created, 0 deleted"


@pytest.mark.parametrize("role", list(Role))
def test_every_role_opens_the_staff_screens_and_nothing_generic(role, region, agency):
    scope = region if role not in (Role.LIAISON, Role.AGENCY_HEAD) else agency
    user = User.objects.get(pk=StaffFactory(grants=[(role, scope)]).pk)
    generic = {
        name
        for name in user.get_all_permissions()
        if name.startswith(("core.", "auth.", "wagtailcore.", "wagtailusers."))
    }
    assert user.has_perm("wagtailadmin.access_admin")
    assert generic == set(), "our screens ask the scope; a generic right would be a way around it"


def test_an_editor_changes_only_the_own_section(editor, agency, other_agency, section_page):
    own, other = section_page(agency), section_page(other_agency)
    sync_roles()
    assert page_rights(editor, own) == (True, True)
    assert page_rights(editor, other) == (False, False)


def test_an_editor_reaches_the_units_below_the_agency(editor, agency, section_page):
    unit = AgencyFactory(parent=agency, code="upt-jalan")
    page = section_page(unit)
    sync_roles()
    assert page_rights(editor, page) == (True, True)


def test_a_regional_editor_reaches_the_whole_site_of_the_region(region, section_page, agency):
    page = section_page(agency)
    region.site = Site.objects.create(hostname="bangkalan.test", root_page=page)
    region.save()
    writer = StaffFactory(grants=[(Role.EDITOR, region)])
    assert page_rights(writer, page) == (True, True)


def test_an_administrator_sets_the_look_of_the_own_site_only(client, regional_admin, region):
    root = Page.objects.get(depth=1)
    region.site = Site.objects.create(hostname="bangkalan.test", root_page=root)
    region.save()
    other = Site.objects.create(hostname="sampang.test", root_page=root)
    sync_roles()
    client.force_login(regional_admin)
    assert client.get(f"/admin/settings/cms/brandsettings/{region.site.pk}/").status_code == 200
    assert client.get(f"/admin/settings/cms/brandsettings/{other.pk}/").status_code == 302


def test_an_editor_and_an_auditor_do_not_set_the_look_of_the_site(client, editor, auditor, region):
    region.site = Site.objects.create(hostname="bangkalan.test", root_page=Page.objects.get(depth=1))
    region.save()
    sync_roles()
    for person in (editor, auditor):
        client.force_login(person)
        assert client.get(f"/admin/settings/cms/brandsettings/{region.site.pk}/").status_code == 302


def test_an_auditor_and_an_officer_change_no_page(auditor, officer, agency, section_page):
    page = section_page(agency)
    sync_roles()
    assert page_rights(auditor, page) == (False, False)
    assert page_rights(officer, page) == (False, False)


def test_an_editor_uploads_only_to_the_own_collection(editor, agency, other_agency):
    StaffFactory(grants=[(Role.EDITOR, other_agency)])
    agency.refresh_from_db()
    other_agency.refresh_from_db()
    granted = set(GroupCollectionPermission.objects.filter(group__user=editor).values_list("collection_id", flat=True))
    assert granted == {agency.collection_id}
    assert other_agency.collection_id not in granted


def test_losing_a_role_takes_the_page_rights_away(editor, agency, section_page):
    page = section_page(agency)
    sync_roles()
    revoke_role(assignment=RoleAssignment.objects.get(user=editor))
    assert page_rights(editor, page) == (False, False)
    assert not User.objects.get(pk=editor.pk).has_perm("wagtailadmin.access_admin")


def test_losing_a_role_closes_the_staff_screens_at_the_next_request(client, editor):
    client.force_login(editor)
    assert client.get("/admin/").status_code == 200
    revoke_role(assignment=RoleAssignment.objects.get(user=editor))
    assert client.get("/admin/").status_code == 302


def test_a_deactivated_person_is_out_at_the_next_request(client, editor):
    client.force_login(editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response.url.startswith("/akun/login/")


def test_groups_of_the_installation_are_left_alone(editor):
    own = Group.objects.create(name="Tim piket")
    own.user_set.add(editor)
    sync_roles()
    assert own.user_set.get() == editor


def test_the_group_of_a_renamed_code_is_replaced_not_doubled(editor, agency):
    agency.code = "dpu"
    agency.save()
    sync_roles()
    names = set(Group.objects.filter(name__startswith="role:editor ").values_list("name", flat=True))
    assert names == {"role:editor 35.26 dpu"}


def test_granting_twice_changes_nothing(editor, agency):
    assign_role(user=editor, role=Role.EDITOR, agency=agency)
    assert RoleAssignment.objects.filter(user=editor).count() == 1


@pytest.mark.parametrize(
    ("role", "kind"), [(Role.REGIONAL_ADMIN, "agency"), (Role.LIAISON, "region"), (Role.AGENCY_HEAD, "region")]
)
def test_a_role_over_the_wrong_kind_of_area_is_refused(role, kind, region, agency):
    with pytest.raises(ValidationError):
        assign_role(user=UserFactory(), role=role, **{kind: region if kind == "region" else agency})


def test_two_regions_with_the_same_agency_code_stay_apart(agency, section_page):
    elsewhere = AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"), code=agency.code)
    page, far_page = section_page(agency), section_page(elsewhere)
    near = StaffFactory(grants=[(Role.EDITOR, agency)])
    far = StaffFactory(grants=[(Role.EDITOR, elsewhere)])
    assert page_rights(near, page) == page_rights(far, far_page) == (True, True)
    assert page_rights(near, far_page) == page_rights(far, page) == (False, False)
