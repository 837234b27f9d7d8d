"""Search across the pages of a site."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Site

from cms.selectors import found_pages


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``?q=`` words, ``?page=`` number. Without words it shows the form alone."""
    site = Site.find_for_request(request)
    results = found_pages(
        root_path=site.root_page.path if site else "",
        query=request.GET.get("q", ""),
        number=request.GET.get("page", 1),
    )
    context = {"results": results, "search_query": results.query, "page_query": urlencode({"q": results.query})}
    return render(request, "home/search.html", context)
