"""Who and what: regions, places, agencies, services, people and the notification outbox."""

from .agencies import Agency, AgencyName, Service
from .letters import ConfirmedAddress, LetterVersion, MessageStop
from .outbox import Notification
from .people import Role, RoleAssignment, User
from .places import District, Region, Village

__all__ = [
    "Agency",
    "AgencyName",
    "ConfirmedAddress",
    "District",
    "LetterVersion",
    "MessageStop",
    "Notification",
    "Region",
    "Role",
    "RoleAssignment",
    "Service",
    "User",
    "Village",
]
