"""What the citizen's views share: region, network, and what the session remembers for a short while.

The session holds a sealed receipt for half an hour and the grant for one case for half an hour after its last use;
neither the number nor the code ever stands in an address.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

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


def remember_receipt(request: HttpRequest, receipt: Receipt) -> None:
    """Keep the receipt, sealed, so that the next page can show it without anything in its address."""
    facts = {"id": receipt.complaint.pk, "code": receipt.code, "at": timezone.now().timestamp()}
    request.session[RECEIPT] = seal(json.dumps(facts))


def remembered_receipt(request: HttpRequest, now: datetime) -> dict[str, Any] | None:
    try:
        facts = json.loads(unseal(request.session.get(RECEIPT, "")) or "null")
    except (SealBroken, ValueError):
        return None
    if not facts or now.timestamp() - facts["at"] > LIFETIME.total_seconds():
        return None
    return facts


def open_grant(request: HttpRequest, complaint_id: int, now: datetime) -> None:
    """Let this browser act as the reporter of one case for a while, under a new session key."""
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
    """Forget case and receipt; the rest of a session (a member of staff's) stays."""
    request.session.pop(GRANT, None)
    request.session.pop(RECEIPT, None)
