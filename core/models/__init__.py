"""Who and what: regions, places, agencies, services, people and the notification outbox."""

from .agencies import Agency, AgencyName, Service
from .outbox import Notification
from .people import Role, RoleAssignment, User
from .places import District, Region, Village

__all__ = [
    "Agency",
    "AgencyName",
    "District",
    "Notification",
    "Region",
    "Role",
    "RoleAssignment",
    "Service",
    "User",
    "Village",
]
