"""What the citizen's views share: region, network, and what a browser is remembered by for a short while.

A sealed cookie holds the receipt for half an hour, so that filing needs no session; the session holds the grant for one
case for half an hour after its last use. Neither the number nor the code ever stands in an address.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from cms.selectors import frame_of
from core.models import Region
from core.sealing import SealBroken, seal, unseal
from workflows.actors import ReporterGrant
from workflows.services.filing import Receipt

RECEIPT, GRANT = "complaint_receipt", "complaint_grant"
LIFETIME = timedelta(minutes=30)


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of these pages is kept by a browser, a proxy or the next site's log."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def region_of(request: HttpRequest) -> Region:
    """The region whose site this is. Raises ``Http404`` on an installation without one."""
    region_id = frame_of(request).region_id
    region = Region.objects.filter(pk=region_id).first() if region_id else None
    if region is None:
        raise Http404
    return region


def give_receipt(response: HttpResponse, receipt: Receipt, now: datetime) -> HttpResponse:
    """Send the receipt, sealed, so that the next page can show it with nothing in its address and no row anywhere."""
    facts = {"id": receipt.complaint.pk, "code": receipt.code, "at": now.timestamp()}
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(RECEIPT, seal(json.dumps(facts)), LIFETIME, secure=secure, httponly=True, samesite="Lax")
    return response


def hide_receipt(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(RECEIPT, samesite="Lax")
    return response


def given_receipt(request: HttpRequest, now: datetime) -> dict[str, Any] | None:
    """What this browser was given within the last half hour."""
    try:
        facts = json.loads(unseal(request.COOKIES.get(RECEIPT, "")) or "null")
    except (SealBroken, ValueError):
        return None
    if not facts or now.timestamp() - facts["at"] > LIFETIME.total_seconds():
        return None
    return facts


def open_grant(request: HttpRequest, complaint_id: int, now: datetime) -> None:
    """Let this browser act as the reporter of one case for a while, under a new session key."""
    if request.session.session_key:
        # A browser without a session gets its first key when this one is saved.
        request.session.cycle_key()
    request.session[GRANT] = {"id": complaint_id, "until": (now + LIFETIME).timestamp()}


def grant_of(request: HttpRequest, now: datetime) -> ReporterGrant | None:
    """The grant of this browser, prolonged by its use; None when there is none or it has run out."""
    held = request.session.get(GRANT)
    if not held or held["until"] < now.timestamp():
        return None
    request.session[GRANT] = {"id": held["id"], "until": (now + LIFETIME).timestamp()}
    return ReporterGrant(held["id"])


def close_grant(request: HttpRequest) -> None:
    """Forget the case; the rest of a session (a member of staff's) stays."""
    request.session.pop(GRANT, None)
