"""Who works with service points, surveys and answers; used by the policies of the staff screens."""

from core.permissions import ALL_ROLES, Role

_WRITERS = frozenset({Role.REGIONAL_ADMIN, Role.EDITOR})

# Who asks people, hands out slips and types paper forms for an agency.
COLLECTORS = _WRITERS | {Role.LIAISON}

# A point is retired, not deleted: its answers and its printed code outlive it.
POINT_ACTIONS = {"view": ALL_ROLES, "add": _WRITERS, "change": _WRITERS, "collect": COLLECTORS}
# A batch is closed, not deleted; only drafts in it change.
BATCH_ACTIONS = {"view": ALL_ROLES, "add": COLLECTORS, "change": COLLECTORS}
# A survey is written on its page; the list only shows it. Answers are read, never changed.
SURVEY_ACTIONS = {"view": ALL_ROLES}
RESPONSE_ACTIONS = {"view": ALL_ROLES}
# A device is revoked, not deleted: its answers and what it could not hand in outlive it.
DEVICE_ACTIONS = {"view": ALL_ROLES, "add": _WRITERS, "change": _WRITERS}
