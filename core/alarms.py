"""Alarms to the people who run a region."""

from core import notifications
from core.models import Role, User


def tell_administrators(template: str, key: str, context: dict[str, str], region_id: int | None = None) -> None:
    """Tell every regional administrator (of one region), once per key."""
    people = User.objects.filter(is_active=True, role_assignments__role=Role.REGIONAL_ADMIN).exclude(email="")
    if region_id:
        people = people.filter(role_assignments__region=region_id)
    notifications.post(
        notifications.letter(template, to=person.email, dedupe_key=f"{key}:{person.pk}", context=context)
        for person in people.distinct()
    )
