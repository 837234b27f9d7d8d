"""Lets the complaint form know the survey app's service points; the two apps do not know each other."""

from surveys.codes import is_signed, normalise
from surveys.models import ServicePoint, ServicePointCode
from surveys.selectors.forms import signing_keys
from workflows.points import NO_POINT, PointFacts, PointState


def read_point(text: str) -> PointFacts:
    """What a scanned code stands for; a forged one costs no query."""
    code = normalise(text)
    if not is_signed(code, signing_keys()):
        return NO_POINT
    point = ServicePoint.objects.select_related("agency", "service").filter(code=code).first()
    if point is None:
        revoked = ServicePointCode.objects.select_related("point__agency").filter(code=code).first()
        return _ended(revoked.point) if revoked else NO_POINT
    return _open(point) if point.is_active else _ended(point)


def _open(point: ServicePoint) -> PointFacts:
    public = point.service if point.service and point.service.audience == "public" else None
    return PointFacts(
        state=PointState.OPEN,
        code=point.code,
        name=point.name,
        region_id=point.agency.region_id,
        agency_id=point.agency_id,
        agency_name=point.agency.name,
        service_id=public.pk if public else None,
        service_name=public.name if public else "",
    )


def _ended(point: ServicePoint) -> PointFacts:
    return PointFacts(state=PointState.ENDED, region_id=point.agency.region_id)
