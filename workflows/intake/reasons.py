"""Why a message of a machine was held for the desk, or ignored."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Held(TextChoices):
    UNVERIFIED = "unverified", _("The sender could not be verified")
    LIMIT = "limit", _("Many messages from this sender today")
    SHORT = "short", _("Too short to act on")
    WHICH = "which", _("More than one case could be meant")
    CLOSED = "closed", _("The case is closed")


class Ignored(TextChoices):
    AUTOMATIC = "automatic", _("Written by a machine")
    BOUNCE = "bounce", _("A mail that could not be delivered")
    OWN = "own", _("Our own message")
    FLOOD = "flood", _("Too many messages from this sender")
    STOPPED = "stopped", _("The sender wants no more messages")
    RESUMED = "resumed", _("The sender wants messages again")
    UNREADABLE = "unreadable", _("Beyond the limits of size or parts")


LABELS = {**dict(Held.choices), **dict(Ignored.choices)}
