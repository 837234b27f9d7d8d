"""Sites, sections and pages. Pages are added through the tree, published unless ``live=False``."""

from datetime import date

from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.models import AgencyIndexPage, AgencyPage, CharterPage, NewsIndexPage, ServicePage
from home.models import HomePage


def make_site(region, *, hostname=""):
    """The region's own site with front page, directory and news list; without a host it is the default site."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Beranda", slug=slugify(f"beranda {region.name}")))
    for model, title, slug in ((AgencyIndexPage, "Perangkat daerah", "opd"), (NewsIndexPage, "Berita", "berita")):
        # Without a revision, as installing makes them: most tests only need the tree.
        home.add_child(instance=model(title=title, slug=slug, show_in_menus=True))
    site = Site() if hostname else Site.objects.get(is_default_site=True)
    site.hostname, site.root_page = hostname or "localhost", home.page_ptr
    site.save()
    region.site = site
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


def charter(**values):
    """An unsaved maklumat with everything it needs."""
    complete = {
        "title": "Maklumat pelayanan",
        "slug": "maklumat",
        "promise": "Kami sanggup melayani sesuai standar.",
        "sanctions": "Kami siap menerima sanksi.",
        "place": "Bangkalan",
        "signed_on": date(2026, 1, 5),
        "signatory_name": "Nama kepala",
        "signatory_title": "Kepala Dinas",
    }
    return CharterPage(**complete | values)


def add_page(parent, page):
    """Added with a revision, as the editor would do; a published page is validated in full."""
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if page.live:
        revision.publish()
    page.refresh_from_db()
    return page
