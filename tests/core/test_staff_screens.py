"""The staff screens of the core: every URL of every viewset, walked as every role."""

import pytest
from django.urls import reverse

from core.models import Agency, Region, RoleAssignment, Service, User
from core.permissions import Role
from core.services import rename_agency
from tests.factories import AgencyFactory, RegionFactory, ServiceFactory, StaffFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.portable]

VIEWSETS = {
    "agencies": Agency,
    "services": Service,
    "regions": Region,
    "wagtailusers_users": User,
}
READING = ("inspect", "history", "history_results")
WRITING = ("edit", "delete")
RESETTING = "second_factor"
NOBODY = frozenset()
ADMIN, EDITOR, AUDITOR = "regional_admin", "editor", "auditor"
ROLES = (ADMIN, EDITOR, "verifier", "officer", "agency_head", AUDITOR)
# Who reaches a screen of an object of the own area. Nobody but a superuser deletes a person.
MAY = {
    ("agencies", "read"): set(ROLES),
    ("agencies", "edit"): {ADMIN},
    ("agencies", "delete"): {ADMIN},
    ("agencies", "add"): {ADMIN},
    ("agencies", "import"): {ADMIN},
    ("services", "read"): set(ROLES),
    ("services", "edit"): {ADMIN, EDITOR},
    ("services", "delete"): {ADMIN},
    ("services", "add"): {ADMIN, EDITOR},
    ("services", "import"): {ADMIN},
    ("regions", "read"): {ADMIN, AUDITOR},
    ("regions", "edit"): {ADMIN},
    ("regions", "delete"): NOBODY,
    ("regions", "add"): NOBODY,
    ("wagtailusers_users", "read"): {ADMIN, AUDITOR},
    ("wagtailusers_users", "edit"): {ADMIN},
    ("wagtailusers_users", "delete"): NOBODY,
    ("wagtailusers_users", "add"): {ADMIN},
}


@pytest.fixture
def elsewhere(region):
    """A second region with an agency, a service, an administrator and an officer."""
    other = RegionFactory(code="35.27", name="Sampang")
    agency = AgencyFactory(region=other, code="dpupr", name="Dinas PU Sampang")
    ServiceFactory(agency=agency, code="irk")
    StaffFactory(username="far_admin", agency=agency, grants=[(Role.REGIONAL_ADMIN, other)])
    StaffFactory(username="far_officer", agency=agency, grants=[(Role.LIAISON, agency)])
    return other


@pytest.fixture
def own(region, agency, service, officer):
    return {"agencies": agency, "services": service, "regions": region, "wagtailusers_users": officer}


@pytest.fixture
def foreign(elsewhere):
    return {
        "agencies": Agency.objects.get(region=elsewhere),
        "services": Service.objects.get(agency__region=elsewhere),
        "regions": elsewhere,
        "wagtailusers_users": User.objects.get(username="far_officer"),
    }


@pytest.fixture(params=ROLES)
def person(request):
    return request.getfixturevalue(request.param)


def status(client, viewset, name, *args):
    return client.get(reverse(f"{viewset}:{name}", args=args)).status_code


def group_of(name):
    return "read" if name in READING else name


@pytest.mark.parametrize("viewset", VIEWSETS)
def test_what_a_role_reaches_in_the_own_area(client, person, own, elsewhere, viewset):
    client.force_login(person)
    for name in (*READING, *WRITING):
        expected = person.username in MAY[viewset, group_of(name)]
        reached = status(client, viewset, name, own[viewset].pk)
        assert (reached == 200) is expected, f"{person.username} {viewset} {name}: {reached}"


@pytest.mark.parametrize("viewset", VIEWSETS)
def test_nobody_reaches_anything_of_another_region(client, person, foreign, viewset):
    client.force_login(person)
    for name in (*READING, *WRITING):
        reached = status(client, viewset, name, foreign[viewset].pk)
        assert reached in (302, 404), f"{person.username} {viewset} {name}: {reached}"


@pytest.mark.parametrize("viewset", VIEWSETS)
def test_adding_and_importing_follow_the_role(client, person, own, viewset):
    client.force_login(person)
    assert (status(client, viewset, "add") == 200) is (person.username in MAY[viewset, "add"])
    if (viewset, "import") in MAY:
        assert (status(client, viewset, "import") == 200) is (person.username in MAY[viewset, "import"])


