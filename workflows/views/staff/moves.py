"""The moves a case page offers: label, form and service of each, and which of them this person has now.

What is allowed is asked of the state machine and of ``permissions``; this table only says how it looks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed, has_transition_perm

from core.models import Agency, User
from core.permissions import Role
from core.statements import Reading
from workflows import staff_forms as forms
from workflows.acts import Act
from workflows.models import Category, Complaint
from workflows.permissions import may_act
from workflows.services import (
    agency,
    classification,
    closing,
    conversation,
    desk,
    merging,
    notes,
    part_words,
    parts,
    replies,
    taking_back,
)
from workflows.services.extensions import extend_deadline
from workflows.services.parts import Task

Prepare = Callable[[Complaint, User, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Move:
    """One button of the case page."""

    key: str
    label: Any
    form: type[forms.MoveForm]
    service: Callable[..., Complaint]
    done: Any
    # Moves that no transition stands for say themselves when they are offered.
    offered: Callable[[Complaint, User], bool] | None = None
    prepare: Prepare | None = None
    takes_files: str = ""

    def is_offered(self, complaint: Complaint, user: User) -> bool:
        if self.offered:
            return self.offered(complaint, user)
        method = getattr(complaint, self.key)
        return can_proceed(method) and has_transition_perm(method, user)


def _agency(complaint: Complaint, user: User, typed: dict[str, Any]) -> dict[str, Any]:
    """Any agency of the case's region; the service checks region and period again."""
    chosen = _agency_of.first(complaint.region_id, int(typed["agency"] or 0))
    if chosen is None:
        raise ValidationError({"agency": _("Choose an agency of this region.")})
    return {**typed, "agency": chosen}


_agency_of: Reading[Agency] = Reading(lambda region, pk: Agency.objects.filter(region=region, pk=pk), int, int)


def _tasks(complaint: Complaint, user: User, typed: dict[str, Any]) -> dict[str, Any]:
    """Agencies of the case's region with what each is to do."""
    found = Agency.objects.filter(region=complaint.region_id).in_bulk([int(pk) for pk, _words in typed["tasks"]])
    chosen = [Task(found[int(pk)], words) for pk, words in typed["tasks"] if int(pk) in found]
    return {"tasks": chosen, "note": typed["note"]}


def chosen_agencies(typed: dict[str, Any]) -> set[int]:
    """To whom a filled-in form would send a case; nobody where it is not about that."""
    return {int(pk) for pk in (typed.get("agency"), *(pk for pk, _words in typed.get("tasks", ()))) if pk}


def _assignee(complaint: Complaint, user: User, typed: dict[str, Any]) -> dict[str, Any]:
    chosen = colleagues_of(complaint).filter(pk=typed["assignee"]).first() if typed["assignee"] else None
    return {"assignee": chosen}


def _named_assignee(complaint: Complaint, user: User, typed: dict[str, Any]) -> dict[str, Any]:
    chosen = _assignee(complaint, user, typed)
    if chosen["assignee"] is None:
        raise ValidationError({"assignee": _("Choose an officer.")})
    return chosen


def _parent(complaint: Complaint, user: User, typed: dict[str, Any]) -> dict[str, Any]:
    """Looked up among the cases the person may see: a number of another region says nothing."""
    reference = typed["parent"].strip().upper()
    parent = Complaint.objects.visible_to(user).filter(reference=reference).first()
    if parent is None:
        raise ValidationError({"parent": _("There is no complaint with this number.")})
    return {"parent": parent}


def _category(complaint: Complaint, user: User, typed: dict[str, Any]) -> dict[str, Any]:
    found = Category.objects.for_region(complaint.region).filter(code=typed["category"]).first()
    return {**typed, "category": found}


def colleagues_of(complaint: Complaint):
    """Active people of the agency that holds the case, and of the units above it that may work on it."""
    people = User.objects.filter(is_active=True)
    if complaint.current_agency is None:
        return people.none()
    above = [int(pk) for pk in complaint.current_agency.path.strip("/").split("/")]
    return people.filter(role_assignments__role=Role.LIAISON, role_assignments__agency__in=above).distinct()


