"""Enrolled devices and what they send."""

from datetime import timedelta
from uuid import uuid4

from surveys.device_tokens import DeviceForm
from surveys.models import Device
from surveys.services.devices import enrol, issue_code
from tests.surveys.factories import NOON, make_point, scores

HOURS = {str(day): ["08:00", "15:00"] for day in range(5)}


def make_device(survey, *, point=None, **values):
    return Device.objects.create(service_point=point or make_point(survey), **{"name": "Kios 1", **values})


def set_up(survey, *, at=NOON, **values):
    """An enrolled device and the header it shows."""
    device = make_device(survey, **values)
    device, token = enrol(code=issue_code(device=device, now=at), now=at)
    return device, {"Authorization": f"Bearer {token}"}


def form_of(device, *, issued_at=NOON, version=None):
    point = device.service_point
    return str(DeviceForm(version or point.survey.current_version_id, point.pk, device.kind, issued_at))


def ms(moment):
    return int(moment.timestamp() * 1000)


def item(device, value=3, *, at=NOON + timedelta(minutes=5), key=None, form=None, **changes):
    """A finished answer as the device sends it; ``at`` is what its clock said."""
    whole = {
        "key": str(key or uuid4()),
        "form": form or form_of(device),
        "language": "id",
        "captured_at": ms(at),
        "age": None,
        "seconds": 95,
        "service": "",
        "fields": scores(value),
    }
    return whole | changes
