"""A photo that came with an answer, for who may read the answer."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.pictures import SUFFIX
from surveys.models import Response
from surveys.services.photos import open_photo

TYPES = {suffix: kind for kind, suffix in SUFFIX.items()}


@require_safe
@cache_control(private=True, no_store=True)
def response_photo(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """``number`` is the place of the question in the questionnaire the answer was given to, from 1."""
    rows = Response.objects.visible_to(request.user).select_related("version")
    response = get_object_or_404(rows, pk=pk)
    questions = response.version.definition["questions"]
    identifier = questions[number - 1]["id"] if 0 < number <= len(questions) else ""
    key = response.answers.get(identifier)
    photo = open_photo(response.key, key) if isinstance(key, str) else None
    if photo is None:
        raise Http404
    kind = TYPES[str(photo.name).rpartition(".")[2]]
    answer = FileResponse(photo, content_type=kind, filename=f"jawaban-{pk}-{number}.{SUFFIX[kind]}")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
