"""One case: facts, words, files, every step, and the moves that are open to this person now."""

from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages

from core.turns import turn_to_write
from workflows.acts import Act
from workflows.form_tokens import read_token
from workflows.models import Complaint, ReplyTemplate
from workflows.permissions import may_act
from workflows.selectors.casepage import CaseLists, latest_steps, lists_of
from workflows.selectors.officers import Unattended, unattended_among
from workflows.selectors.parts import parts_shown, report_behind
from workflows.selectors.replies import filled_for, templates_for
from workflows.selectors.similar import similar_cases
from workflows.selectors.standing import standings
from workflows.services.files import keep_uploads
from workflows.services.filing import form_key_of
from workflows.services.identity import reveal_identity
from workflows.services.replies import Doubt, doubts_about
from workflows.services.saved_filters import mark_read
from workflows.services.steps import ConcurrentUpdate, MoveNotAllowed
from workflows.staff_forms import MoveForm, RevealForm
from workflows.views.staff.base import StaffScreen, visible_case
from workflows.views.staff.moves import BY_KEY, Move, chosen_agencies, colleagues_of, offered_moves
from workflows.views.staff.unfinished import UnfinishedForm

# Moves that carry an answer, and those an officer makes from a phone.
ANSWERS = ("follow_up", "close")
QUICK = ("accept", "return_to_coordinator", "follow_up")


