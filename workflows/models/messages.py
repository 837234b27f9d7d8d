"""Words and files that belong to a case."""

import secrets

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.actors import ActorKind

from .events import ComplaintEvent

AUTHOR_KINDS = [
    (ActorKind.STAFF.value, _("Officer")),
    (ActorKind.REPORTER.value, _("Reporter")),
    (ActorKind.SYSTEM.value, _("System")),
]


def random_key() -> str:
    return secrets.token_urlsafe(24)


class Message(models.Model):
    """What somebody wrote with an event: to the reporter, by the reporter, or for staff only."""

    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="messages")
    event = models.ForeignKey(ComplaintEvent, models.PROTECT, related_name="messages")
    # An event may be public while a note beside it is not.
    is_public = models.BooleanField(_("shown to the reporter"))
    author_kind = models.CharField(_("written by"), max_length=10, choices=AUTHOR_KINDS)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("officer")
    )
    body = models.TextField(_("text"))
    salt = models.CharField(max_length=32, editable=False)
    at = models.DateTimeField(_("at"))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        return f"{self.complaint_id} {self.at:%Y-%m-%d %H:%M}"


class StoredFile(models.Model):
    """A checked file in private storage, under a random name. The name given by the sender is not kept."""

    class Type(models.TextChoices):
        JPEG = "image/jpeg", _("Photo (JPEG)")
        PNG = "image/png", _("Picture (PNG)")
        PDF = "application/pdf", "PDF"

    # Name in the private storage. No FileField: that would build addresses and fix its storage at import.
    name = models.CharField(max_length=120, editable=False)
    content_type = models.CharField(_("type"), max_length=20, choices=Type)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def open(self) -> File:
        return storages["private"].open(self.name)

    @property
    def is_image(self) -> bool:
        return self.content_type != self.Type.PDF


class Attachment(StoredFile):
    """Opened only through a permission check, under a key that says nothing."""

    key = models.CharField(max_length=40, unique=True, default=random_key, editable=False)
    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="attachments")
    event = models.ForeignKey(ComplaintEvent, models.PROTECT, related_name="attachments")
    uploaded_by = models.CharField(_("uploaded by"), max_length=10, choices=AUTHOR_KINDS)
    is_public = models.BooleanField(_("shown to the reporter"), default=True)
    # Content checked; a file that is not may not be opened.
    is_verified = models.BooleanField(_("checked"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self):
        return self.download_name

    @property
    def download_name(self) -> str:
        suffix = {self.Type.JPEG: "jpg", self.Type.PNG: "png", self.Type.PDF: "pdf"}[self.Type(self.content_type)]
        return f"{self.complaint.reference}-{self.pk}.{suffix}"


class PendingUpload(StoredFile):
    """A checked file that waits for the rest of its form; swept after a day."""

    key = models.CharField(max_length=40, unique=True, default=random_key, editable=False)
    form_key = models.CharField(max_length=64, db_index=True)
    original_name = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("waiting upload")
        verbose_name_plural = _("waiting uploads")

    def __str__(self):
        return self.original_name