@pytest.mark.parametrize("viewset", VIEWSETS)
def test_what_is_listed_is_what_opens(client, person, own, foreign, viewset):
    client.force_login(person)
    for name in ("index", "index_results"):
        response = client.get(reverse(f"{viewset}:{name}"))
        listed = {row.pk for row in response.context["object_list"]} if response.status_code == 200 else set()
        everything = VIEWSETS[viewset].objects.values_list("pk", flat=True)
        opened = {pk for pk in everything if status(client, viewset, "inspect", pk) == 200}
        assert listed == opened


@pytest.mark.parametrize("viewset", VIEWSETS)
def test_the_walk_covers_every_url_of_the_viewset(viewset):
    """A view added later must be added to the walk above."""
    known = {"index", "index_results", "add", *READING, *WRITING, RESETTING, "import", "import_confirm", "export"}
    from django.urls import get_resolver  # noqa: PLC0415  urls are loaded by now

    namespaces = get_resolver().namespace_dict
    _prefix, resolver = namespaces[viewset]
    assert {key for key in resolver.reverse_dict if isinstance(key, str)} <= known


@pytest.mark.parametrize("viewset", ["agencies", "services"])
def test_an_export_holds_only_what_is_visible(client, person, own, foreign, other_agency, viewset):
    client.force_login(person)
    text = client.get(reverse(f"{viewset}:export", args=["csv"])).content.decode()
    assert own[viewset].name in text
    assert "Sampang" not in text
    sees_all = person.username in (ADMIN, "verifier", AUDITOR)
    assert (other_agency.name in text) is (sees_all and viewset == "agencies")


def test_the_generic_export_of_the_admin_is_switched_off(client, regional_admin, agency):
    client.force_login(regional_admin)
    response = client.get(reverse("agencies:index"), {"export": "csv"})
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("action", ["delete", "set_active_state", "assign_role"])
def test_bulk_actions_on_people_are_closed(client, person, officer, action):
    client.force_login(person)
    url = reverse("wagtail_bulk_action", args=["core", "user", action])
    assert client.get(url, {"id": officer.pk}).status_code == 404


def test_a_visitor_is_sent_to_sign_in(client, own):
    for viewset, row in own.items():
        response = client.get(reverse(f"{viewset}:edit", args=[row.pk]))
        assert response.url.startswith("/akun/login/")


# --- Agencies -----------------------------------------------------------------------------


def agency_data(agency, **changed):
    data = {
        "region": agency.region_id, "parent": agency.parent_id or "", "code": agency.code, "name": agency.name,
        "short_name": agency.short_name, "kind": agency.kind, "district": "", "active_from": "", "active_until": "",
        "working_week": agency.working_week, "joint_leave_observed": "on", "renamed_on": "",
    }  # fmt: skip
    return data | changed


def test_a_new_name_needs_the_day_it_starts(client, regional_admin, agency):
    client.force_login(regional_admin)
    response = client.post(reverse("agencies:edit", args=[agency.pk]), agency_data(agency, name="Dinas PUPR"))
    assert "renamed_on" in response.context["form"].errors
    assert agency.names.count() == 1


def test_a_new_name_keeps_the_old_one_in_the_history(client, regional_admin, agency):
    client.force_login(regional_admin)
    data = agency_data(agency, name="Dinas PUPR", renamed_on="2026-03-01")
    assert client.post(reverse("agencies:edit", args=[agency.pk]), data).status_code == 302
    history = list(agency.names.values_list("name", "valid_from", "valid_until"))
    assert [str(part) for part in history[0]] == ["Dinas Pekerjaan Umum", "None", "2026-03-01"]
    assert [str(part) for part in history[1]] == ["Dinas PUPR", "2026-03-01", "None"]
    assert "Dinas Pekerjaan Umum" in client.get(reverse("agencies:edit", args=[agency.pk])).content.decode()


def test_correcting_a_slip_makes_no_entry(client, regional_admin, agency):
    client.force_login(regional_admin)
    client.post(
        reverse("agencies:edit", args=[agency.pk]),
        agency_data(agency, name="Dinas Pekerjaan  Umum", is_correction="on"),
    )
    assert agency.names.count() == 1


def test_an_agency_is_found_by_its_former_name(client, regional_admin, agency, other_agency):
    from datetime import date  # noqa: PLC0415

    rename_agency(agency=agency, name="Dinas PUPR", short_name="PUPR", on=date(2026, 3, 1))
    client.force_login(regional_admin)
    response = client.get(reverse("agencies:index"), {"q": "Pekerjaan Umum"})
    assert [row.pk for row in response.context["object_list"]] == [agency.pk]


