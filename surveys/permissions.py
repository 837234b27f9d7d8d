"""Who works with service points, surveys and answers; used by the policies of the staff screens."""

from core.permissions import ALL_ROLES, Role

_WRITERS = frozenset({Role.REGIONAL_ADMIN, Role.EDITOR})

# Who asks people, hands out slips and types paper forms for an agency.
COLLECTORS = _WRITERS | {Role.LIAISON}

# Who works on what citizens wrote; everybody with a role over the agency reads it, covered where it looks personal.
COMMENT_WORKERS = frozenset({Role.REGIONAL_ADMIN, Role.AGENCY_HEAD, Role.LIAISON})
# National instruments are changed by the installation only (see policies.py).
INSTRUMENT_READERS = _WRITERS | {Role.AUDITOR}
_ADMIN = frozenset({Role.REGIONAL_ADMIN})
INSTRUMENT_ACTIONS = {"view": INSTRUMENT_READERS, "add": _ADMIN, "change": _ADMIN, "delete": _ADMIN}

# A point is retired, not deleted: its answers and its printed code outlive it.
POINT_ACTIONS = {"view": ALL_ROLES, "add": _WRITERS, "change": _WRITERS, "collect": COLLECTORS}
# A batch is closed, not deleted; only drafts in it change.
BATCH_ACTIONS = {"view": ALL_ROLES, "add": COLLECTORS, "change": COLLECTORS}
# A survey is written on its page; the list only shows it. Answers are read, never changed.
SURVEY_ACTIONS = {"view": ALL_ROLES}
# What somebody wrote may be erased by the office; a whole answer only above it: no office picks its own figures.
RESPONSE_ACTIONS = {
    "view": ALL_ROLES,
    "erase_texts": frozenset({Role.REGIONAL_ADMIN, Role.AGENCY_HEAD}),
    "erase_answer": _ADMIN,
}
# Single answers leave the system only with whoever answers for them or examines them; every time is logged.
EXPORTERS = frozenset({Role.REGIONAL_ADMIN, Role.AGENCY_HEAD, Role.AUDITOR})
# They mark an office's own answers, so the office does not keep them itself.
NETWORK_ACTIONS = {"view": frozenset({Role.REGIONAL_ADMIN, Role.AUDITOR})} | dict.fromkeys(
    ("add", "change", "delete"), frozenset({Role.REGIONAL_ADMIN})
)
# Copies live on in surveys, so a set may be deleted.
LIBRARY_ACTIONS = {"view": ALL_ROLES} | dict.fromkeys(("add", "change", "delete"), _WRITERS)
# A device is revoked, not deleted: its answers and what it could not hand in outlive it.
DEVICE_ACTIONS = {"view": ALL_ROLES, "add": _WRITERS, "change": _WRITERS}
# A result is made public by whoever answers for it. Nobody changes one; a correction is a new revision.
RESULT_PUBLISHERS = frozenset({Role.REGIONAL_ADMIN, Role.AGENCY_HEAD})
RESULT_ACTIONS = {"view": ALL_ROLES, "add": RESULT_PUBLISHERS}
TARGET_ACTIONS = dict.fromkeys(("add", "change", "delete"), RESULT_PUBLISHERS | {Role.LIAISON}) | {"view": ALL_ROLES}
