"""Open data: the published figures as CSV and JSON, without a key and without a name in them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.selectors import frame_of
from core.exchange.formats import CSV_TYPE, as_csv
from core.models import Region
from home.selectors import open_indexes

COLUMNS = ("region", "year", "agency", "agency_name", "standing", "n", "index", "grade", "compose")
KEPT_SECONDS = 300


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, and what every column means."""
    return render(request, "home/data.html", {"region": _region(request)})


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def indexes(request: HttpRequest, kind: str) -> HttpResponse:
    """``ikm.csv`` or ``ikm.json``: one record per agency and year."""
    records = _records(request)
    if kind == "json":
        return JsonResponse({"indexes": records})
    elements = sorted({code for record in records for code in record.get("nrr", {})})
    rows = [[_cell(record.get(name)) for name in COLUMNS] + _scores(record, elements) for record in records]
    response = HttpResponse(as_csv([*COLUMNS, *(f"nrr_{code}" for code in elements)], rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="ikm.csv"'
    return response


def _region(request: HttpRequest) -> Region:
    return get_object_or_404(Region, pk=frame_of(request).region_id)


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    region = _region(request)
    today = timezone.now().astimezone(region.zone).date()
    return list(open_indexes(region, today))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _scores(record: dict[str, Any], elements: list[str]) -> list[str]:
    return [record.get("nrr", {}).get(code, "") for code in elements]
