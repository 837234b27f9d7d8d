"""A person is read with every right in one statement; each right is the one Django and Wagtail would have read."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, Page, Site
from wagtail.permissions import policy_registry

from core.backends import StaffBackend
from core.permissions import scope_of
from core.services.roles import sync_roles
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
ROLES = ("regional_admin", "editor", "verifier", "officer", "agency_head", "auditor")


@pytest.fixture
def person(request, region):
    region.site = Site.objects.get(is_default_site=True)
    region.save()
    user = request.getfixturevalue(request.param)
    sync_roles()
    user.user_permissions.add(Permission.objects.get(codename="add_redirect"))
    return user


def rights(user):
    page, collection = Page.objects.get(depth=1), Collection.objects.get(depth=1)
    policies = [policy_registry.get_by_type(model) for model in (Page, Collection, Site)]
    return {
        "all": user.get_all_permissions(),
        "own": user.get_user_permissions(),
        "scope": {(grant.role, grant.region_id, grant.path) for grant in scope_of(user).grants},
        **{
            policy: [
                (row.pk, row.permission.codename, row.permission.content_type_id, _place(row))
                for row in sorted(policy.get_cached_permissions_for_user(user), key=lambda row: row.pk)
            ]
            for policy in policies
            if policy.permission_cache_name
        },
        "explores": policies[0].explorable_root_instance(user),
        "descends": policies[0].user_has_any_permission_for_instance(user, {"change"}, page),
        "root": collection.pk,
    }


def _place(row):
    place = next(getattr(row, name) for name in ("page", "collection", "site") if hasattr(row, f"{name}_id"))
    return place.pk, getattr(place, "path", ""), str(place)


@pytest.mark.parametrize("person", ROLES, indirect=True)
def test_rights_read_together_are_the_rights_read_one_by_one(person):
    assert rights(StaffBackend().get_user(person.pk)) == rights(get_user_model().objects.get(pk=person.pk))


def test_a_person_costs_one_statement(editor):
    with CaptureQueriesContext(connection) as queries:
        user = StaffBackend().get_user(editor.pk)
        user.has_perm("wagtailadmin.access_admin")
        scope_of(user)
        hasattr(user, "wagtail_userprofile")
    assert len(queries) == 1


def test_nobody_else_comes_in(editor):
    assert settings.AUTHENTICATION_BACKENDS == ["core.backends.StaffBackend"]
    StaffFactory._meta.model.objects.filter(pk=editor.pk).update(is_active=False)
    assert StaffBackend().get_user(editor.pk) is None
    assert StaffBackend().get_user(0) is None
