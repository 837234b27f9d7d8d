"""Who may do what with a case.

Covers the moves of the machine and the acts that move nothing, by the tables in ``moves.py`` and ``acts.py`` and the
region's rules (``may_move``, ``may_act``); the actor is a member of staff, a reporter's grant or the sweep.
Leaves out who may see a case: that is ``Complaint.objects.visible_to(user)``, and every staff view starts there.

The desk (verifier, regional administrator) checks and forwards; the agency's liaison officer works the case; the
agency's head approves a hold; a review goes to somebody of the desk who did not handle the case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from core.permissions import Role, scope_of
from workflows.actors import ActorKind, kind_of
from workflows.acts import PROVISOS, Proviso
from workflows.moves import HIM, ORDINARY_MOVES, PART_MOVES, SPLIT_MOVES, Condition
from workflows.states import RETURNS_BEFORE_ARBITER

if TYPE_CHECKING:
    from workflows.models import Complaint, HeldEntry
    from workflows.moves import Move
    from workflows.rulebook import Edge

DESK_ROLES = frozenset({Role.VERIFIER, Role.REGIONAL_ADMIN})
REGION_READERS = DESK_ROLES | {Role.AUDITOR}
OFFICE_ROLES = frozenset({Role.LIAISON, Role.AGENCY_HEAD})
AGENCY_READERS = frozenset({Role.LIAISON, Role.AGENCY_HEAD, Role.AUDITOR})
# Who decides on entries dated back further than an officer may: the region's administrator, or the officer's head.
SUPERVISORS = frozenset({Role.REGIONAL_ADMIN})
HEAD_ROLES = frozenset({Role.AGENCY_HEAD})


def is_reporter(complaint: Complaint, actor: Any) -> bool:
    """The holder of this case's secret code, and of no other's."""
    return kind_of(actor) is ActorKind.REPORTER and actor.complaint_id == complaint.pk


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


def holds(roles: Collection[str], complaint: Complaint, actor: Any) -> bool:
    """Whether the actor has one of the roles here: over the region, over the agency that holds the case, or as reporter
    or clock."""
    kind = kind_of(actor)
    if kind is not ActorKind.STAFF:
        return kind.value in roles and (kind is ActorKind.SYSTEM or is_reporter(complaint, actor))
    scope, agency = scope_of(actor), complaint.current_agency
    at_desk, at_office = DESK_ROLES.intersection(roles), OFFICE_ROLES.intersection(roles)
    # Asked only where there is such a role: the scope of a superuser covers everything, but nobody is the reporter.
    if at_desk and scope.covers_region(at_desk, complaint.region_id):
        return True
    return bool(at_office) and agency is not None and scope.covers(at_office, agency)


def may_move(name: str, complaint: Complaint, actor: Any) -> bool:
    """Whether this person may make a move from where the case stands, by the table and the region's rules."""
    edge = complaint.rules.edge(name, complaint.status)
    if edge is None:
        return False
    # Who is arbiter decides even where the region keeps the move to others of its desk.
    roles = edge.roles | DESK_ROLES if is_arbitrated(edge, complaint) else edge.roles
    if not holds(roles, complaint, actor):
        return False
    return all(CONDITIONS[name](complaint, actor) for name in edge.row.conditions if name in CONDITIONS)


def is_used(name: str) -> Callable[[Complaint], bool]:
    """A condition of the machine: the region has not switched the move off where the case stands."""

    def used(complaint: Complaint) -> bool:
        edge = complaint.rules.edge(name, complaint.status)
        return edge is None or edge.is_on

    return used


def fits(name: str) -> Callable[[Complaint], bool]:
    """A condition of the machine: parts, and cases that wait for their parts, have their own few moves."""

    def fitting(complaint: Complaint) -> bool:
        if complaint.is_part:
            return name in PART_MOVES
        return name in (SPLIT_MOVES if complaint.is_split else ORDINARY_MOVES)

    return fitting


def is_not_handler(complaint: Complaint, actor: Any) -> bool:
    """Somebody who neither answered nor closed nor rejected the case in any cycle.

    At a small desk nobody else may be left: then its administrator may, so that no case is stuck.
    """
    if actor.pk not in complaint.handlers:
        return True
    return is_arbiter(complaint, actor) and not complaint.has_other_reviewer


