"""``/aduan/lacak/``: open one's case with number and code, read it, answer, leave."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.addresses import network_of
from core.turns import turn_to_write
from workflows.actors import ActorKind, ReporterGrant
from workflows.forms import ReplyForm, TrackForm
from workflows.models import Complaint
from workflows.reporter_forms import HideForm, RatingForm
from workflows.selectors.aftercare import aftercare_of, room_for_files
from workflows.selectors.complaints import find_by_code, timeline_of
from workflows.selectors.parts import open_questions, parts_told, with_answers
from workflows.selectors.standing import promise_of
from workflows.services import closing, conversation, part_words, throttles
from workflows.services.files import discard_upload, keep_uploads, pending_of
from workflows.services.filing import form_key_of
from workflows.services.merged import followed_by
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.states import Status
from workflows.views.citizens import close_grant, grant_of, hide_receipt, open_grant, private

LONGEST_VERSION, LONGEST_PART = 10, 18
# What a case says about the next step, by status; the agency's name is added by the template.
NEXT_STEP = {
    Status.RECEIVED: gettext_lazy("The complaint desk checks your report and sends it to the right office."),
    Status.NEEDS_INFO: gettext_lazy("Please answer the question below. Until then the clock stands still."),
    Status.VERIFIED: gettext_lazy("The complaint desk sends your report to the right office."),
    Status.FORWARDED: gettext_lazy("The office accepts your report, or gives it back with a reason."),
    Status.IN_PROGRESS: gettext_lazy("The office works on your report and will answer here."),
    Status.ON_HOLD: gettext_lazy("The office has to wait; the reason stands below. The deadline still counts."),
    Status.FOLLOWED_UP: gettext_lazy("Please read the answer and tell us whether the matter is solved."),
    Status.CLOSED: gettext_lazy("Your case is finished. If the problem comes back, you can reopen it for a while."),
    Status.IN_REVIEW: gettext_lazy("Somebody who has not handled your case looks at it again."),
    Status.REFERRED_OUT: gettext_lazy("Another body is in charge; its name and number stand here."),
    Status.DUPLICATE: gettext_lazy("The same matter was reported earlier; your case follows that one."),
    Status.REJECTED: gettext_lazy("We cannot process this report. If you do not agree, you can ask for a review."),
}

# The same when the time to reopen or appeal has passed.
AFTER_THE_WINDOW = {
    Status.CLOSED: gettext_lazy("Your case is finished."),
    Status.REJECTED: gettext_lazy("We could not process this report; the explanation stands below."),
}


@sensitive_post_parameters("code")
@private
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code by POST. An unknown number and a wrong code get the same answer for the same work."""
    form = TrackForm(request.POST or None, label_suffix="")
    if not form.is_bound:
        return render(request, "workflows/track.html", {"form": form})
    if form.is_valid():
        now = timezone.now()
        number, network = form.cleaned_data["reference"].strip().upper(), network_of(request)
        if _is_locked(number, network, now):
            form.add_error(None, _("Too many attempts. Please try again in a quarter of an hour."))
            return render(request, "workflows/track.html", {"form": form}, status=429)
        complaint = find_by_code(number, form.cleaned_data["code"])
        if complaint:
            open_grant(request, complaint.pk, now)
            return redirect("workflows:case")
        throttles.count(throttles.TRACK_NUMBER, number, now)
        throttles.count(throttles.TRACK_NETWORK, network, now)
        form.add_error(None, _("No case was found with this number and code. Please check both."))
    return render(request, "workflows/track.html", {"form": form}, status=422)


def _is_locked(number: str, network: str, now: datetime) -> bool:
    over_number = throttles.is_over(throttles.TRACK_NUMBER, number, now)
    return throttles.is_over(throttles.TRACK_NETWORK, network, now) or over_number


@private
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """The reporter's own case."""
    now = timezone.now()
    grant = grant_of(request, now)
    if grant is None:
        close_grant(request)
        return redirect("workflows:track")
    if request.method == "POST":
        return _act(request, grant, now)
    return _page(request, grant, now, ReplyForm(label_suffix=""))


