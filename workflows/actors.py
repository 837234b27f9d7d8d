"""Who acts on a case when it is not a member of staff.

A reporter has no account: number and secret code give a grant for one case. The clock itself acts too, when a
waiting time runs out. Staff act as ``core.User``.
"""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    STAFF = "staff"
    REPORTER = "reporter"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class ReporterGrant:
    """Somebody who has proved to hold the secret code of one case."""

    complaint_id: int
    is_authenticated = False
    is_active = False


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The sweep that acts when a waiting time has passed."""

    is_authenticated = False
    is_active = False


SYSTEM = SystemActor()


def kind_of(actor: object) -> ActorKind:
    if isinstance(actor, ReporterGrant):
        return ActorKind.REPORTER
    if isinstance(actor, SystemActor):
        return ActorKind.SYSTEM
    return ActorKind.STAFF