def is_arbitrated(edge: Edge[Move], complaint: Complaint) -> bool:
    return Condition.ARBITER in edge.row.conditions and complaint.return_count >= RETURNS_BEFORE_ARBITER


def decides_returns(complaint: Complaint, actor: Any) -> bool:
    """After two returns only the arbiter moves the case, and that decision binds: who is named, else an administrator.

    What protects the reporter stays open: messages, and the answer to what was asked.
    """
    if complaint.return_count < RETURNS_BEFORE_ARBITER:
        return True
    named = getattr(complaint.region, "arbiter", None)
    if named is None or not named.user.is_active or scope_of(actor).is_superuser:
        return is_arbiter(complaint, actor)
    return named.user_id == actor.pk


def is_not_bound(complaint: Complaint, actor: Any) -> bool:
    return not complaint.is_bound


# Times are judged by the services, which know the moment of the move.
CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    Condition.NOT_HANDLER: is_not_handler,
    Condition.ARBITER: decides_returns,
    Condition.NOT_BOUND: is_not_bound,
}


def is_possible(act: str, complaint: Complaint) -> bool:
    """Whether the region uses an act where the case stands, and nothing about the case is in its way."""
    edge = complaint.rules.act(act, complaint.status)
    if edge is None or not edge.is_on:
        return False
    return not any(CLOSED[proviso](complaint) for proviso in PROVISOS.get(act, ()) if proviso in CLOSED)


def may_act(act: str, complaint: Complaint, actor: Any) -> bool:
    """Whether this person may do now what moves no case (``acts.Act``), by the table and the region's rules."""
    edge = complaint.rules.act(act, complaint.status)
    if edge is None or not is_possible(act, complaint):
        return False
    return holds(edge.roles - _shut_out(act, complaint), complaint, actor)


def _shut_out(act: str, complaint: Complaint) -> frozenset[str]:
    """Roles that have the act elsewhere, not at this case."""
    found = (SHUT_OUT[proviso] for proviso in PROVISOS.get(act, ()) if proviso in SHUT_OUT)
    return frozenset[str]().union(*(roles for applies, roles in found if applies(complaint)))


# What closes an act to everybody.
CLOSED: dict[str, Callable[[Complaint], bool]] = {
    Proviso.WHOLE: lambda complaint: complaint.is_part,
    Proviso.UNSPLIT: lambda complaint: complaint.is_split,
    Proviso.HELD: lambda complaint: complaint.current_agency is None,
    Proviso.SHOWN: lambda complaint: complaint.is_confidential,
}
# What closes it to some. At a part its agency writes to the reporter; the desk does so at the whole case.
SHUT_OUT: dict[str, tuple[Callable[[Complaint], bool], frozenset[str]]] = {
    Proviso.NAMED: (lambda complaint: complaint.is_anonymous, OFFICE_ROLES),
    Proviso.OWN_PART: (lambda complaint: complaint.is_part, DESK_ROLES | HIM),
}


def may_check_sample(complaint: Complaint, actor: Any) -> bool:
    """Say whether a case drawn by lot is in order: the desk. Nobody who handled it (``selectors.samples``)."""
    return is_desk(complaint, actor)


def may_decide_entry(entry: HeldEntry, actor: Any) -> bool:
    """A supervisor, and never the person who typed it in."""
    scope = scope_of(actor)
    if entry.entered_by_id == actor.pk:
        return False
    by_head = entry.agency is not None and scope.covers(HEAD_ROLES, entry.agency)
    return by_head or scope.covers_region(SUPERVISORS, entry.region_id)


def may_set_up(region_id: int, actor: Any) -> bool:
    """Settings, arbiter and retention rules of a region: its administrator."""
    return scope_of(actor).covers_region(SUPERVISORS, region_id)


def may_route(region_id: int, actor: Any) -> bool:
    """Write the region's routing rules: its administrator."""
    return scope_of(actor).covers_region(SUPERVISORS, region_id)


def may_change_rules(region_id: int, actor: Any) -> bool:
    """Draft and publish the complaint rules of a region: its administrator."""
    return scope_of(actor).covers_region(SUPERVISORS, region_id)
