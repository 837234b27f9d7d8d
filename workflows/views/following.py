"""``/aduan/ikuti/``: follow somebody else's published case by e-mail. Nothing changes by GET."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.addresses import network_of
from workflows.models import PublicEntry
from workflows.reporter_forms import FollowForm
from workflows.services import throttles
from workflows.services.following import FOLLOW_NETWORK, ask_to_follow, confirm_follower, follower_of
from workflows.views.citizens import region_of


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask to follow a published case. The answer is the same whether an address follows it already or not."""
    published = PublicEntry.objects.published().select_related("complaint__region", "complaint__current_agency")
    entry = get_object_or_404(published, complaint__reference=reference, complaint__region=region_of(request))
    form, context, status = FollowForm(request.POST or None, label_suffix=""), {"entry": entry}, 200
    if form.is_bound:
        status = _ask(request, form, entry)
        context["is_done"] = status == 200
    return render(request, "workflows/follow.html", context | {"form": form}, status=status)


def _ask(request: HttpRequest, form: FollowForm, entry: PublicEntry) -> int:
    now, network = timezone.now(), network_of(request)
    if throttles.is_over(FOLLOW_NETWORK, network, now):
        form.add_error(None, _("Too many attempts. Please try again in an hour."))
        return 429
    if not form.is_valid():
        return 422
    throttles.count(FOLLOW_NETWORK, network, now)
    if not form.cleaned_data["website"]:
        ask_to_follow(entry=entry, email=form.cleaned_data["email"], language=get_language() or "id", now=now)
    return 200


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the mail's link: a button, because mail scanners open every link."""
    follower = follower_of(token)
    if follower is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        confirm_follower(follower=follower, now=timezone.now())
    context = {"is_done": is_done, "reference": follower.complaint.reference}
    response = render(request, "workflows/follow_confirm.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
