"""Load the common list of topics."""

import json
from pathlib import Path

from django.conf import settings
from django.db import transaction

from workflows.models import Category


@transaction.atomic
def load_categories(folder: Path | None = None) -> int:
    """Add the topics of ``fixtures/categories_kabupaten.json`` that are not there yet; returns how many.

    What staff changed or ended is left alone.
    """
    path = (folder or Path(settings.FIXTURES_ROOT)) / "categories_kabupaten.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["categories"]
    known = set(Category.objects.filter(region=None).values_list("code", flat=True))
    added = [
        Category(**row, position=10 * number) for number, row in enumerate(rows, start=1) if row["code"] not in known
    ]
    return len(Category.objects.bulk_create(added))


def sp4n_names() -> list[str]:
    """The main categories of SP4N-LAPOR! a topic may be mapped to."""
    path = Path(settings.FIXTURES_ROOT) / "sp4n_main_categories.json"
    return json.loads(path.read_text(encoding="utf-8"))["main"]
