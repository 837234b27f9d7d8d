"""What may be done without moving a case: every act in every state by everybody, and how far a region may change it."""

import pytest

from core.models import Agency, User
from core.permissions import know_scope
from workflows.actors import SYSTEM, ReporterGrant
from workflows.acts import ACT, ACTS, Act
from workflows.models import Complaint
from workflows.moves import EDGE
from workflows.permissions import may_act
from workflows.rulebook import OFFICIAL, Rules, choosable, differences, faults_of
from workflows.states import Share, Status

REGION, PATH = 1, "/5/"
OFFICE = {"officer", "head"}
DESK = {"verifier", "admin"}
# Where an agency has the case, or had it last.
AT_OFFICE = {"needs_info", "forwarded", "in_progress", "on_hold", "followed_up", "closed"}
WORKED_ON = {"needs_info", "forwarded", "in_progress", "on_hold"}
OPEN = WORKED_ON | {"received", "verified", "in_review"}
ENDED = {"closed", "referred_out", "duplicate", "rejected"}


def person(role, region=None, path=None):
    user = User(username=role)
    know_scope(user, [(role, region, path)])
    return user


def everybody():
    return {
        "verifier": person("verifier", REGION),
        "admin": person("regional_admin", REGION),
        "officer": person("liaison", path=PATH),
        "head": person("agency_head", path=PATH),
        "auditor": person("auditor", REGION),
        "editor": person("editor", REGION),
        "far": person("regional_admin", 2),
        "elsewhere": person("agency_head", path="/6/"),
        "reporter": ReporterGrant(7),
        "stranger": ReporterGrant(8),
        "clock": SYSTEM,
    }


def case(status, changes=None, **facts):
    """A case that was never saved; an agency has it where one does."""
    agency = Agency(pk=5, region_id=REGION, path=PATH) if status in AT_OFFICE else None
    complaint = Complaint(pk=7, status=status, **{"region_id": REGION, "current_agency": agency, **facts})
    complaint.__dict__["_rules"] = Rules(1, changes) if changes else OFFICIAL
    return complaint


def who(act, complaint):
    return {name for name, actor in everybody().items() if may_act(act, complaint, actor)}


def expected(act, state):
    """The official table, written once more by hand."""
    office = OFFICE if state in AT_OFFICE else set()
    return {
        "message": {"reporter"} if state in ENDED else DESK | office | {"reporter"},
        "note": DESK | office,
        "assign": DESK | office if state in WORKED_ON else set(),
        "extend": {"admin"} | (office & {"head"}) if state in OPEN else set(),
        "reclassify": DESK if state in OPEN else set(),
        "reveal": DESK | office,
        "publish": set() if state in {"received", "needs_info", "rejected", "duplicate"} else DESK,
        "withdraw": DESK,
        "hide": DESK | {"reporter"},
        "conflict": DESK,
        "erase": {"admin", "clock"},
    }[act]


@pytest.mark.parametrize("state", Status)
def test_every_act_is_open_to_whom_the_table_says_and_to_nobody_else(state):
    complaint = case(state)
    assert {act: who(act, complaint) for act in Act} == {act: expected(act, state) for act in Act}


@pytest.mark.parametrize(
    ("facts", "changed"),
    [
        ({"share": Share.PART}, {
            "message": OFFICE, "extend": set(), "reclassify": set(), "reveal": set(), "publish": set(), "hide": set(),
            "conflict": set(), "erase": set()}),
        ({"share": Share.WHOLE, "current_agency": None}, {
            "message": DESK | {"reporter"}, "note": DESK, "assign": set(), "extend": {"admin"}, "reclassify": set(),
            "reveal": DESK}),
        ({"is_anonymous": True}, {"reveal": DESK}),
        ({"is_confidential": True}, {"publish": set()}),
        ({"current_agency": None}, {
            "message": DESK | {"reporter"}, "note": DESK, "assign": set(), "extend": {"admin"}, "reveal": DESK}),
    ],
)  # fmt: skip
def test_what_kind_of_case_it_is_closes_some_acts(facts, changed):
    complaint = case(Status.IN_PROGRESS, **facts)
    official = {act: expected(act, Status.IN_PROGRESS) for act in Act}
    assert {act: who(act, complaint) for act in Act} == {**official, **changed}


