"""Two editors, two sections: each sees and changes only the own one."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from cms.models import ServicePage
from tests.cms.factories import make_standard
from tests.factories import ServiceFactory

pytestmark = pytest.mark.portable

SECRET = "Rancangan rahasia dinas lain"


@pytest.fixture
def foreign_draft(other_section, other_agency):
    """A draft of the other agency whose title must never reach our editor."""
    return make_standard(other_section, ServiceFactory(agency=other_agency, name=SECRET), live=False)


@pytest.fixture
def own_draft(section, service):
    return make_standard(section, service, title="Rancangan sendiri", live=False)


@pytest.fixture
def desk(client, section_editor, own_draft, foreign_draft):
    """The editor's browser, signed in."""
    client.force_login(section_editor)
    return client


def screens(page):
    return {
        "edit": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "view draft": reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        "history": reverse("wagtailadmin_pages:history", args=[page.pk]),
        "delete": reverse("wagtailadmin_pages:delete", args=[page.pk]),
        "copy": reverse("wagtailadmin_pages:copy", args=[page.pk]),
        "move": reverse("wagtailadmin_pages:move", args=[page.pk]),
        "usage": reverse("wagtailadmin_pages:usage", args=[page.pk]),
        "workflow history": reverse("wagtailadmin_pages:workflow_history", args=[page.pk]),
        "preview": reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]),
        "add below": reverse("wagtailadmin_pages:add", args=["cms", "servicepage", page.get_parent().pk]),
    }


LISTS = {
    "explorer root": "/admin/pages/",
    "search": "/admin/pages/search/?q=rancangan",
    "chooser": "/admin/choose-page/",
    "chooser search": "/admin/choose-page/search/?q=rancangan",
    "admin api": "/admin/api/main/pages/?search=rancangan",
    "dashboard": "/admin/",
    "aging pages": "/admin/reports/aging-pages/",
    "locked pages": "/admin/reports/locked/",
    "site history": "/admin/reports/site-history/",
    "workflow report": "/admin/reports/workflow/",
    "page types": "/admin/reports/page-types-usage/",
    "service usage": "/admin/pages/usage/cms/servicepage/",
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_no_list_names_another_sections_draft(desk, name):
    response = desk.get(LISTS[name], follow=True)
    assert response.status_code == 200
    assert SECRET not in response.content.decode()


def test_browsing_below_another_section_shows_no_draft(desk, other_section):
    for address in (f"/admin/pages/{other_section.pk}/", f"/admin/choose-page/{other_section.pk}/"):
        assert SECRET not in desk.get(address, follow=True).content.decode()


@pytest.mark.parametrize("name", ["edit", "view draft", "history", "delete", "copy", "usage", "workflow history"])
def test_no_screen_of_another_sections_page_opens(desk, foreign_draft, name):
    response = desk.get(screens(foreign_draft)[name], follow=True)
    assert SECRET not in response.content.decode()


def test_nothing_can_be_written_into_another_section(desk, foreign_draft, other_section):
    before = Page.objects.count()
    for name in ("edit", "add below", "delete", "copy", "preview", "move"):
        desk.post(screens(foreign_draft)[name], {"title": "Diubah", "slug": "diubah"})
    foreign_draft.refresh_from_db()
    assert foreign_draft.title == SECRET
    assert Page.objects.count() == before


def test_the_own_section_is_open(desk, own_draft):
    listed = desk.get(f"/admin/pages/{own_draft.get_parent().pk}/").content.decode()
    assert own_draft.title in listed
    for name in ("edit", "view draft", "history"):
        assert desk.get(screens(own_draft)[name]).status_code == 200


def test_the_chooser_offers_the_own_draft_and_everybodys_public_pages(desk, own_draft, other_section):
    below_own = desk.get(f"/admin/choose-page/{own_draft.get_parent().pk}/").content.decode()
    assert own_draft.title in below_own
    directory = desk.get(f"/admin/choose-page/{other_section.get_parent().pk}/").content.decode()
    assert other_section.title in directory


def test_each_editor_writes_in_the_own_section_only(section_editor, other_editor, section, other_section):
    assert section.permissions_for_user(section_editor).can_edit()
    assert not section.permissions_for_user(other_editor).can_edit()
    assert other_section.permissions_for_user(other_editor).can_edit()
    assert not other_section.permissions_for_user(section_editor).can_edit()
    assert not section.get_parent().permissions_for_user(section_editor).can_add_subpage()


def test_a_service_cannot_move_to_another_agencys_section(client, regional_admin, section, other_section, service):
    page = make_standard(section, service)
    client.force_login(regional_admin)
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other_section.pk]))
    page.refresh_from_db()
    assert page.get_parent().pk == section.pk
    assert ServicePage.objects.get(pk=page.pk).section_agency() == section.agency
