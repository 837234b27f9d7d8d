"""Cases as the public reads them: checked, masked, neither confidential nor taken down."""

from django.db.models import Q

from core.models import Region
from workflows.models import PublicEntry

PAGE_SIZE = 20
MOST_WORDS = 6


def published_cases(region: Region, *, after: str, words: str) -> list[PublicEntry]:
    """Up to one page and one more, newest first, after the entry numbered ``after``; searched in public words."""
    entries = PublicEntry.objects.published().filter(complaint__region=region)
    if after.isdecimal() and len(after) < 16:
        entries = entries.filter(pk__lt=int(after))
    for word in words.split()[:MOST_WORDS]:
        entries = entries.filter(Q(title__icontains=word) | Q(body__icontains=word))
    related = ("complaint__current_agency", "complaint__category", "complaint__district")
    return list(entries.select_related(*related).order_by("-pk")[: PAGE_SIZE + 1])
