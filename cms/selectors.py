"""Reads for the frame around public pages."""

from typing import Any

from django.http import HttpRequest


def chrome_for(request: HttpRequest) -> dict[str, Any]:
    """Name, logo and navigation of the site that answers this request."""
    return {}
