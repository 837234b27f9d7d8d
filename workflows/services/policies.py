"""Changes to time limits: load the seeds, freeze a version that a clock uses, make the next one."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from workflows.models import EscalationRule, SlaPolicy


@transaction.atomic
def load_sla_policies(folder: Path | None = None) -> int:
    """Load the time limits of the fixtures; a limit with any version is left alone. Returns how many were added.

    The first ones hold for every case; what a later release adds does not reach back to cases filed before.
    """
    path = (folder or Path(settings.FIXTURES_ROOT)) / "sla_policies.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    known = set(SlaPolicy.objects.values_list("code", flat=True))
    published_at = timezone.now() if known else None
    wanted = [policy for policy in content["policies"] if policy["code"] not in known]
    rows = [SlaPolicy(published_at=published_at, **policy) for policy in wanted]
    for row in rows:
        row.clean_fields()
    return len(SlaPolicy.objects.bulk_create(rows))


@transaction.atomic
def load_escalation_rules(folder: Path | None = None) -> int:
    """Load the ladder a new installation starts with; where any rule exists, nothing. Returns how many were added."""
    if EscalationRule.objects.exists():
        return 0
    path = (folder or Path(settings.FIXTURES_ROOT)) / "escalation_rules.json"
    rows = [EscalationRule(**rule) for rule in json.loads(path.read_text(encoding="utf-8"))["rules"]]
    return len(EscalationRule.objects.bulk_create(rows))


def mark_policies_used(policies: Iterable[SlaPolicy]) -> None:
    """Freeze versions: from the first clock on, they are only ever superseded. No statement when all were in use."""
    fresh = {policy.pk for policy in policies if policy.used_at is None}
    if fresh:
        SlaPolicy.objects.filter(pk__in=fresh, used_at__isnull=True).update(used_at=timezone.now())


def mark_policy_used(*, policy: SlaPolicy) -> None:
    """Freeze one version."""
    mark_policies_used([policy])


@transaction.atomic
def supersede_policy(*, policy: SlaPolicy, valid_from: date, now: datetime | None = None, **changes: Any) -> SlaPolicy:
    """Make the next version of a limit, valid from a day on; open cases keep the version of their filing.

    Raises ValueError when the version has a successor or the day lies before its own first day.
    """
    current = SlaPolicy.objects.select_for_update().get(pk=policy.pk)
    if current.valid_until is not None or valid_from < current.valid_from:
        raise ValueError("only the current version can be superseded, from a later day on")
    current.valid_until = valid_from
    current.save(update_fields=["valid_until"])
    values = {name: getattr(current, name) for name in (*SlaPolicy.FROZEN, "source", "certainty", "note")}
    values |= {**changes, "version": current.version + 1, "valid_from": valid_from}
    values["published_at"] = now or timezone.now()
    return SlaPolicy.objects.create(**values)
