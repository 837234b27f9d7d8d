"""Keep the list one looks at under a name, and forget it again."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from core.models import Region
from core.permissions import scope_of
from workflows.desk_forms import QueueForm, SaveFilterForm
from workflows.models import SavedFilter
from workflows.permissions import DESK_ROLES
from workflows.selectors.queue import TABS
from workflows.services import saved_filters
from workflows.views.staff.base import may_read_cases

KEPT = {*QueueForm.base_fields, "tab"}


@require_POST
@login_required
def save_filter(request: HttpRequest) -> HttpResponse:
    if not may_read_cases(request.user):
        raise PermissionDenied
    shareable = Region.objects.filter(scope_of(request.user).region_q(DESK_ROLES, "pk"))
    form = SaveFilterForm(request.POST, regions=[(str(row.pk), str(row)) for row in shareable])
    query = _tidy(request.POST.get("query", ""))
    if not form.is_valid():
        messages.error(request, _("The filter needs a name."))
        return _back(query)
    region = next((row for row in shareable if str(row.pk) == form.cleaned_data["region"]), None)
    try:
        kept = saved_filters.save_filter(user=request.user, name=form.cleaned_data["name"], query=query, region=region)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(query)
    messages.success(request, _("The filter “%(name)s” is saved.") % {"name": kept.name})
    return _back(query)


@require_POST
@login_required
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        saved_filters.delete_filter(user=request.user, pk=pk)
    except SavedFilter.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The filter is deleted."))
    return redirect("complaints:queue")


def _tidy(query: str) -> str:
    """Only what the queue reads, so that a kept address leads nowhere else."""
    given = QueryDict(query[:500], mutable=True)
    for name in set(given) - KEPT:
        del given[name]
    if given.get("tab", "") not in TABS:
        given.pop("tab", None)
    return given.urlencode()


def _back(query: str) -> HttpResponse:
    return redirect(f"{reverse('complaints:queue')}?{query}")