def test_an_agency_cannot_be_made_in_another_region(client, regional_admin, agency, elsewhere):
    client.force_login(regional_admin)
    new = Agency(region=elsewhere, code="baru", name="Baru", short_name="Baru")
    response = client.post(reverse("agencies:add"), agency_data(new))
    assert "region" in response.context["form"].errors
    far = Agency.objects.get(region=elsewhere)
    mine = Agency(region=agency.region, parent=far, code="baru", name="Baru", short_name="Baru")
    response = client.post(reverse("agencies:add"), agency_data(mine))
    assert "parent" in response.context["form"].errors


def test_units_are_listed_below_their_agency(client, regional_admin, agency, other_agency):
    unit = AgencyFactory(parent=other_agency, code="pkm", name="Aaa Puskesmas")
    client.force_login(regional_admin)
    response = client.get(reverse("agencies:index"))
    assert [row.pk for row in response.context["object_list"]] == [other_agency.pk, unit.pk, agency.pk]


def test_an_agency_in_use_is_not_deleted(client, regional_admin, agency, service):
    client.force_login(regional_admin)
    response = client.post(reverse("agencies:delete", args=[agency.pk]))
    assert response.status_code == 200
    assert Agency.objects.filter(pk=agency.pk).exists()


def test_an_editor_cannot_move_a_service_to_another_agency(client, editor, service, other_agency):
    client.force_login(editor)
    data = {"agency": other_agency.pk, "code": "irk", "name": "X", "audience": "public"}
    response = client.post(reverse("services:edit", args=[service.pk]), data)
    assert "agency" in response.context["form"].errors


def test_a_service_goes_on_after_its_end_and_never_in_a_circle(client, editor, service, agency):
    after = ServiceFactory(agency=agency)
    client.force_login(editor)
    url = reverse("services:edit", args=[service.pk])
    data = {"agency": agency.pk, "code": "irk", "name": "X", "audience": "public", "successors": [after.pk]}
    assert "active_until" in client.post(url, data).context["form"].errors
    client.post(url, data | {"active_until": "2026-01-01"})
    assert service.successors.get() == after
    back = data | {"code": after.code, "active_until": "2026-01-01", "successors": [service.pk]}
    assert "successors" in client.post(reverse("services:edit", args=[after.pk]), back).context["form"].errors


def test_lists_ask_a_fixed_number_of_questions(client, regional_admin, region, django_assert_max_num_queries):
    for number in range(30):
        AgencyFactory(region=region, code=f"a-{number}")
    client.force_login(regional_admin)
    client.get(reverse("agencies:index"))
    with django_assert_max_num_queries(17):
        client.get(reverse("agencies:index"))


# --- People: no way up ----------------------------------------------------------------------


