"""Ways in for people who are signed in. The channel follows from the address and the session, never from a field.

A citizen's page has no way to these places: they stand behind the sign-in and carry their own form address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.models import User
from surveys.models import Channel, Response
from surveys.quality import STAFF
from surveys.services.internal import submit_internal
from surveys.services.responses import submit_response

from .places import Place


@dataclass(frozen=True)
class AssistedPlace(Place):
    """An officer asks at a service point and taps what the citizen says."""

    is_signed_in = True

    @property
    def channel(self) -> Channel:
        return Channel.ASSISTED

    @property
    def form_url(self) -> str:
        return reverse("service_points:interview", args=[self.point_id])

    @property
    def thanks_url(self) -> str:
        return reverse("service_points:interviewed", args=[self.point_id])

    def store(self, **given: Any) -> Response:
        # An officer is known, asks one person after the other and sits in the office: no ceiling, no mark for that.
        flags = [code for code in given.pop("flags", ()) if code != STAFF]
        kept = {name: value for name, value in given.items() if name not in ("guard", "visit")}
        return submit_response(**kept, flags=flags)


@dataclass(frozen=True)
class InternalPlace(Place):
    """A survey among civil servants, answered by the signed-in person without leaving a name."""

    is_signed_in = True
    user: User | None = None

    @property
    def channel(self) -> Channel:
        return Channel.INTERNAL

    @property
    def form_url(self) -> str:
        return reverse("surveys:internal", args=[self.survey.slug])

    @property
    def thanks_url(self) -> str:
        return reverse("surveys:internal_thanks", args=[self.survey.slug])

    def receipt_url(self, response: Response) -> str:
        """Without the receipt: a log of addresses knows the time."""
        return self.thanks_url

    def store(self, **given: Any) -> Response:
        return submit_internal(user=self.user, **given)
