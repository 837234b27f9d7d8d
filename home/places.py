"""The official places a region is made of: province, regencies and cities, districts, villages.

Covers the provinces whose lists lie in ``fixtures/`` (see ``fixtures/README.md``): East Java, code 35.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from core.models import District, Region, Village

KINDS = {"Kabupaten": Region.Kind.REGENCY, "Kota": Region.Kind.CITY}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(settings.FIXTURES_ROOT, name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_places() -> None:
    """East Java with its regencies, cities, districts and villages. Places already there stay as they are."""
    province, _created = Region.objects.get_or_create(
        code="35", defaults={"name": "Jawa Timur", "kind": Region.Kind.PROVINCE}
    )
    Region.objects.bulk_create(
        [
            Region(code=row["code"], name=row["name"], kind=KINDS[row["type"]], parent=province)
            for row in _rows("regions_jatim.csv")
        ],
        ignore_conflicts=True,
    )
    _load_districts()
    _load_villages()


def _load_districts() -> None:
    regions = dict(Region.objects.values_list("code", "pk"))
    rows = [
        District(code=row["code"], name=row["name"], region_id=regions[row["regency_code"]])
        for row in _rows("districts_jatim.csv")
    ]
    District.objects.bulk_create(rows, ignore_conflicts=True)


def _load_villages() -> None:
    districts = dict(District.objects.values_list("code", "pk"))
    rows = [
        Village(
            code=row["code"], name=row["name"], kind=row["type"].lower(), district_id=districts[row["district_code"]]
        )
        for row in _rows("villages_jatim.csv")
    ]
    Village.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
