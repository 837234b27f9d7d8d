"""Who may do what with a case.

Covers one predicate per move, ``may_…(complaint, actor)``; the actor is a member of staff, a reporter's grant or the
sweep. Leaves out who may see a case: that is ``Complaint.objects.visible_to(user)``, and every staff view starts there.

The desk (verifier, regional administrator) checks and forwards; the agency's liaison officer works the case; the
agency's head approves a hold; a review goes to somebody of the desk who did not handle the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.permissions import Role, scope_of
from workflows.actors import ActorKind, kind_of
from workflows.states import DESK_STATUSES, RETURNS_BEFORE_ARBITER, Status

if TYPE_CHECKING:
    from workflows.models import Complaint, HeldEntry

DESK_ROLES = frozenset({Role.VERIFIER, Role.REGIONAL_ADMIN})
REGION_READERS = DESK_ROLES | {Role.AUDITOR}
AGENCY_READERS = frozenset({Role.LIAISON, Role.AGENCY_HEAD, Role.AUDITOR})
# Who decides on entries dated back further than an officer may: the region's administrator, or the officer's head.
SUPERVISORS = frozenset({Role.REGIONAL_ADMIN})
HEAD_ROLES = frozenset({Role.AGENCY_HEAD})


def is_reporter(complaint: Complaint, actor: Any) -> bool:
    """The holder of this case's secret code, and of no other's."""
    return kind_of(actor) is ActorKind.REPORTER and actor.complaint_id == complaint.pk


def is_system(complaint: Complaint, actor: Any) -> bool:
    return kind_of(actor) is ActorKind.SYSTEM


def is_desk(complaint: Complaint, actor: Any) -> bool:
    """Verifier or regional administrator of the case's region."""
    return scope_of(actor).covers_region(DESK_ROLES, complaint.region_id)


def is_officer(complaint: Complaint, actor: Any) -> bool:
    """Liaison officer of the agency that holds the case now."""
    agency = complaint.current_agency
    return agency is not None and scope_of(actor).covers({Role.LIAISON}, agency)


def is_head(complaint: Complaint, actor: Any) -> bool:
    agency = complaint.current_agency
    return agency is not None and scope_of(actor).covers({Role.AGENCY_HEAD}, agency)


def is_arbiter(complaint: Complaint, actor: Any) -> bool:
    return scope_of(actor).covers_region({Role.REGIONAL_ADMIN}, complaint.region_id)


def may_verify(complaint: Complaint, actor: Any) -> bool:
    return is_desk(complaint, actor)


def may_reject(complaint: Complaint, actor: Any) -> bool:
    return is_desk(complaint, actor)


def may_refer_out(complaint: Complaint, actor: Any) -> bool:
    return may_review(complaint, actor) if complaint.status == Status.IN_REVIEW else is_desk(complaint, actor)


def may_mark_duplicate(complaint: Complaint, actor: Any) -> bool:
    return is_desk(complaint, actor)


def may_request_info(complaint: Complaint, actor: Any) -> bool:
    """Whoever has the next move may ask the reporter."""
    if complaint.status == Status.IN_REVIEW:
        return may_review(complaint, actor)
    return is_desk(complaint, actor) if complaint.status in DESK_STATUSES else is_officer(complaint, actor)


def may_reply_info(complaint: Complaint, actor: Any) -> bool:
    return is_reporter(complaint, actor)


def may_end_wait(complaint: Complaint, actor: Any) -> bool:
    return is_system(complaint, actor) or is_desk(complaint, actor)


def may_forward(complaint: Complaint, actor: Any) -> bool:
    """After two returns only the arbiter forwards, and that decision binds."""
    if complaint.status == Status.IN_REVIEW:
        return may_review(complaint, actor)
    if complaint.return_count >= RETURNS_BEFORE_ARBITER:
        return is_arbiter(complaint, actor)
    return is_desk(complaint, actor)


def may_accept(complaint: Complaint, actor: Any) -> bool:
    return is_officer(complaint, actor)


def may_return(complaint: Complaint, actor: Any) -> bool:
    return is_officer(complaint, actor) and not complaint.is_bound


def may_hold(complaint: Complaint, actor: Any) -> bool:
    """The person who holds a case is the approver: the agency's head, or the desk."""
    return is_head(complaint, actor) or is_desk(complaint, actor)


def may_resume(complaint: Complaint, actor: Any) -> bool:
    return is_system(complaint, actor) or is_officer(complaint, actor) or may_hold(complaint, actor)


def may_follow_up(complaint: Complaint, actor: Any) -> bool:
    return is_officer(complaint, actor)


def may_confirm(complaint: Complaint, actor: Any) -> bool:
    return is_reporter(complaint, actor)


def may_say_not_solved(complaint: Complaint, actor: Any) -> bool:
    return is_reporter(complaint, actor)


def may_close(complaint: Complaint, actor: Any) -> bool:
    """In review the closer must be somebody who has not handled the case."""
    return may_review(complaint, actor) if complaint.status == Status.IN_REVIEW else is_desk(complaint, actor)


def may_close_by_silence(complaint: Complaint, actor: Any) -> bool:
    return is_system(complaint, actor)


def may_reopen(complaint: Complaint, actor: Any) -> bool:
    return is_reporter(complaint, actor)


def may_start_review(complaint: Complaint, actor: Any) -> bool:
    """A regional administrator orders a review; the reporter of a rejected case appeals."""
    if is_reporter(complaint, actor):
        return complaint.status == Status.REJECTED
    return is_arbiter(complaint, actor)


def may_review(complaint: Complaint, actor: Any) -> bool:
    """Somebody of the desk who neither answered nor closed the case."""
    return is_desk(complaint, actor) and complaint.handled_by_id != actor.pk


def may_write(complaint: Complaint, actor: Any) -> bool:
    """Write a public message or an internal note: whoever works on the case or filed it."""
    working = is_desk(complaint, actor) or is_officer(complaint, actor) or is_head(complaint, actor)
    return working or is_reporter(complaint, actor)


def may_assign(complaint: Complaint, actor: Any) -> bool:
    return is_desk(complaint, actor) or is_officer(complaint, actor) or is_head(complaint, actor)


def may_reveal_identity(complaint: Complaint, actor: Any) -> bool:
    """The desk always, with a reason; the agency only where the reporter did not ask to stay anonymous."""
    if is_desk(complaint, actor):
        return True
    return not complaint.is_anonymous and (is_officer(complaint, actor) or is_head(complaint, actor))


def may_decide_entry(entry: HeldEntry, actor: Any) -> bool:
    """A supervisor, and never the person who typed it in."""
    scope = scope_of(actor)
    if entry.entered_by_id == actor.pk:
        return False
    by_head = entry.agency is not None and scope.covers(HEAD_ROLES, entry.agency)
    return by_head or scope.covers_region(SUPERVISORS, entry.region_id)
