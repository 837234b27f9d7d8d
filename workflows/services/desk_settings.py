"""What a region's administrator sets: the desk's mail address, waiting times, and what reporters read."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.models import Region, User
from workflows.models import ComplaintDesk, ReporterPolicy
from workflows.permissions import may_set_up
from workflows.selectors.aftercare import policy_of

DESK_FIELDS = ("mail_address", "backdate_days", "info_wait_days", "reopen_days", "sample_percent")
REPORTER_FIELDS = ("shows_officer", "dossier_after_days")
LOGGED = "workflows.settings"


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Days are working days, only ``reopen_days`` are calendar days."""

    mail_address: str
    backdate_days: int
    info_wait_days: int
    reopen_days: int
    sample_percent: int
    shows_officer: bool
    dossier_after_days: int


def settings_of(desk: ComplaintDesk) -> DeskSettings:
    """What holds now (one query)."""
    policy = policy_of(desk.region)
    rows = ((desk, DESK_FIELDS), (policy, REPORTER_FIELDS))
    return DeskSettings(**{name: getattr(row, name) for row, names in rows for name in names})


@transaction.atomic
def change_settings(*, region: Region, actor: User, wanted: DeskSettings) -> list[str]:
    """Keep the settings and log what changed; the names of what did.

    Raises ``PermissionDenied``, or ``ValidationError`` for a mail address of another region's desk.
    """
    if not may_set_up(region.pk, actor):
        raise PermissionDenied("settings")
    desk = ComplaintDesk.objects.select_for_update().select_related("region").get(region=region)
    address = wanted.mail_address.strip().lower()
    if address and ComplaintDesk.objects.exclude(pk=desk.pk).filter(mail_address__iexact=address).exists():
        message = _("Another complaint desk reads the mail of this address.")
        raise ValidationError({"mail_address": message}, code="taken")
    policy = ReporterPolicy.objects.get_or_create(region=region)[0]
    changed = _set(desk, DESK_FIELDS, wanted) | _set(policy, REPORTER_FIELDS, wanted)
    if changed:
        log(desk, LOGGED, user=actor, data={"changed": changed})
    return list(changed)


def _set(row: ComplaintDesk | ReporterPolicy, names: tuple[str, ...], wanted: DeskSettings) -> dict[str, Any]:
    """Write what differs; old and new value by name."""
    pairs = {name: (getattr(row, name), getattr(wanted, name)) for name in names}
    changed = {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    for name, (_old, new) in changed.items():
        setattr(row, name, new)
    if changed:
        row.save(update_fields=list(changed))
    return changed
