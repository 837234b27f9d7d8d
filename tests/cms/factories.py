"""Sites, sections and pages. Pages are added through the tree, published unless ``live=False``."""

from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.models import AgencyIndexPage, AgencyPage, NewsIndexPage, ServicePage
from home.models import HomePage


def make_site(region):
    """The region's own site with front page, directory and news list; it is the default site."""
    home = add_page(Page.get_first_root_node(), HomePage(title="Beranda", slug=slugify(f"beranda {region.name}")))
    add_page(home, AgencyIndexPage(title="Perangkat daerah", slug="opd", show_in_menus=True))
    add_page(home, NewsIndexPage(title="Berita", slug="berita", show_in_menus=True))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home}
    )
    region.site = Site.objects.get(is_default_site=True)
    region.save(update_fields=["site"])
    return home


def make_section(agency, *, live=True):
    """The agency's page below the directory of its region's site."""
    home = agency.region.site.root_page
    directory = AgencyIndexPage.objects.child_of(home).get()
    page = AgencyPage(title=agency.name, slug=agency.code.lower(), agency=agency, live=live)
    return add_page(directory, page)


def make_standard(section, service, **values):
    """A service page; pass components as fields, ``live=False`` for a draft."""
    values = {"title": service.name, "slug": service.code} | values
    return add_page(section, ServicePage(service=service, **values))


def add_page(parent, page):
    """Added with a revision, as the editor would do; a published page is validated in full."""
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if page.live:
        revision.publish()
    page.refresh_from_db()
    return page
