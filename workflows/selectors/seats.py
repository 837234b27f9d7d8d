"""From where a person sees cases: whole regions, or agencies whose forwardings they follow.

Lists read their rows along the indexes of these seats; that a seat shows no more than ``visible_to`` is checked again
when the rows themselves are fetched.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.models import Agency, User
from core.permissions import Role, Scope, scope_of
from workflows.permissions import AGENCY_READERS, DESK_ROLES, REGION_READERS

# More than this many are read together, along the index of their region.
MOST_SEATS = 24


@dataclass(frozen=True, slots=True)
class Seats:
    """``regions`` are seen whole; ``agencies`` lie outside of these."""

    user: User
    regions: tuple[int, ...]
    agencies: tuple[int, ...]
    # Where the person moves cases on, not only reads.
    desk_regions: frozenset[int]
    working: frozenset[int]
    heading: frozenset[int]


def seats_of(user: User, agencies: Iterable[Agency]) -> Seats:
    """Seats among the agencies a person holds a role on (no query of its own)."""
    scope, agencies = scope_of(user), list(agencies)
    everywhere = {row.region_id for row in agencies} if scope.is_superuser else set()
    regions = everywhere | _regions(scope, REGION_READERS)
    below = [row for row in agencies if row.region_id not in regions]
    return Seats(
        user=user,
        regions=tuple(sorted(regions)),
        agencies=tuple(row.pk for row in below if scope.covers(AGENCY_READERS, row)),
        desk_regions=frozenset(everywhere | _regions(scope, DESK_ROLES)),
        working=frozenset(row.pk for row in agencies if scope.covers({Role.LIAISON}, row)),
        heading=frozenset(row.pk for row in agencies if scope.covers({Role.AGENCY_HEAD}, row)),
    )


def _regions(scope: Scope, roles: Iterable[str]) -> set[int]:
    return {grant.region_id for grant in scope.grants if grant.region_id is not None and grant.role in roles}
