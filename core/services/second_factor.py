"""The way back in for somebody whose phone with the second factor is lost."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import notifications
from core.models import User

LOGGED = "core.reset_second_factor"
SHORTEST_REASON = 10


@transaction.atomic
def reset_second_factor(*, person: User, actor: User, reason: str, now: datetime) -> None:
    """Take away a person's second factor and recovery codes; the next sign-in asks for a new one.

    Logged with its reason, and the person is told. Raises ``PermissionDenied`` for the own account or one outside of
    what the actor administers; ``ValidationError`` without a reason or where there is no second factor.
    """
    if person.pk == actor.pk or not User.objects.manageable_by(actor).filter(pk=person.pk).exists():
        raise PermissionDenied("second factor")
    if len(reason.strip()) < SHORTEST_REASON:
        message = _("Please write at least %(minimum)d characters.") % {"minimum": SHORTEST_REASON}
        raise ValidationError({"reason": message}, code="too_short")
    found = Authenticator.objects.select_for_update().filter(user=person)
    if not found:
        raise ValidationError(_("This person has no second factor."), code="none")
    Authenticator.objects.filter(user=person).delete()
    log(instance=person, action=LOGGED, user=actor, data={"reason": reason.strip()[:250]})
    key = f"second_factor_reset:{person.pk}:{now.isoformat()}"
    notifications.enqueue("second_factor_reset", to=person.email, dedupe_key=key, context={"by": str(actor)})
