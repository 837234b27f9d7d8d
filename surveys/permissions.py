"""Who works with service points, surveys and answers; used by the policies of the staff screens."""

from core.permissions import ALL_ROLES, Role

_WRITERS = frozenset({Role.REGIONAL_ADMIN, Role.EDITOR})

# A point is retired, not deleted: its answers and its printed code outlive it.
POINT_ACTIONS = {"view": ALL_ROLES, "add": _WRITERS, "change": _WRITERS}
# A survey is written on its page; the list only shows it. Answers are read, never changed.
SURVEY_ACTIONS = {"view": ALL_ROLES}
RESPONSE_ACTIONS = {"view": ALL_ROLES}
# A device is revoked, not deleted: its answers and what it could not hand in outlive it.
DEVICE_ACTIONS = {"view": ALL_ROLES, "add": _WRITERS, "change": _WRITERS}
