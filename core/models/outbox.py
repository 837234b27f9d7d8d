"""Messages to be sent, written in the transaction of the fact they tell."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .places import Region

# Why a message was ended on purpose: nobody misses it.
ENDED = ("", "stopped", "superseded", "left", "erased")


class Notification(models.Model):
    """One message to one recipient. The dedupe key makes a replayed fact send nothing twice."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WHATSAPP = "whatsapp", "WhatsApp"
        SMS = "sms", "SMS"

    class Purpose(models.TextChoices):
        """What a message is for; a recipient can stop each kind but the first."""

        SERVICE = "service", _("Needed for the work")
        CASE = "case", _("News of an own case")
        FOLLOW = "follow", _("News of a followed case")
        WORK = "work", _("Cases that arrive at the office")
        MENTION = "mention", _("Somebody names me in a note")
        DIGEST = "digest", _("Digest of deadlines")

    template = models.CharField(max_length=60)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.EMAIL)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.SERVICE)
    recipient = models.CharField(max_length=254)
    # Keyed hash of the address: finds what an address has got without the address.
    recipient_hash = models.CharField(max_length=64, blank=True, db_index=True)
    # What it tells of, e.g. "complaint:12"; empty where nothing is erased with it.
    about = models.CharField(max_length=40, blank=True, db_index=True)
    # Whose edited wording is used.
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8, default="id")
    # Template variables only: references and dates, never text a citizen wrote.
    context = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["not_before", "pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(
                fields=["not_before"],
                name="notification_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            # News of a case that somebody should have by now, which are few.
            models.Index(
                fields=["about"],
                name="notification_undelivered",
                condition=Q(sent_at__isnull=True, purpose="case") & ~Q(last_error__in=ENDED),
            ),
        ]

    def __str__(self):
        return f"{self.template} #{self.pk}"