def _may_extend(complaint: Complaint, user: User) -> bool:
    return complaint.due_at is not None and may_act(Act.EXTEND, complaint, user)


MOVES: tuple[Move, ...] = (
    Move("verify", _("Verify"), forms.NoteForm, desk.verify_complaint, _("The complaint is verified.")),
    Move("forward", _("Forward to an agency"), forms.ForwardForm, desk.forward_complaint,
         _("The complaint is forwarded."), prepare=_agency),
    Move("split", _("Split among agencies"), forms.SplitForm, parts.split_complaint,
         _("Each agency has its part."), prepare=_tasks),
    Move("accept", _("Accept"), forms.AcceptForm, agency.accept_complaint, _("The case is accepted."),
         prepare=_assignee),
    Move("follow_up", _("Answer the reporter"), forms.AnswerForm, replies.follow_up,
         _("The answer is with the reporter."), takes_files="evidence"),
    Move("resume", _("Work on it again"), forms.MoveForm, agency.resume_complaint, _("Work has resumed.")),
    Move("close", _("Close"), forms.CloseForm, replies.close_complaint, _("The case is closed."),
         takes_files="evidence"),
    Move("request_info", _("Ask the reporter"), forms.QuestionForm, desk.request_info,
         _("The question is with the reporter; the clock stands still.")),
    Move("return_to_coordinator", _("Return to the coordinator"), forms.ReturnForm, agency.return_to_coordinator,
         _("The case is back with the coordinator.")),
    Move("hold", _("Hold the case"), forms.HoldForm, agency.hold_complaint, _("The case is on hold.")),
    Move("take_back", _("Take back from the agency"), forms.TakeBackForm, taking_back.take_back,
         _("The case is with the desk again.")),
    Move("extend", _("Extend the deadline"), forms.ExtendForm, extend_deadline, _("The reporter has the letter."),
         offered=_may_extend),
    Move("end_wait", _("End the waiting"), forms.MoveForm, desk.end_wait, _("The case is back with the desk.")),
    Move("end_part_wait", _("End the waiting"), forms.MoveForm, part_words.end_part_wait,
         _("The part is back with the desk.")),
    Move("refer_out", _("Refer to another body"), forms.ReferForm, desk.refer_out, _("The case is referred.")),
    Move("mark_duplicate", _("Merge with an earlier complaint"), forms.DuplicateForm, merging.merge_complaint,
         _("The complaint is merged."), prepare=_parent),
    Move("unmerge", _("Take the merge back"), forms.MoveForm, merging.unmerge_complaint,
         _("The case stands by itself again.")),
    Move("reject", _("Reject"), forms.RejectForm, desk.reject_complaint, _("The complaint is rejected.")),
    Move("start_review", _("Start a review"), forms.ReviewForm, closing.start_review, _("The review has begun.")),
    Move("message", _("Write to the reporter"), forms.MessageForm, conversation.send_message,
         _("The message is sent."), offered=partial(may_act, Act.MESSAGE), takes_files="files"),
    Move("note", _("Internal note"), forms.InternalNoteForm, notes.write_note, _("The note is saved."),
         offered=partial(may_act, Act.NOTE)),
    Move("assign", _("Assign to an officer"), forms.AssignForm, conversation.assign_complaint,
         _("The case is assigned."), offered=partial(may_act, Act.ASSIGN), prepare=_named_assignee),
    Move("merge_back", _("Take this part back"), forms.TakeBackForm, parts.merge_back, _("The part is taken back.")),
    Move("unsplit", _("Take the split back"), forms.TakeBackForm, parts.unsplit_complaint,
         _("The case is with the desk again.")),
    Move("reclassify", _("Correct class or topic"), forms.ReclassifyForm, classification.reclassify_complaint,
         _("Class and topic are corrected."), offered=partial(may_act, Act.RECLASSIFY),
         prepare=_category),
)  # fmt: skip
BY_KEY = {move.key: move for move in MOVES}


def offered_moves(complaint: Complaint, user: User) -> list[Move]:
    """What this person may do with the case as it stands, the usual next step first."""
    return [move for move in MOVES if move.is_offered(complaint, user)]
