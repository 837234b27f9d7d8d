"""Files of a case: checked and kept while their form is unfinished, then attached to the event they came with."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.statements import Reading
from workflows.actors import ActorKind
from workflows.models import Attachment, ComplaintEvent, HeldEntry, InboundMessage, PendingUpload
from workflows.states import Action
from workflows.uploads import check_file

MOST_FILES = 5
PENDING_LIFETIME = timedelta(hours=24)


def keep_upload(*, form_key: str, file: UploadedFile, now: datetime | None = None) -> PendingUpload:
    """Check a file and keep it for the form with this key.

    The same content kept twice for one form is one file. Raises ``ValidationError`` with a message for the field.
    """
    kept = pending_of(form_key)
    checked = check_file(file, file.size or 0, settings.ATTACHMENT_MAX_BYTES)
    same = next((row for row in kept if row.sha256 == checked.sha256), None)
    if same:
        return same
    if len(kept) >= MOST_FILES:
        raise ValidationError(_("At most %(count)d files.") % {"count": MOST_FILES}, code="too_many")
    at = now or timezone.now()
    name = f"complaints/{at:%Y/%m}/{secrets.token_hex(16)}.{checked.suffix}"
    stored = storages["private"].save(name, ContentFile(checked.content))
    return PendingUpload.objects.create(
        form_key=form_key,
        original_name=(file.name or "")[-80:],
        name=stored,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        at=at,
    )


def keep_uploads(
    *, form_key: str, files: Sequence[UploadedFile], now: datetime | None = None
) -> tuple[list[PendingUpload], list[str]]:
    """Keep what is good of several files; returns what is kept for the form now, and a message per refused file."""
    refused = []
    for file in files:
        try:
            keep_upload(form_key=form_key, file=file, now=now)
        except ValidationError as error:
            refused.append(f"{(file.name or '')[-80:]}: {' '.join(error.messages)}")
    return pending_of(form_key), refused


def pending_of(form_key: str) -> list[PendingUpload]:
    """Files that wait for the form with this key (one query)."""
    return _pending.all(form_key)


_pending: Reading[PendingUpload] = Reading(lambda key: PendingUpload.objects.filter(form_key=key), str)


def discard_upload(*, form_key: str, key: str) -> None:
    """Forget one waiting file of a form."""
    # Compared here, not in the query: what a browser sends as a key may be no text a database takes.
    for upload in pending_of(form_key):
        if upload.key == key:
            _forget(upload)


def attach(event: ComplaintEvent, uploads: Sequence[PendingUpload]) -> list[Attachment]:
    """Make waiting files part of a case, in the transaction of their event (no statement without files)."""
    return _attach(event, uploads) if uploads else []


@transaction.atomic
def _attach(event: ComplaintEvent, uploads: Sequence[PendingUpload]) -> list[Attachment]:
    rows = [
        Attachment(
            complaint_id=event.complaint_id,
            event=event,
            name=upload.name,
            content_type=upload.content_type,
            size=upload.size,
            sha256=upload.sha256,
            uploaded_by=_giver(event),
            is_public=event.is_public,
            is_verified=True,
            at=event.at,
        )
        for upload in uploads
    ]
    attached = Attachment.objects.bulk_create(rows)
    PendingUpload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    return attached


def _giver(event: ComplaintEvent) -> str:
    """What came with a report is the reporter's, whoever typed it in: the scan of a letter, a photo at the counter."""
    return ActorKind.REPORTER.value if event.action == Action.FILED else event.actor_kind


def discard_stale_uploads(now: datetime) -> int:
    """Delete files whose form was never finished; how many."""
    stale = PendingUpload.objects.filter(at__lt=now - PENDING_LIFETIME)
    for waiting in (HeldEntry.objects.waiting(), InboundMessage.objects.waiting()):
        stale = stale.exclude(form_key__in=waiting.values("form_key"))
    found = list(stale[:500])
    for upload in found:
        _forget(upload)
    return len(found)


def _forget(upload: PendingUpload) -> None:
    upload.delete()
    storages["private"].delete(upload.name)
