"""Reads of news."""

from django.db.models import QuerySet
from wagtail.models import Page

from cms.models import NewsPage


def latest_news(root: Page) -> QuerySet[NewsPage]:
    """Published items of the whole site below this page, newest first, agencies' own included."""
    news = NewsPage.objects.descendant_of(root).live().public().filter(published_on__isnull=False)
    return news.defer("body").select_related("photo").order_by("-published_on", "-pk")
