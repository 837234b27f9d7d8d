"""What the thank-you page shows: the receipt, the agency's own words and, after a low score, the way to a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode

from surveys.offers import is_offered

from .places import Place


def thanks_context(request: HttpRequest, place: Place, now: datetime) -> dict[str, Any]:
    receipt, mark = request.GET.get("t", ""), request.GET.get("m", "")
    is_ours = len(receipt) == 32 and receipt.isalnum() and receipt.isascii()
    return {
        "place": place,
        "agency": place.survey.agency,
        "closing": place.text("closing"),
        "receipt": f"{receipt[:4]}-{receipt[4:8]}".upper() if is_ours else "",
        "offers_complaint": is_ours and is_offered(mark, receipt, now),
        "about": _about(request, place),
    }


def _about(request: HttpRequest, place: Place) -> str:
    """What a complaint form is to know already, as a query: the service, or else the agency, and the point."""
    chosen = request.GET.get("layanan", "")
    service_id = place.service.pk if place.service else chosen if chosen.isascii() and chosen.isdigit() else ""
    query = {"layanan": service_id} if service_id else {"opd": place.survey.agency_id}
    return urlencode(query | ({"titik": place.point.code} if place.point else {}))
