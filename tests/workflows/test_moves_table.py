"""The table of moves: what it says is what happens, and the documents are drawn from it."""

import pytest
from django.urls import reverse

from core.letters import shipped
from core.models import Notification
from tests.workflows.factories import make_complaint
from tests.workflows.test_machine import MOVES, actor_named, make_move, undone
from workflows.actors import SYSTEM
from workflows.models import ClockCycle
from workflows.moves import EDGE, STATE, rows_of
from workflows.rulebook import OFFICIAL, Rules, differences, faults_of
from workflows.services.identity import Identity
from workflows.states import Action, Status

NAMES = {"return": "return_to_coordinator"}
TESTED = {NAMES.get(name, name): name for name in MOVES}
PERSON = {
    "verifier": "verifier",
    "liaison": "officer",
    "agency_head": "head",
    "regional_admin": "admin",
    "reporter": "reporter",
    "system": "system",
}


def test_every_state_and_every_move_stands_in_the_table():
    assert set(STATE) == set(Status)
    # What is about parts is tried in test_parts.py.
    assert {row.name for row in EDGE.values() if not row.is_about_parts} == set(TESTED)
    for name, tested in TESTED.items():
        assert {source for row in rows_of(name) for source in row.sources} == MOVES[tested][1]
        assert {row.action for row in rows_of(name)} == {MOVES[tested][5]}


@pytest.mark.django_db
@pytest.mark.parametrize("source", Status)
def test_a_move_stops_and_starts_the_clocks_and_leaves_the_letter_of_its_row(source, people):
    complaint = make_complaint(source, identity=Identity(email="sulastri@example.org"))
    before = {clock.pk: clock.kind for clock in running(complaint)}
    for key, row in EDGE.items():
        if row.is_about_parts or not key.endswith(f":{source}"):
            continue
        actor = actor_named(PERSON[sorted(row.roles)[-1]], {**people, "system": SYSTEM}, complaint)
        with undone():
            moved = make_move(TESTED[row.name], complaint, actor)
            now = running(complaint)
            assert {before[pk] for pk in before.keys() - {clock.pk for clock in now}} == set(row.stops) & set(
                before.values()
            )
            assert {clock.kind for clock in now if clock.pk not in before} == set(row.starts)
            assert letter_of(moved) == row.letter, key


def running(complaint):
    return list(ClockCycle.objects.filter(complaint=complaint, stopped_at__isnull=True))


def letter_of(complaint):
    """The template of the letter that the last event left for the reporter."""
    keys = Notification.objects.filter(dedupe_key__endswith=f":{complaint.pk}:{complaint.version}:reporter")
    return "".join(keys.values_list("template", flat=True))


def off(*keys):
    return Rules(1, {key: {"on": False} for key in keys})


def test_the_official_table_can_be_published():
    assert faults_of(OFFICIAL) == []
    assert faults_of(off("close:verified", "hold:on_hold")) == []


@pytest.mark.parametrize(
    ("keys", "states"),
    [
        (["hold:in_progress"], {Status.ON_HOLD}),
        (["accept:forwarded"], {Status.IN_PROGRESS, Status.ON_HOLD, Status.FOLLOWED_UP}),
        (["reject:received", "reject:needs_info", "reject:verified"], {Status.REJECTED}),
        (["follow_up:in_progress"], {Status.FOLLOWED_UP}),
        (["request_info:received", "request_info:verified", "request_info:in_review", "request_info:forwarded",
          "request_info:in_progress"], {Status.NEEDS_INFO}),
    ],
)  # fmt: skip
def test_rules_that_strand_a_state_are_refused_by_name(keys, states):
    found = {state for fault in faults_of(off(*keys)) for state in fault.states}
    assert states <= found
    assert faults_of(off(keys[0])) == [] or len(keys) == 1


@pytest.mark.parametrize("key", [key for key, row in EDGE.items() if not row.may_switch_off])
def test_what_the_citizen_or_the_clock_relies_on_cannot_be_switched_off(key):
    assert off(key).edges[key].is_on


def test_roles_stay_within_the_limits_of_the_row():
    changes = {
        "accept:forwarded": {"roles": ["agency_head", "auditor", "reporter"]},
        "confirm:followed_up": {"roles": ["verifier"]},
        "verify:received": {"roles": []},
        "start_review:rejected": {"roles": ["verifier"]},
    }
    edges = Rules(1, changes).edges
    assert edges["accept:forwarded"].roles == {"agency_head"}
    assert edges["confirm:followed_up"].roles == {"reporter"}
    assert edges["verify:received"].roles == {"verifier", "regional_admin"}
    assert edges["start_review:rejected"].roles == {"verifier", "reporter"}
    changed = {row.key: row for row in differences(OFFICIAL, Rules(1, changes))}
    assert set(changed) == {"accept:forwarded", "start_review:rejected"}
    assert changed["accept:forwarded"].loses == ("liaison",)
    assert changed["accept:forwarded"].gains == ("agency_head",)


@pytest.mark.parametrize("code", ["case_forwarded", "case_taken_back", "case_to_arbiter", "case_mentioned"])
def test_a_letter_to_staff_leads_to_its_case(code):
    number = "BKL-2026-000123"
    assert reverse("complaints:case", args=[number]) in shipped(code, {"reference": number}, "id").body


def test_every_action_of_a_move_is_an_action():
    assert {row.action for row in EDGE.values()} <= set(Action)
