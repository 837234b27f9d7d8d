"""Where a complaint was started: a service point known by its signed code.

Service points belong to another app. ``home`` connects a reader in its ``AppConfig.ready``; without one every code is
unknown and the general form opens. Leaves out how codes are made, signed and revoked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

# Longer than any code; whatever a browser sends beyond that is no code.
LONGEST = 40


class PointState(StrEnum):
    OPEN = "open"
    # Signed by us, but revoked or out of use: says so and offers the general form.
    ENDED = "ended"
    # Not ours: nothing is told about it.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PointFacts:
    """What a code stands for. ``code`` is normalised and verified; it is empty unless the point is open."""

    state: PointState = PointState.UNKNOWN
    code: str = ""
    name: str = ""
    region_id: int | None = None
    agency_id: int | None = None
    agency_name: str = ""
    service_id: int | None = None
    service_name: str = ""

    @property
    def about(self) -> str:
        """The choice of the form that names the point's service, or its agency."""
        return f"s{self.service_id}" if self.service_id else f"a{self.agency_id}" if self.agency_id else ""


NO_POINT = PointFacts()
Reader = Callable[[str], PointFacts]
_readers: list[Reader] = []


def connect(reader: Reader) -> None:
    """Let this function read codes. Connecting again replaces it."""
    _readers[:] = [reader]


def point_behind(code: str, region_id: int) -> PointFacts:
    """The point of this region behind a scanned code (one query; none for a code that is not signed)."""
    if not code or not _readers:
        return NO_POINT
    facts = _readers[0](code[:LONGEST])
    return facts if facts.region_id == region_id else NO_POINT
