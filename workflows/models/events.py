"""What happened to a case: an append-only chain. Triggers refuse to change or delete a row (``triggers.py``)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Agency
from workflows.actors import ActorKind
from workflows.chain import digest_of
from workflows.states import Action, Status


def facts_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the hash of an event covers, from its columns by attribute name."""
    return {
        "complaint": event["complaint_id"],
        "sequence": event["sequence"],
        "action": str(event["action"]),
        "before": str(event["before"]),
        "after": str(event["after"]),
        "actor_kind": str(event["actor_kind"]),
        "actor": event["actor_id"],
        "agency": event["agency_id"],
        "reason": str(event["reason"]),
        "is_public": event["is_public"],
        "at": event["at"],
        "data": event["data"],
        "message": event["message_digest"],
    }


class ComplaintEvent(models.Model):
    """One fact. It holds codes, ids and digests only; words are ``Message`` rows, which can be erased."""

    # No index of its own: the constraint below begins with it. Nobody asks by agency or actor.
    complaint = models.ForeignKey("workflows.Complaint", models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    action = models.CharField(_("action"), max_length=20, choices=Action)
    before = models.CharField(max_length=16, choices=Status, blank=True)
    after = models.CharField(max_length=16, choices=Status)
    actor_kind = models.CharField(max_length=10)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # An official code or one of the region's own (``LocalReason``).
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    is_public = models.BooleanField(_("shown to the reporter"), default=True)
    at = models.DateTimeField(_("at"))
    # Ids and dates that belong to the fact; never words somebody wrote.
    data = models.JSONField(default=dict, blank=True)
    # Salted digest of the words that went with it, so that the chain survives their erasure.
    message_digest = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["complaint", "sequence"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "sequence"], name="event_sequence_unique_in_complaint"),
            models.CheckConstraint(
                condition=models.Q(actor_kind=ActorKind.STAFF.value, actor__isnull=False)
                | models.Q(actor_kind__in=[ActorKind.REPORTER.value, ActorKind.SYSTEM.value], actor__isnull=True),
                name="event_staff_is_named_and_nobody_else",
            ),
        ]
        indexes = [models.Index(fields=["action", "at"], name="event_action_at")]

    def __str__(self):
        return f"{self.complaint_id}#{self.sequence} {self.action}"

    def facts(self) -> dict[str, Any]:
        """What the hash covers."""
        return facts_of(self.__dict__)

    def seal(self, prev_hash: str) -> None:
        self.prev_hash = prev_hash
        self.hash = digest_of(self.facts(), prev_hash)
