"""Messages to be sent, written in the transaction of the fact they tell."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notification(models.Model):
    """One message to one recipient. The dedupe key makes a replayed fact send nothing twice."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    template = models.CharField(max_length=60)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.EMAIL)
    recipient = models.CharField(max_length=254)
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
            )
        ]

    def __str__(self):
        return f"{self.template} #{self.pk}"