def person_data(user, roles=(), **changed):
    data = {
        "username": user.username, "name": user.name, "email": user.email, "agency": user.agency_id or "",
        "is_active": "on", "password1": "", "password2": "", "roles-TOTAL_FORMS": len(roles),
        "roles-INITIAL_FORMS": sum("id" in role for role in roles), "roles-MIN_NUM_FORMS": 0,
        "roles-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for index, role in enumerate(roles):
        data |= {f"roles-{index}-{key}": value for key, value in role.items()}
    return data | changed


def held(user):
    return {(a.role, a.region_id, a.agency_id) for a in RoleAssignment.objects.filter(user=user)}


def kept(user):
    return [
        {"id": a.pk, "role": a.role, "region": a.region_id or "", "agency": a.agency_id or ""}
        for a in user.role_assignments.all()
    ]


def test_an_administrator_makes_an_account_with_a_role(client, regional_admin, agency):
    client.force_login(regional_admin)
    new = User(username="baru", name="Orang Baru", email="baru@example.go.id", agency=agency)
    data = person_data(
        new,
        [{"role": "liaison", "agency": agency.pk}],
        password1="sandi-yang-panjang-1",
        password2="sandi-yang-panjang-1",
    )
    assert client.post(reverse("wagtailusers_users:add"), data).status_code == 302
    made = User.objects.get(username="baru")
    assert held(made) == {("liaison", None, agency.pk)}
    assert made.groups.filter(name="role:liaison").exists()
    assert not made.is_superuser


def test_an_administrator_cannot_make_a_superuser(client, regional_admin, officer):
    client.force_login(regional_admin)
    url = reverse("wagtailusers_users:edit", args=[officer.pk])
    client.post(
        url, person_data(officer, kept(officer), is_superuser="on", is_staff="on", groups="1", user_permissions="1")
    )
    officer.refresh_from_db()
    assert (officer.is_superuser, officer.is_staff, officer.user_permissions.count()) == (False, False, 0)


@pytest.mark.parametrize("area", ["region", "agency"])
def test_an_administrator_cannot_grant_a_role_elsewhere(client, regional_admin, officer, elsewhere, area):
    far = elsewhere.pk if area == "region" else Agency.objects.get(region=elsewhere).pk
    client.force_login(regional_admin)
    role = {"role": "editor", area: far}
    response = client.post(
        reverse("wagtailusers_users:edit", args=[officer.pk]), person_data(officer, [*kept(officer), role])
    )
    assert response.status_code == 200
    assert len(held(officer)) == 1


def test_an_administrator_cannot_grant_the_own_account_more(client, regional_admin, region, elsewhere, agency):
    regional_admin.agency = agency
    regional_admin.save()
    client.force_login(regional_admin)
    role = {"role": "regional_admin", "region": elsewhere.pk}
    client.post(
        reverse("wagtailusers_users:edit", args=[regional_admin.pk]),
        person_data(regional_admin, [*kept(regional_admin), role], is_superuser="on"),
    )
    assert held(regional_admin) == {("regional_admin", region.pk, None)}
    assert not User.objects.get(pk=regional_admin.pk).is_superuser


def test_an_account_with_a_role_elsewhere_is_out_of_reach(client, regional_admin, officer, elsewhere):
    """Who could change its e-mail address could take over the other region."""
    RoleAssignment.objects.create(user=officer, role=Role.AUDITOR, region=elsewhere)
    client.force_login(regional_admin)
    response = client.post(
        reverse("wagtailusers_users:edit", args=[officer.pk]),
        person_data(officer, kept(officer), email="x@example.com"),
    )
    assert response.status_code in (302, 403)
    officer.refresh_from_db()
    assert officer.email != "x@example.com"


def test_a_superuser_is_invisible_to_an_administrator(client, regional_admin, agency):
    chief = UserFactory(username="root", agency=agency, is_superuser=True)
    client.force_login(regional_admin)
    assert status(client, "wagtailusers_users", "edit", chief.pk) == 404
    assert "root" not in client.get(reverse("wagtailusers_users:index")).content.decode()


def test_a_foreign_assignment_cannot_be_smuggled_in(client, regional_admin, officer, elsewhere):
    """The inline form carries ids; an id of somebody else's role must not be taken over."""
    far = RoleAssignment.objects.get(user__username="far_officer")
    client.force_login(regional_admin)
    role = {"id": far.pk, "role": "liaison", "agency": officer.agency_id, "DELETE": "on"}
    client.post(reverse("wagtailusers_users:edit", args=[officer.pk]), person_data(officer, [role]))
    assert RoleAssignment.objects.filter(pk=far.pk, user__username="far_officer").exists()


def test_an_administrator_keeps_the_own_role(client, regional_admin, agency):
    regional_admin.agency = agency
    regional_admin.save()
    client.force_login(regional_admin)
    own = [{**kept(regional_admin)[0], "DELETE": "on"}]
    response = client.post(
        reverse("wagtailusers_users:edit", args=[regional_admin.pk]), person_data(regional_admin, own)
    )
    assert response.status_code == 200
    assert len(held(regional_admin)) == 1


def test_two_accounts_never_share_an_address(client, regional_admin, officer, other_officer):
    client.force_login(regional_admin)
    response = client.post(
        reverse("wagtailusers_users:edit", args=[officer.pk]),
        person_data(officer, kept(officer), email=other_officer.email.upper()),
    )
    assert "email" in response.context["form"].errors


def test_a_new_account_of_an_administrator_belongs_to_an_agency(client, regional_admin):
    client.force_login(regional_admin)
    new = User(username="baru", name="Orang Baru", email="baru@example.go.id")
    data = person_data(new, password1="sandi-yang-panjang-1", password2="sandi-yang-panjang-1")
    response = client.post(reverse("wagtailusers_users:add"), data)
    assert "agency" in response.context["form"].errors
