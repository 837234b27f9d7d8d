"""Rules of the sections inside Wagtail's own screens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page
from wagtail.query import PageQuerySet

from cms.forms import service_refusal
from cms.models import ServicePage
from cms.models.base import section_of
from cms.selectors import pages_for_staff
from cms.views.sounds import sound_response


@hooks.register("construct_page_chooser_queryset")
def hide_other_sections_drafts(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The explorer, search and reports are filtered by Wagtail; its page chooser shows every draft."""
    return pages_for_staff(pages, request.user)


@hooks.register("before_move_page")
def keep_service_in_its_section(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    refusal = _refusal(page.specific, destination)
    if not refusal:
        return None
    messages.error(request, _("The page was not moved. %(reason)s") % {"reason": refusal})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


# After Wagtail's own hook, which asks whether the document is for everybody.
@hooks.register("before_serve_document", order=100)
def play_recording(document: AbstractDocument, request: HttpRequest) -> HttpResponse | None:
    return sound_response(document, request)


def _refusal(page: Page, destination: Page) -> str:
    section = section_of(destination)
    agency = section.agency if section else None
    if not isinstance(page, ServicePage) or page.service is None or agency is None:
        return ""
    return service_refusal(page.service, agency)
