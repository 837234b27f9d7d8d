"""What the screens of the complaint rules show: the states with live counts, a version as a form, and its effects."""

from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from core.models import Region, RoleAssignment, User
from core.permissions import Role, scope_of
from workflows.models import Complaint, LocalReason, RuleSet
from workflows.moves import EDGE, STATES, Move, State
from workflows.permissions import REGION_READERS
from workflows.rulebook import OFFICIAL, Fault, Rules, choosable, differences, faults_of, reason_differences
from workflows.states import OPEN_STATUSES, Status


class StateCount(NamedTuple):
    state: State
    cases: int


def counted_states(user: User) -> list[StateCount]:
    """Every state with the number of cases the person may see in it (one statement)."""
    rows = Complaint.objects.visible_to(user).order_by().values_list("status").annotate(count=Count("pk"))
    counts = dict(rows)
    return [StateCount(state, counts.get(state.status, 0)) for state in STATES]


def regions_with_rules(user: User) -> QuerySet[Region]:
    """Regions whose rules the person may read."""
    own = scope_of(user).region_q(REGION_READERS, field="pk")
    return Region.objects.filter(own, agencies__isnull=False).distinct()


class EdgeRow(NamedTuple):
    """One move from one state as a line of the form."""

    key: str
    move: Move
    source: str
    is_on: bool
    roles: list[tuple[str, str, bool]]
    fixed: list[str]

    @property
    def is_locked(self) -> bool:
        return not self.move.may_switch_off and len(self.roles) == 0


def edge_rows(rules: Rules) -> list[EdgeRow]:
    """Every move from every state, with the roles it may be given."""
    rows = []
    for key, row in EDGE.items():
        edge, choices = rules.edges[key], [role for role in Role if role in choosable(row)]
        offered = [(role.value, str(role.label), role in edge.roles) for role in choices]
        fixed = sorted(edge.roles - set(Role))
        rows.append(EdgeRow(key, row, str(Status(key.partition(":")[2]).label), edge.is_on, offered, fixed))
    return rows


class Effect(NamedTuple):
    """One difference of a draft: for how many people, and how many cases stand there now."""

    source: str
    action: str
    is_on: bool
    is_switched: bool
    gains: list[tuple[str, int]]
    loses: list[tuple[str, int]]
    cases: int


class Preview(NamedTuple):
    effects: list[Effect]
    reasons: list[tuple[str, str, bool]]
    faults: list[Fault]


def preview_of(draft: RuleSet) -> Preview:
    """What publishing the draft would change, for whom, and what keeps it from being published (five statements)."""
    current = RuleSet.objects.filter(region=draft.region_id, state=RuleSet.State.PUBLISHED).first()
    old, new = current.rules() if current else OFFICIAL, draft.rules()
    people, cases = _people(draft.region_id), _open_cases(draft.region_id)
    effects = []
    for row in differences(old, new):
        source = row.key.partition(":")[2]
        effects.append(
            Effect(
                str(Status(source).label),
                str(EDGE[row.key].action.label),
                row.is_on,
                row.is_on != row.was_on,
                [(str(Role(role).label), people.get(role, 0)) for role in row.gains],
                [(str(Role(role).label), people.get(role, 0)) for role in row.loses],
                cases.get(source, 0),
            )
        )
    reasons = [(str(LocalReason.Kind(kind).label), name, is_new) for kind, name, is_new in reason_differences(old, new)]
    return Preview(effects, reasons, faults_of(new))


def _people(region_id: int) -> dict[str, int]:
    here = Q(region=region_id) | Q(agency__region=region_id)
    rows = RoleAssignment.objects.filter(here, user__is_active=True).order_by().values_list("role")
    return dict(rows.annotate(people=Count("user", distinct=True)))


def _open_cases(region_id: int) -> dict[str, int]:
    waiting = (*OPEN_STATUSES, Status.FOLLOWED_UP, Status.CLOSED, Status.REJECTED)
    rows: Any = Complaint.objects.filter(region=region_id, status__in=waiting).order_by().values_list("status")
    return dict(rows.annotate(cases=Count("pk")))
