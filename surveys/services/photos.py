"""Photos sent with an answer: kept while the form is unfinished, and found again from the stored answer.

No row of their own. A photo lies in the private storage under the key of its form, which becomes the key of the answer,
and is named by what only we can compute from form and question: nobody can send another form's photo as an own one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.template.defaultfilters import filesizeformat
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.pictures import SUFFIX, check_picture
from surveys.models import Response

FOLDER = "survey-photos"
SALT = "surveys.photo.v1"
# A form token lives a day; nobody can send an older form.
UNSENT_LIFETIME = timedelta(hours=36)


def maximum_photo() -> int:
    """Bytes one photo may have."""
    limit: int = settings.ATTACHMENT_MAX_BYTES
    return limit


def photo_key(form_key: UUID, question_id: str) -> str:
    """What the answer holds in place of the photo; 32 hexadecimal digits."""
    return salted_hmac(SALT, f"{form_key.hex}.{question_id}", algorithm="sha256").hexdigest()[:32]


def keep_photo(*, form_key: UUID, question_id: str, file: IO[bytes] | File, size: int, now: datetime) -> str:
    """Check a photo, write it anew without what it carries besides the picture, and keep it in place of an earlier one.

    Raises ValidationError with a sentence for the field.
    """
    if size > maximum_photo():
        limit = {"limit": filesizeformat(maximum_photo())}
        raise ValidationError(_("This file is too large. The limit is %(limit)s.") % limit, code="too_large")
    checked = check_picture(file.read(maximum_photo() + 1))
    key = photo_key(form_key, question_id)
    discard_photo(form_key=form_key, key=key)
    _storage().save(f"{_folder(form_key)}/{key}.{checked.suffix}", ContentFile(checked.content))
    return key


def has_photo(form_key: UUID, question_id: str, key: str) -> bool:
    """Whether this key names a photo that was sent with this form for this question."""
    return key == photo_key(form_key, question_id) and _name(form_key, key) is not None


def open_photo(form_key: UUID, key: str) -> File | None:
    """The photo of an answer; its name ends in jpg or png."""
    name = _name(form_key, key) if len(key) == 32 and key.isalnum() else None
    return _storage().open(name) if name else None


def discard_photo(*, form_key: UUID, key: str) -> None:
    name = _name(form_key, key)
    if name is not None:
        _storage().delete(name)


def discard_photos_of(form_key: UUID) -> int:
    """Remove every photo of a form (erasure of its answer); returns how many."""
    storage, folder = _storage(), _folder(form_key)
    names = _files_in(folder)
    for name in names:
        storage.delete(f"{folder}/{name}")
    storage.delete(folder)
    return len(names)


def discard_unsent_photos(*, now: datetime) -> int:
    """Remove photos whose form was never sent; returns how many."""
    if not _storage().exists(FOLDER):
        return 0
    old = [UUID(name) for name in _storage().listdir(FOLDER)[0] if _is_old(name, now)]
    sent = set(Response.objects.filter(key__in=old).values_list("key", flat=True))
    return sum(discard_photos_of(key) for key in old if key not in sent)


def _is_old(name: str, now: datetime) -> bool:
    files = _files_in(f"{FOLDER}/{name}")
    times = [_storage().get_modified_time(f"{FOLDER}/{name}/{file}") for file in files]
    return not times or max(times) < now - UNSENT_LIFETIME


def _files_in(folder: str) -> list[str]:
    return _storage().listdir(folder)[1] if _storage().exists(folder) else []


def _name(form_key: UUID, key: str) -> str | None:
    names = (f"{_folder(form_key)}/{key}.{suffix}" for suffix in (SUFFIX["image/jpeg"], SUFFIX["image/png"]))
    return next((name for name in names if _storage().exists(name)), None)


def _folder(form_key: UUID) -> str:
    return f"{FOLDER}/{form_key.hex}"


def _storage() -> Storage:
    return storages["private"]
