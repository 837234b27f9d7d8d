"""Publishing a page once, with a revision, so that a demo page has a history like any other."""

from django.db import transaction
from wagtail.models import Page


@transaction.atomic
def publish_once(parent: Page, page: Page) -> bool:
    """Add and publish the page unless its address is taken; what an editor changed since stays."""
    # Fetched again: treebeard keeps the number of children on the instance, which grows stale.
    parent = Page.objects.get(pk=parent.pk)
    if parent.get_children().filter(slug=page.slug).exists():
        return False
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    return True
