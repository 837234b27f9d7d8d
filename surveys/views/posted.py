"""A posted form on its way through the checks: its fields, files and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, ValidationError
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from core.models import Service
from surveys.definition import Definition, question_field
from surveys.services.photos import has_photo, keep_photo, maximum_photo

from .guarding import GUARD_FIELDS
from .places import Place

# Nine answers and a comment of 2,000 characters fit many times over.
MAXIMUM_BODY = 64 * 1024
TOKEN_FIELD, SERVICE_FIELD = "token", "service"
# Only forms behind the sign-in carry one.
CSRF_FIELD = "csrfmiddlewaretoken"
# One question per page: the page that was sent, the button pressed, and whether it leads back to the last page.
PAGE_FIELD, BUTTON_FIELD, THEN_FIELD = "page", "go", "then"
SYSTEM_FIELDS = GUARD_FIELDS | {CSRF_FIELD, TOKEN_FIELD, SERVICE_FIELD, PAGE_FIELD, BUTTON_FIELD, THEN_FIELD}
PHOTO_PREFIX, WITHOUT_PREFIX = "f_", "x_"
OTHER_SERVICE = "other"


@dataclass
class Posted:
    """``fields`` as sent; ``values`` without the system's own; ``errors`` are sentences by field."""

    place: Place
    now: datetime
    fields: dict[str, list[str]]
    values: dict[str, list[str]]
    services: list[Service]
    errors: dict[str, str] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return self.fields.get(name, [""])[0]

    @property
    def service_given(self) -> str:
        return self.first(SERVICE_FIELD)

    @property
    def service(self) -> Service | None:
        return next((row for row in self.services if str(row.pk) == self.service_given), None)

    @property
    def misses_service(self) -> bool:
        return bool(self.services) and self.service is None and self.service_given != OTHER_SERVICE


def maximum_body(definition: Definition) -> int:
    """Bytes a form of this questionnaire may have."""
    return MAXIMUM_BODY + maximum_photo() * len(_photos(definition))


def read_posted(request: HttpRequest, place: Place, now: datetime) -> Posted:
    """All fields; line ends as the browser counted them, because it posts two characters for one. Raises BadRequest."""
    try:
        lists = dict(request.POST.lists())
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError) as error:
        raise BadRequest from error
    fields = {name: [value.replace("\r\n", "\n") for value in values] for name, values in lists.items()}
    own = {name: given for name, given in fields.items() if name not in SYSTEM_FIELDS}
    # A file field left empty arrives as an empty text.
    values = {name: given for name, given in own.items() if not name.startswith((WITHOUT_PREFIX, PHOTO_PREFIX))}
    return Posted(place, now, fields, values, place.services(now))


def take_photos(request: HttpRequest, posted: Posted, definition: Definition, key: UUID) -> None:
    """Keep what was sent with this form, so that it need not be sent again; the field then holds its key."""
    for question in _photos(definition):
        identifier, name = question["id"], question_field(question["id"])
        if posted.first(f"{WITHOUT_PREFIX}{identifier}"):
            posted.values.pop(name, None)
        if not has_photo(key, identifier, posted.values.get(name, [""])[0]):
            posted.values.pop(name, None)
        file = request.FILES.get(f"{PHOTO_PREFIX}{identifier}")
        if file is None:
            continue
        try:
            kept = keep_photo(form_key=key, question_id=identifier, file=file, size=file.size or 0, now=posted.now)
            posted.values[name] = posted.fields[name] = [kept]
        except ValidationError as error:
            posted.errors[name] = error.messages[0]


def _photos(definition: Definition) -> list[dict]:
    return [question for question in definition["questions"] if question["type"] == "photo"]
