"""Wagtail's choosers, without the drafts of other sections."""

from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.models import Page

from cms.selectors import pages_for_staff

LONGEST_ID = 19  # digits; longer numbers fit no database


class SectionedChosenMultipleView(ChosenMultipleView):
    """Wagtail names whatever page's number is sent; here only pages the chooser would offer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        given = request.GET.getlist("id")
        ids = [int(text) for text in given if text.isascii() and text.isdigit() and len(text) < LONGEST_ID]
        offered = pages_for_staff(Page.objects.filter(pk__in=ids), request.user)
        chosen = request.GET.copy()
        chosen.setlist("id", [str(pk) for pk in offered.values_list("pk", flat=True)])
        request.GET = chosen  # type: ignore[assignment]
        return super().get(request)
