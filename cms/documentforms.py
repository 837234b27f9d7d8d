"""Documents that staff upload: a recording must be one, and small enough for a phone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

from core.sounds import HEAD, MAXIMUM_SOUND, TYPES, sound_suffix


class DocumentForm(BaseDocumentForm):
    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        suffix = file.name.rpartition(".")[2].lower() if isinstance(file, UploadedFile) else ""
        if suffix in TYPES:
            _check_sound(file, suffix)
        return file


def _check_sound(file: UploadedFile, suffix: str) -> None:
    if (file.size or 0) > MAXIMUM_SOUND:
        limit = {"limit": filesizeformat(MAXIMUM_SOUND)}
        raise ValidationError(_("This file is too large. The limit is %(limit)s.") % limit, code="too_large")
    head = file.read(HEAD)
    file.seek(0)
    if sound_suffix(head) != suffix:
        raise ValidationError(_("This file is not the recording its name says."), code="type")