def test_a_returned_part_is_nobodys_to_write_outside():
    assert who("message", case(Status.VERIFIED, share=Share.PART)) == set()


@pytest.mark.parametrize(
    ("key", "change", "left"),
    [
        ("extend:in_progress", {"roles": ["regional_admin"]}, {"admin"}),
        # The officer is measured by the deadline.
        ("extend:in_progress", {"roles": ["liaison", "verifier", "agency_head"]}, {"head"}),
        ("extend:in_progress", {"on": False}, set()),
        ("assign:in_progress", {"roles": ["agency_head"]}, {"head"}),
        ("assign:in_progress", {"roles": ["auditor", "editor"]}, OFFICE | DESK),
        ("reclassify:in_progress", {"roles": ["verifier", "agency_head"]}, {"verifier", "head"}),
        ("reclassify:in_progress", {"roles": ["liaison"]}, DESK),
        ("reclassify:received", {"on": False}, DESK),
        # Somebody can always open an identity, and only an administrator's right is nobody's to take.
        ("reveal:in_progress", {"roles": ["liaison"]}, {"officer", "admin"}),
        ("reveal:in_progress", {"on": False, "roles": []}, {"admin"}),
        ("publish:in_progress", {"roles": ["agency_head"]}, {"admin"}),
        ("publish:in_progress", {"on": False}, set()),
        ("publish:closed", {"on": False}, DESK),
        # The reporter writes whatever a region says.
        ("message:in_progress", {"on": False, "roles": ["liaison"]}, {"officer", "reporter"}),
        ("message:in_progress", {"roles": []}, {"reporter"}),
        ("message:closed", {"roles": ["liaison", "verifier"]}, {"officer", "verifier", "reporter"}),
        ("message:rejected", {"roles": ["liaison", "verifier"]}, {"verifier", "reporter"}),
        ("note:in_progress", {"roles": []}, DESK),
        ("withdraw:in_progress", {"on": False, "roles": []}, DESK),
        ("hide:in_progress", {"on": False, "roles": []}, DESK | {"reporter"}),
        ("erase:closed", {"on": False, "roles": ["agency_head"]}, {"admin", "clock"}),
    ],
)
def test_a_region_narrows_and_widens_within_the_limits(key, change, left):
    act, _colon, state = key.partition(":")
    assert who(act, case(state, {key: change})) == left


def test_an_agency_never_opens_an_anonymous_reporter_whatever_the_region_says():
    changes = {f"reveal:{state}": {"roles": ["liaison", "agency_head"]} for state in Status}
    for state in Status:
        assert who("reveal", case(state, changes, is_anonymous=True)) == {"admin"}
        assert who("reveal", case(state, changes, share=Share.PART)) == set()


def test_the_desk_writes_to_no_reporter_at_a_part_whatever_the_region_says():
    changes = {"message:in_progress": {"roles": ["verifier", "regional_admin"]}}
    assert who("message", case(Status.IN_PROGRESS, changes, share=Share.PART)) == set()


def test_the_two_tables_never_meet_and_each_act_stands_once_per_state():
    assert not set(EDGE) & set(ACT)
    assert sum(len(row.states) for row in ACTS) == len(ACT)
    assert {row.act for row in ACTS} == set(Act)
    assert all(row.kept <= row.roles for row in ACTS)


def test_only_the_head_or_an_administrator_can_ever_extend():
    for key, row in ACT.items():
        if key.startswith("extend:"):
            assert choosable(row) | row.kept <= {"agency_head", "regional_admin"}


def test_rules_published_before_there_were_acts_mean_what_they_meant():
    old = Rules(3, {"close:verified": {"on": False}, "hold:in_progress": {"roles": ["liaison"]}})
    assert old.acts == OFFICIAL.acts
    assert {row.key for row in differences(OFFICIAL, old)} == {"close:verified", "hold:in_progress"}


def test_no_change_of_acts_strands_a_case():
    changes = {key: {"on": False, "roles": []} for key in ACT}
    assert faults_of(Rules(1, changes)) == []
    assert Rules(1, changes).edges == OFFICIAL.edges
