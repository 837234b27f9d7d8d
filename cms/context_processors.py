"""What every public template needs around the content."""

from typing import Any

from django.http import HttpRequest

from cms.selectors import chrome_for


def site_chrome(request: HttpRequest) -> dict[str, Any]:
    """``brand``, ``nav_items`` and ``language_links``; evaluated only where a template uses them."""
    return chrome_for(request)