class CaseView(UnfinishedForm, StaffScreen, TemplateView):
    """A GET shows the case; ``MoveView`` and ``RevealView`` show it again when something is wrong."""

    template_name = "workflows/staff/case.html"
    tried: str = ""
    tried_form: MoveForm | None = None
    identity: Any = None
    reveal_form: RevealForm | None = None
    conflict: ConcurrentUpdate | None = None
    # The step is not open to this person here, or no longer.
    stopped: bool = False
    doubt: Doubt | Unattended | None = None
    refused: list[str] = []

    def get_page_title(self) -> str:
        return self.case.reference

    @cached_property
    def case(self) -> Complaint:
        return visible_case(self.request.user, self.kwargs["reference"])

    @cached_property
    def lists(self) -> CaseLists:
        return lists_of(self.case, people=colleagues_of(self.case), today=self.today)

    @property
    def today(self) -> date:
        return timezone.now().astimezone(self.case.region.zone).date()

    def forget(self) -> None:
        """Somebody changed the case meanwhile: the page shows where it stands now."""
        del self.case
        for name in ("lists", "choices"):
            self.__dict__.pop(name, None)

    @cached_property
    def choices(self) -> dict[str, Any]:
        """Rows for the selects of all offered forms."""
        lists = self.lists
        return {
            "agency": [("", _("Choose an agency")), *((str(a.pk), a.indented_name) for a in lists.agencies)],
            "category": [("", _("No topic")), *((row.code, str(row)) for row in lists.topics)],
            "assignee": [("", _("Me, or nobody yet")), *((str(p.pk), str(p)) for p in lists.people)],
        }

    def form_for(self, move: Move, data: Any = None) -> MoveForm:
        picks = ((name, kind) for name, kind in move.form.picks.items() if name in move.form.base_fields)
        wanted = {name: self.choices[kind] for name, kind in picks}
        if move.form.reasons:
            wanted["reason"] = [("", _("Choose a reason")), *self.case.rules.reasons(move.form.reasons)]
        initial = {
            "klass": self.case.klass,
            "category": self.case.category.code if self.case.category else "",
            "is_supervision": self.case.is_supervision,
            "agency": str(self.case.agency_hint_id or ""),
            "assignee": str(self.case.assignee_id or ""),
            **dict.fromkeys(("answer", "result"), self.template_text if move.key in ANSWERS else ""),
        }
        return move.form(data, choices=wanted, initial=initial, prefix=move.key, label_suffix="")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, user = self.case, self.request.user
        offered = [
            (move, self.tried_form if move.key == self.tried else self.form_for(move))
            for move in offered_moves(case, user)
        ]
        keys = {move.key for move, _form in offered}
        events, earlier = latest_steps(case, before=self.before)
        return super().get_context_data(
            case=case,
            standing=standings([case], timezone.now())[case.pk],
            events=events,
            earlier=earlier,
            is_past=self.before is not None,
            doubtful=self.lists.doubtful,
            undelivered=self.lists.undelivered,
            # Beside the case where something may still be merged; else one click away.
            may_merge="mark_duplicate" in keys,
            similar=similar_cases(user, case) if "mark_duplicate" in keys else [],
            templates=self.templates if keys.intersection(ANSWERS) else [],
            quick=[move for move, _form in offered if move.key in QUICK],
            opened=self.tried or self.request.GET.get("buka", ""),
            legs=self.lists.legs,
            parts=parts_shown(case, user),
            behind=report_behind(case) if case.is_part else None,
            offered=offered,
            tried=self.tried,
            tried_form=self.tried_form,
            is_tried_offered=any(move.key == self.tried for move, _form in offered),
            conflict=self.conflict,
            stopped=self.stopped,
            doubt=self.doubt,
            refused=self.refused,
            kept=self.kept,
            token=self.token,
            may_reveal=may_act(Act.REVEAL, case, user),
            reveal_form=self.reveal_form or RevealForm(label_suffix=""),
            identity=self.identity,
            accesses=self.lists.accesses,
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.case.read_version != self.case.version:
            mark_read(user=request.user, complaints=[self.case])
        return super().get(request, *args, **kwargs)

    @property
    def before(self) -> int | None:
        """The step before which the list of steps goes on."""
        asked = self.request.GET.get("sebelum", "")
        return int(asked) if asked.isdecimal() and len(asked) < 8 else None

    @cached_property
    def templates(self) -> list[ReplyTemplate]:
        return list(templates_for(self.case))

    @cached_property
    def template_text(self) -> str:
        """The reply template asked for, filled with this case."""
        asked = self.request.GET.get("balasan", "")
        chosen = next((row for row in self.templates if str(row.pk) == asked), None) if asked else None
        return filled_for(self.case, chosen.body) if chosen else ""

    @property
    def form_key(self) -> str:
        """The person belongs to the key: a token handed on opens nobody else's files."""
        return form_key_of(f"{read_token(self.token)}:{self.request.user.pk}:{self.case.pk}")


class MoveView(CaseView):
    """Make one move. Whoever comes second reads who was first, and keeps what was typed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str, move: str) -> HttpResponse:
        self.move = BY_KEY.get(move)
        if self.move is None:
            raise Http404
        self.tried, self.tried_form = move, self.form_for(self.move, request.POST)
        files = request.FILES.getlist(f"{move}-files") if self.move.takes_files else []
        if files:
            _kept, self.refused = keep_uploads(form_key=self.form_key, files=files)
        # Before anything else is wrong: the next form bears the version of now, and nobody may miss what changed.
        if self.version != self.case.version:
            return self.conflicting(ConcurrentUpdate(self.case))
        if not self.tried_form.is_valid() or self.refused:
            return self.again(422)
        self.doubt = None if "anyway" in request.POST else self.doubt_about(self.tried_form.cleaned_data)
        return self.again(422) if self.doubt else self.make()

    def doubt_about(self, typed: dict[str, Any]) -> Doubt | Unattended | None:
        """What the person is asked to think over before the move is made."""
        if self.tried in ANSWERS:
            return doubts_about(self.case, typed.get("answer") or typed.get("result", ""))
        return unattended_among(chosen_agencies(typed), complaint=self.case, on=self.today)

    def make(self) -> HttpResponse:
        try:
            details = self.details()
            with turn_to_write():
                self.move.service(complaint_id=self.case.pk, actor=self.request.user, version=self.version, **details)
        except ConcurrentUpdate as conflict:
            return self.conflicting(conflict)
        except (MoveNotAllowed, PermissionDenied):
            self.stopped = True
            self.forget()
            return self.again(409)
        except ValidationError as error:
            _show_errors(self.tried_form, error)
            return self.again(422)
        messages.success(self.request, self.move.done)
        return redirect("complaints:case", self.case.reference)

    @property
    def version(self) -> int:
        """The version the person was looking at; without a readable one nothing may be overwritten."""
        text = self.request.POST.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    def details(self) -> dict[str, Any]:
        typed = {key: value for key, value in self.tried_form.cleaned_data.items() if key != "files"}
        if self.move.prepare:
            typed = self.move.prepare(self.case, self.request.user, typed)
        if self.move.takes_files:
            typed[self.move.takes_files] = self.kept
        return typed

    def conflicting(self, conflict: ConcurrentUpdate) -> HttpResponse:
        self.conflict = conflict
        self.forget()
        return self.again(409)

    def again(self, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=status)


def _show_errors(form: MoveForm, error: ValidationError) -> None:
    """Beside the field where the form has it; a service knows the field ``evidence`` as files."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    names = {"evidence": "files"}
    for name, errors in error.error_dict.items():
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, errors)


class RevealView(CaseView):
    """Open the sealed identity with a reason, in the answer to a post: no address shows it again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.reveal_form = RevealForm(request.POST, label_suffix="")
        if not self.reveal_form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        if not may_act(Act.REVEAL, self.case, request.user):
            raise PermissionDenied
        reason = self.reveal_form.cleaned_data["reason"]
        self.identity = reveal_identity(complaint_id=self.case.pk, actor=request.user, reason=reason)
        return self.render_to_response(self.get_context_data())
