"""Unusual pauses are shown to the supervisor: many short waits on one day look like stopping the clock on purpose."""

from datetime import datetime, timedelta

from django.db.models import Count, Max

from core import notifications
from core.models import User
from core.permissions import Role
from workflows.models import Complaint, ComplaintEvent
from workflows.pauses import MANY_PAUSES
from workflows.states import Action


def report_pauses(now: datetime) -> int:
    """Tell the administrators of the region about cases paused often within a day; how many cases."""
    asked = ComplaintEvent.objects.filter(action=Action.INFO_REQUESTED, at__gte=now - timedelta(days=1), at__lte=now)
    often = asked.order_by().values("complaint").annotate(number=Count("pk"), last=Max("sequence"))
    found = {row["complaint"]: row["last"] for row in often if row["number"] >= MANY_PAUSES}
    for case in Complaint.objects.filter(pk__in=found).only("pk", "reference", "region_id"):
        admins = User.objects.filter(
            is_active=True, role_assignments__role=Role.REGIONAL_ADMIN, role_assignments__region=case.region_id
        ).exclude(email="")
        notifications.post(
            notifications.letter(
                "pause_pattern",
                to=user.email,
                dedupe_key=f"pause_pattern:{case.pk}:{found[case.pk]}:{user.pk}",
                context={"reference": case.reference},
                region_id=case.region_id,
            )
            for user in admins.distinct()
        )
    return len(found)
