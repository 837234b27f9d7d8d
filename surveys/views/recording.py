"""Keeping what staff record in the survey editor: a document of their agency, checked like one that is uploaded."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.models import Collection
from wagtail.permissions import policy_registry

TITLE_LENGTH = 200


@require_POST
def keep_recording(request: HttpRequest) -> JsonResponse:
    """The new document for the chooser (201), or why it was refused (400, 403)."""
    model = get_document_model()
    collections = policy_registry.get_by_type(model).collections_user_has_permission_for(request.user, "add")
    collection = _closest(list(collections))
    if collection is None:
        return JsonResponse({"error": _("You may not add documents.")}, status=403)
    title = request.POST.get("title", "").strip()[:TITLE_LENGTH] or _("Recording")
    form = get_document_form(model)(
        {"title": title, "collection": collection.pk, "tags": ""},
        {"file": request.FILES.get("file")},
        user=request.user,
    )
    if not form.is_valid():
        return JsonResponse({"error": " ".join(text for texts in form.errors.values() for text in texts)}, status=400)
    document = form.save(commit=False)
    document.uploaded_by_user = request.user
    document.save()
    edit_url = reverse("wagtaildocs:edit", args=[document.pk])
    found = {"id": document.pk, "title": document.title, "url": document.url, "edit_url": edit_url}
    return JsonResponse(found, status=201)


def _closest(collections: list[Collection]) -> Collection | None:
    """The collection deepest down: an agency's own rather than the root that holds all."""
    return max(collections, key=lambda collection: collection.depth, default=None)
