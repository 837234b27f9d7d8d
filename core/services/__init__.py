"""Changes to agencies, services, roles and people that touch more than one row."""

from .agencies import rename_agency, save_agency
from .roles import SyncReport, assign_role, revoke_role, sync_roles

__all__ = ["SyncReport", "assign_role", "rename_agency", "revoke_role", "save_agency", "sync_roles"]
