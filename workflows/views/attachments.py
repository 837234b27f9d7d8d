"""Files of a case, each through a permission check: the reporter's own grant, or a case the member of staff may see."""

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflows.models import Attachment
from workflows.selectors.complaints import attachment_for_reporter, attachment_for_staff
from workflows.views.citizens import grant_of, private

# Whatever a file holds, it runs nothing and loads nothing.
POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


@private
@require_safe
def attachment(request: HttpRequest, key: str) -> FileResponse:
    """Photos are shown, everything else is only downloaded. Whoever may not see the case gets 404."""
    file = _find(request, key)
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content, content_type=file.content_type, as_attachment=not file.is_image, filename=file.download_name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    return response


def _find(request: HttpRequest, key: str) -> Attachment:
    try:
        if request.user.is_authenticated:
            return attachment_for_staff(request.user, key)
    except Attachment.DoesNotExist:
        pass
    grant = grant_of(request, timezone.now())
    try:
        return attachment_for_reporter(grant.complaint_id if grant else 0, key)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
