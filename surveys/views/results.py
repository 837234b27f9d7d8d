"""Published results in public: the list, one result with its revisions, its poster and its content as data."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.selectors import frame_of
from core.period_words import period_words
from core.periods import Period, any_period_from_key
from surveys.models import PublishedIndex
from surveys.numbering import Numbering
from surveys.selectors.numbering import numbering_in
from surveys.selectors.results import published_in, revisions_at
from surveys.services.result_posters import poster_texts, result_poster_pdf
from surveys.views.result_sheet import ResultSheet
from surveys.viewsets.branding import region_brand

KEPT_SECONDS = 300
_NUMBERINGS = {"kuesioner": Numbering.QUESTIONNAIRE, "peraturan": Numbering.REGULATION}


@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    """Valid results of one year, newest period first; three queries."""
    rows = published_in(frame_of(request).region_id or 0)
    years = sorted({day.year for day in rows.order_by().values_list("start", flat=True)}, reverse=True)
    year = _asked_year(request, years)
    chosen = list(rows.filter(start__year=year)) if year else []
    context = {"years": years, "year": year, "groups": _by_period(chosen), "breadcrumbs": _trail()}
    return render(request, "surveys/results/list.html", context)


def _asked_year(request: HttpRequest, years: list[int]) -> int | None:
    asked = request.GET.get("tahun", "")
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    return years[0] if years else None


def _by_period(rows: list[PublishedIndex]) -> list[dict[str, Any]]:
    """Regions first, agencies by name, services below their agency."""

    def place(row: PublishedIndex) -> tuple[Any, ...]:
        names = (row.agency.name if row.agency else "", row.service.name if row.service else "")
        return (-row.end.toordinal(), row.start, row.agency is not None, *names)

    groups = groupby(sorted(rows, key=place), key=lambda row: row.period)
    named = ((period_words(any_period_from_key(key)), found) for key, found in groups)
    return [{"name": name, "rows": [_listed(row) for row in found]} for name, found in named]


def _listed(row: PublishedIndex) -> dict[str, Any]:
    return {
        "result": row,
        "url": result_url(row),
        "name": row.service.name if row.service else (row.agency.name if row.agency else row.region.full_name),
        "agency": row.agency.name if row.service and row.agency else "",
        "is_correction": row.is_correction,
    }


@require_safe
def result(
    request: HttpRequest, unit: str, period: Period, service: str = "", revision: int | None = None
) -> HttpResponse:
    """One result; three queries. An earlier revision stays at its own address and says what replaced it."""
    found, revisions = _found(request, unit, service, period, revision)
    numbering = _NUMBERINGS.get(request.GET.get("nomor", "")) or numbering_in(found.region_id)
    sheet = ResultSheet(found.content, numbering)
    context = {
        "result": found,
        "sheet": sheet,
        "newest": revisions[0],
        "revisions": [{"row": row, "url": result_url(row, revision=row.revision)} for row in revisions],
        "by_questionnaire": numbering is Numbering.QUESTIONNAIRE,
        "poster_url": result_url(found, "poster"),
        "data_url": result_url(found, "data"),
        "breadcrumbs": _trail({"title": f"{sheet.name}, {sheet.period_words}"}),
    }
    return render(request, "surveys/results/result.html", context)


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def result_data(request: HttpRequest, unit: str, period: Period, service: str = "") -> HttpResponse:
    """The frozen content with its hash, so that anybody can check that it is the one published."""
    found, _revisions = _found(request, unit, service, period, None)
    data = {
        "revision": found.revision,
        "reason": found.reason,
        "published_at": found.published_at.isoformat(),
        "sha256": found.content_hash,
        "content": found.content,
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def result_poster(request: HttpRequest, unit: str, period: Period, service: str = "") -> HttpResponse:
    """The valid revision on one A4 page."""
    found, _revisions = _found(request, unit, service, period, None)
    brand = region_brand(found.region_id)
    texts = poster_texts(found, ResultSheet(found.content, numbering_in(found.region_id)))
    document = result_poster_pdf(texts, brand_colour=brand.colour, logo=brand.logo, logo_format=brand.logo_format)
    name = f"ikm-{unit}{'-' + service if service else ''}-{period.key}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _found(
    request: HttpRequest, unit: str, service: str, period: Period, revision: int | None
) -> tuple[PublishedIndex, list[PublishedIndex]]:
    revisions = revisions_at(frame_of(request).region_id or 0, unit, service, period)
    found = revisions[0] if revisions and revision is None else None
    found = found or next((row for row in revisions if row.revision == revision), None)
    if found is None:
        raise Http404
    return found, revisions


def result_url(row: PublishedIndex, page: str = "", *, revision: int | None = None) -> str:
    """Address of a result, of one of its revisions, or of its ``poster`` or ``data``."""
    parts: dict[str, Any] = {"unit": row.agency.code if row.agency else row.region.code, "period": row.period}
    name = "service_result" if row.service else "result"
    if row.service:
        parts["service"] = row.service.code
    if revision is not None:
        return reverse(f"surveys:{name}_revision", kwargs=parts | {"revision": revision})
    return reverse(f"surveys:{name}_{page}" if page else f"surveys:{name}", kwargs=parts)


def _trail(*more: dict[str, str]) -> list[dict[str, str]]:
    start = [
        {"title": _("Home"), "url": reverse("wagtail_serve", args=[""])},
        {"title": _("Published results"), "url": reverse("surveys:results")},
    ]
    return [*start, *more]
