"""What the screens of the complaint rules show: the states with live counts, a version as a form, and its effects."""

from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.models import Region, RoleAssignment, User
from core.permissions import Role, scope_of
from workflows.acts import ACT, PROVISOS, Act, ActRow, Proviso
from workflows.models import Complaint, LocalReason, RuleSet
from workflows.moves import EDGE, REPORTER, STATES, SYSTEM, Move, State
from workflows.permissions import REGION_READERS
from workflows.rulebook import (
    OFFICIAL,
    ROW,
    Difference,
    Fault,
    Rules,
    choosable,
    differences,
    faults_of,
    reason_differences,
)
from workflows.states import Status


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
    """One move or act in one state as a line of the form."""

    key: str
    row: Move | ActRow
    # What is done, in words.
    step: str
    source: str
    is_on: bool
    roles: list[tuple[str, str, bool]]
    fixed: list[str]
    # As the region has it, not the official table.
    is_changed: bool


class ActGroup(NamedTuple):
    """One act: who may do it in one state or another, and a line for each state in which a region may change that."""

    name: str
    who: list[str]
    provisos: list[Proviso]
    rows: list[EdgeRow]
    locked: list[EdgeRow]

    @property
    def changed(self) -> int:
        return sum(row.is_changed for row in self.rows)


def edge_rows(rules: Rules) -> list[EdgeRow]:
    """Every move from every state, with the roles it may be given."""
    return [_edge_row(rules, key) for key in EDGE]


def act_groups(rules: Rules) -> list[ActGroup]:
    """Every act, those a region may change first."""
    groups = [_act_group(rules, act) for act in Act]
    return sorted(groups, key=lambda group: not group.rows)


def _act_group(rules: Rules, act: Act) -> ActGroup:
    keys = [key for key, row in ACT.items() if row.act == act]
    rows = [_edge_row(rules, key) for key in keys if not ACT[key].is_locked]
    locked = [_edge_row(rules, key) for key in keys if ACT[key].is_locked]
    roles = frozenset[str]().union(*(rules.acts[key].roles for key in keys if rules.acts[key].is_on))
    return ActGroup(str(act.label), _named(roles), list(PROVISOS.get(act, ())), rows, locked)


def _edge_row(rules: Rules, key: str) -> EdgeRow:
    row, edge, official = ROW[key], rules.of(key), OFFICIAL.of(key)
    offered = [(role.value, str(role.label), role in edge.roles) for role in Role if role in choosable(row)]
    is_changed = (edge.is_on, edge.roles) != (official.is_on, official.roles)
    return EdgeRow(key, row, name_of(key), state_of(key), edge.is_on, offered, _named(row.kept), is_changed)


def _named(roles: frozenset[str]) -> list[str]:
    """Roles in words, the reporter and the clock last."""
    others = ((REPORTER, _("Reporter")), (SYSTEM, _("Automatic")))
    staff = [str(role.label) for role in Role if role in roles]
    return [*staff, *(words for role, words in others if role in roles)]


def name_of(key: str) -> str:
    """A move or act in words."""
    return str(ACT[key].act.label if key in ACT else EDGE[key].action.label)


def state_of(key: str) -> str:
    """The state in which it is, in words."""
    return str(Status(key.partition(":")[2]).label)


def told(key: str) -> str:
    """A move or act in its state, as the preview says it."""
    return f"{state_of(key)} → {name_of(key)}"


class Effect(NamedTuple):
    """One difference of a draft, in one state or several: for how many people, and how many cases stand there now."""

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
    people, cases = _people(draft.region_id), _cases(draft.region_id)
    effects = [
        Effect(
            ", ".join(str(Status(state).label) for state in states),
            name,
            row.is_on,
            row.is_on != row.was_on,
            [(str(Role(role).label), people.get(role, 0)) for role in row.gains],
            [(str(Role(role).label), people.get(role, 0)) for role in row.loses],
            sum(cases.get(state, 0) for state in states),
        )
        for name, row, states in _alike(differences(old, new))
    ]
    reasons = [(str(LocalReason.Kind(kind).label), name, is_new) for kind, name, is_new in reason_differences(old, new)]
    return Preview(effects, reasons, faults_of(new))


def _people(region_id: int) -> dict[str, int]:
    here = Q(region=region_id) | Q(agency__region=region_id)
    rows = RoleAssignment.objects.filter(here, user__is_active=True).order_by().values_list("role")
    return dict(rows.annotate(people=Count("user", distinct=True)))


def _cases(region_id: int) -> dict[str, int]:
    rows: Any = Complaint.objects.filter(region=region_id).order_by().values_list("status")
    return dict(rows.annotate(cases=Count("pk")))


def _alike(found: list[Difference]) -> list[tuple[str, Difference, list[str]]]:
    """What is done, its difference, and the states in which that is the same: one line of the preview."""
    groups: dict[tuple[Any, ...], list[Difference]] = {}
    for row in found:
        groups.setdefault((name_of(row.key), *row[1:]), []).append(row)
    return [(key[0], rows[0], [row.key.partition(":")[2] for row in rows]) for key, rows in groups.items()]
