"""Which languages have addresses of their own: ``/aduan/`` is Indonesian, ``/en/aduan/`` English.

A survey may be spoken in more (Javanese, Madurese). No page is written in those, so they get no prefix: a link given
out while such a survey is shown leads to the Indonesian page, and ``/jv/…`` is no address.
"""

from typing import Any

from django.conf import settings
from django.urls import LocalePrefixPattern, URLResolver
from django.utils.translation import get_language


class PagePrefixPattern(LocalePrefixPattern):
    @property
    def language_prefix(self) -> str:
        is_page_language = (get_language() or settings.LANGUAGE_CODE) in settings.PAGE_LANGUAGES
        return super().language_prefix if is_page_language else ""


def page_patterns(*urls: Any) -> list[URLResolver]:
    """Like Django's ``i18n_patterns`` without a prefix for the default language."""
    return [URLResolver(PagePrefixPattern(prefix_default_language=False), list(urls))]
