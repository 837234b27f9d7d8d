"""Posters are answered before sessions, sign-in, messages and redirects, which have no part in them.

Everything a header promises (transport, content policy, framing) stands outside of this and holds here too. Whatever is
not the address of a poster goes the ordinary way; so would a poster, with the same answer, later.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from surveys.codes import LENGTH
from surveys.views.answering import point_form

# As in urls.py, behind the languages that have an address. Anything shorter is no code but another address.
_POSTER = re.compile(rf"/(?:(?P<language>[a-z]{{2}})/)?q/(?P<code>[^/]{{{LENGTH},{2 * LENGTH}}})/")


class PosterMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        poster = _POSTER.fullmatch(request.path_info)
        language = poster["language"] or settings.LANGUAGE_CODE if poster else ""
        if poster is None or language not in settings.PAGE_LANGUAGES or poster["language"] == settings.LANGUAGE_CODE:
            return self.get_response(request)
        with translation.override(language):
            response = point_form(request, poster["code"])
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
