"""Wagtail's screens that name a page before they ask whether one may see it."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page

from cms.selectors import pages_for_staff

LONGEST_ID = 19  # digits; longer numbers fit no database


def only_seen_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 when an address names, in its path or by ``id=``, a page the person would not be offered."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        named = [str(value) for name, value in kwargs.items() if name.endswith("_id")]
        asked = _numbers([*named, *request.GET.getlist("id")])
        pages = Page.objects.filter(pk__in=asked)
        if pages.count() != pages_for_staff(pages, request.user).count():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < LONGEST_ID}


def closed(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Wagtail's API names files of every collection, and no screen of ours asks it."""
    raise Http404
