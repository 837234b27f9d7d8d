"""Who decides when two agencies have said "not ours"."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import notifications
from core.models import Region, User
from core.permissions import Role
from workflows.models import Arbiter, ComplaintEvent
from workflows.permissions import DESK_ROLES, may_set_up
from workflows.services import notices


@transaction.atomic
def name_arbiter(*, region: Region, user: User | None, actor: User) -> None:
    """Name the region's arbiter; with nobody the administrators decide.

    Raises ``PermissionDenied``, and ``ValidationError`` for somebody who does not work at the region's desk.
    """
    if not may_set_up(region.pk, actor):
        raise PermissionDenied("name an arbiter")
    if user is None:
        Arbiter.objects.filter(region=region).delete()
        return
    if not candidates(region).filter(pk=user.pk).exists():
        raise ValidationError({"user": _("Choose somebody of the region's complaint desk.")}, code="invalid")
    Arbiter.objects.update_or_create(region=region, defaults={"user": user})


def candidates(region: Region) -> QuerySet[User]:
    """Active people of the region's desk."""
    desk = User.objects.filter(role_assignments__role__in=DESK_ROLES, role_assignments__region=region)
    return desk.filter(is_active=True, is_superuser=False).distinct().order_by("name", "pk")


def tell_arbiter(event: ComplaintEvent) -> None:
    """Tell whoever decides now: the named arbiter, else the administrators of the region."""
    region = event.complaint.region_id
    named = User.objects.filter(is_active=True, pk__in=Arbiter.objects.filter(region=region).values("user"))
    administrators = User.objects.filter(
        is_active=True, role_assignments__role=Role.REGIONAL_ADMIN, role_assignments__region=region
    )
    people = [user for user in (list(named) or list(administrators.distinct())) if user.email]
    notifications.post(notices.to_officers(event, "case_to_arbiter", people))
