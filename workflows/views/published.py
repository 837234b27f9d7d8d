"""``/aduan/statistik/`` and ``/aduan/publik/``: figures, and the cases that are public, in checked and masked words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.exchange.formats import CSV_TYPE, as_csv
from workflows.models import PublicEntry
from workflows.selectors.indicators import Indicators, indicators_of
from workflows.selectors.periods import asked_period, period_choices
from workflows.selectors.published import PAGE_SIZE, published_cases
from workflows.views.citizens import region_of

KEPT_SECONDS = 300
CSV_COLUMNS = (
    "received", "followed_up", "share", "open", "answered_open", "closed", "by_reporter", "by_officer", "by_silence",
    "referred", "duplicates", "rejected", "reopened", "bounced", "days", "on_time", "not_measured", "ratings", "rating",
)  # fmt: skip


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def statistics(request: HttpRequest) -> HttpResponse:
    """The indicators of a period, the same numbers as on the staff's page without confidential cases."""
    region = region_of(request)
    period = asked_period(region, request.GET.get("periode", ""))
    report = indicators_of(region, period, public=True)
    if request.GET.get("bentuk") == "csv":
        return _csv(report.total, report.offices, period.key)
    choices = period_choices(region, period)
    return render(
        request,
        "workflows/public/statistics.html",
        {"region": region, "report": report, "period": period, "periods": choices},
    )


def _csv(total: Indicators, offices: list[Indicators], key: str) -> HttpResponse:
    rows = [[row.agency.code if row.agency else "", *map(_cell, _values(row))] for row in (total, *offices)]
    response = HttpResponse(as_csv(["agency", *CSV_COLUMNS], rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="aduan-{key}.csv"'
    return response


def _values(row: Indicators) -> list[Any]:
    return [getattr(row, name) for name in CSV_COLUMNS]


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def cases(request: HttpRequest) -> HttpResponse:
    """What is public, newest first; ``sesudah`` is where the page before ended."""
    region = region_of(request)
    found = published_cases(region, after=request.GET.get("sesudah", ""), words=request.GET.get("q", "")[:100])
    more = len(found) > PAGE_SIZE
    shown = found[:PAGE_SIZE]
    context = {"entries": shown, "next": shown[-1].pk if more else None, "q": request.GET.get("q", "")[:100]}
    return render(request, "workflows/public/cases.html", {"region": region, **context})


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One public case. Anything that is not public is as if it did not exist."""
    published = PublicEntry.objects.published().select_related(
        "complaint__current_agency", "complaint__category", "complaint__district"
    )
    region = region_of(request)
    entry = get_object_or_404(published, complaint__reference=reference, complaint__region=region)
    context = {"entry": entry, "complaint": entry.complaint, "region": region}
    return render(request, "workflows/public/case.html", context)
