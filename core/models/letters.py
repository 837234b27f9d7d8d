"""What an address wants, and how a region words its messages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .outbox import Notification
from .places import Region


class ConfirmedAddress(models.Model):
    """An address whose owner pressed the button; an address nobody confirmed gets at most one message a day."""

    recipient_hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.recipient_hash[:8]} {self.at:%Y-%m-%d}"


class MessageStop(models.Model):
    """An address does not want a kind of message: of one subject, or (``about`` empty) none of the kind at all."""

    recipient_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=12, choices=Notification.Purpose)
    about = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient_hash", "purpose", "about"], name="message_stopped_once"),
            models.CheckConstraint(condition=~Q(purpose="service"), name="needed_message_is_never_stopped"),
        ]

    def __str__(self):
        return f"{self.recipient_hash[:8]} {self.purpose} {self.about}"


class LetterVersion(models.Model):
    """A region's own wording of a message. The newest counts; an older one is never changed."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="letters", verbose_name=_("region"))
    code = models.CharField(_("message"), max_length=60)
    language = models.CharField(_("language"), max_length=8, default="id")
    number = models.PositiveIntegerField(_("version"))
    # Empty texts: back to the wording that comes with the program.
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        constraints = [
            models.UniqueConstraint(fields=["region", "code", "language", "number"], name="letter_version_once"),
            models.CheckConstraint(
                condition=Q(subject="", body="") | ~Q(subject="") & ~Q(body=""), name="letter_has_subject_and_body"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.language} {self.number}"