def _act(request: HttpRequest, grant: ReporterGrant, now: datetime) -> HttpResponse:
    """One of the buttons under the conversation; what was typed is kept when it cannot be done."""
    key = _form_key(request, grant)
    form = ReplyForm(request.POST, label_suffix="")
    # Before the files: decoding photos is the dearest thing a visitor can ask for.
    if not throttles.take(throttles.WRITE_CASE, str(grant.complaint_id), now):
        form.add_error(None, _("Too many messages. Please try again in an hour."))
        return _page(request, grant, now, form, status=429)
    files = request.FILES.getlist("files")
    if files and room_for_files(grant.complaint_id) < len(files):
        form.add_error("files", _("This case cannot take more files. Please describe the rest in words."))
        return _page(request, grant, now, form, status=422)
    _kept, refused = keep_uploads(form_key=key, files=files, now=now) if files else ([], [])
    if "remove" in request.POST:
        discard_upload(form_key=key, key=request.POST["remove"])
        return _page(request, grant, now, ReplyForm(initial=request.POST.dict(), label_suffix=""))
    service = ACTIONS.get(request.POST.get("action", ""))
    if refused:
        form.add_error("files", refused)
    if service is None or not (form.is_valid() or _needs_no_words(request)):
        return _page(request, grant, now, form, status=422)
    details: dict[str, Any] = {"words": form.cleaned_data.get("words", ""), "version": _version(request), "now": now}
    if service in TAKES_FILES:
        details["files"] = pending_of(key)
    if service is part_words.reply_to_parts:
        details["to"] = _asking(request)
    problem = _try(service, grant, details)
    if problem is None:
        return redirect("workflows:case")
    form.add_error(None, problem)
    return _page(request, grant, now, form, status=409)


def _needs_no_words(request: HttpRequest) -> bool:
    return request.POST.get("action") == "confirm" and not request.POST.get("words", "").strip()


def _asking(request: HttpRequest) -> int:
    """The part whose agency is answered; without a readable one the service asks for a choice."""
    text = request.POST.get("to", "")
    return int(text) if text.isdecimal() and len(text) < LONGEST_PART else 0


def _version(request: HttpRequest) -> int | None:
    """The version the reporter read. Without a readable one only a message is taken, which overwrites nothing."""
    text = request.POST.get("version", "")
    if text.isdecimal() and len(text) < LONGEST_VERSION:
        return int(text)
    return None if request.POST.get("action") == "message" else -1


def _changed(conflict: ConcurrentUpdate) -> str:
    """Who was faster and with what, as far as the reporter may know it; the words stay in the form."""
    event = conflict.last_event
    again = _("Your case has changed in the meantime. Please read what is new and send your message again.")
    if event is None or not event.is_public:
        return again
    who = _("You, on another device") if event.actor_kind == ActorKind.REPORTER else _("The office")
    return _("%(who)s was faster: %(what)s. %(again)s") % {
        "who": who,
        "what": event.get_action_display(),
        "again": again,
    }


def _try(service: Callable, grant: ReporterGrant, details: dict[str, Any]) -> str | None:
    """Call the service; the sentence for the reporter when it did not happen."""
    try:
        with turn_to_write():
            service(complaint_id=grant.complaint_id, actor=grant, **details)
    except ConcurrentUpdate as conflict:
        return _changed(conflict)
    except ValidationError as error:
        return " ".join(error.messages)
    except (MoveNotAllowed, PermissionDenied):
        return _("This is not possible at this stage of your case.")
    return None


ACTIONS = {
    "reply": conversation.reply_info,
    "reply_part": part_words.reply_to_parts,
    "message": conversation.send_message,
    "confirm": closing.confirm_solved,
    "not_solved": closing.say_not_solved,
    "reopen": closing.reopen_complaint,
    "appeal": closing.start_review,
}
TAKES_FILES = (conversation.reply_info, part_words.reply_to_parts, conversation.send_message, closing.say_not_solved)


def _form_key(request: HttpRequest, grant: ReporterGrant) -> str:
    """Waiting files belong to this browser's session and this case."""
    return form_key_of(f"case:{grant.complaint_id}:{request.session.session_key}")


def _page(
    request: HttpRequest, grant: ReporterGrant, now: datetime, form: ReplyForm, status: int = 200
) -> HttpResponse:
    related = ("region", "current_agency", "category", "district", "village", "reporter", "service")
    related += ("own_answers__version",)
    complaint = Complaint.objects.select_related(*related).get(pk=grant.complaint_id)
    until = closing.reopen_until(complaint)
    may_reopen = until is not None and now <= until
    followed = followed_by(complaint)
    steps = NEXT_STEP if may_reopen else NEXT_STEP | AFTER_THE_WINDOW
    context = {
        "complaint": complaint,
        "form": form,
        "kept": pending_of(_form_key(request, grant)),
        "events": with_answers(complaint, timeline_of(complaint, public_only=True)),
        "parts": parts_told(complaint),
        "questions": open_questions(complaint),
        "promise": promise_of(complaint, now),
        "next_step": steps[Status(complaint.status)],
        "may_reopen": may_reopen,
        "reopen_until": until,
        "accesses": complaint.reporter.accesses.select_related("user__agency"),
        "followed": followed,
        "aftercare": aftercare_of(complaint, now, is_in_time=followed is not None and followed.is_in_time(now)),
        "rating_form": RatingForm(label_suffix=""),
        "hide_form": HideForm(label_suffix=""),
    }
    return render(request, "workflows/case.html", context, status=status)


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: the case cannot be opened from this browser without the code."""
    close_grant(request)
    request.session.cycle_key()
    return hide_receipt(redirect("workflows:track"))
