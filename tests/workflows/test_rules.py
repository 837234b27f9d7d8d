"""A region's own rules: drafted, previewed, published, kept; and what the machine makes of them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.workflows.factories import FILED_AT, WORDS, make_complaint
from workflows.models import Complaint, ComplaintEvent, LocalReason, PublicEntry, RuleSet
from workflows.rulebook import ROW
from workflows.selectors.rules import act_groups, counted_states, preview_of
from workflows.services import agency as at_agency
from workflows.services import closing, conversation, desk, rules
from workflows.services.extensions import extend_deadline
from workflows.services.identity import Identity, reveal_identity
from workflows.services.steps import MoveNotAllowed
from workflows.states import Reason, Status

pytestmark = pytest.mark.django_db
EXPLAINED = "Penjelasan yang cukup panjang untuk pelapor."
CLOSING = {"result": WORDS, "no_evidence_reason": EXPLAINED}


def all_offered(draft):
    return dict.fromkeys(draft.reasons.values_list("pk", flat=True), True)


def publish(region, admin, moves, **offered):
    draft = rules.start_draft(region=region, actor=admin)
    chosen = {reason.pk: offered.get(reason.code, True) for reason in draft.reasons.all()}
    rules.save_draft(draft_id=draft.pk, actor=admin, moves=moves, offered=chosen)
    return rules.publish_rules(draft_id=draft.pk, actor=admin)


def test_a_move_switched_off_is_not_possible_and_not_offered(region, people):
    publish(region, people["admin"], {"close:verified": {"on": False}})
    complaint = make_complaint(Status.VERIFIED)
    with pytest.raises(MoveNotAllowed):
        closing.close_complaint(complaint_id=complaint.pk, actor=people["verifier"], **CLOSING)
    elsewhere = make_complaint(Status.FOLLOWED_UP)
    closed = closing.close_complaint(complaint_id=elsewhere.pk, actor=people["verifier"], **CLOSING)
    assert closed.status == Status.CLOSED
    assert ComplaintEvent.objects.get(complaint=closed, action="closed").data["rules"] == 1


def test_roles_are_narrowed_and_widened_from_the_next_move_on(region, people):
    complaint, other = make_complaint(Status.FORWARDED), make_complaint(Status.RECEIVED)
    changes = {"accept:forwarded": {"roles": ["agency_head"]}, "verify:received": {"roles": ["regional_admin"]}}
    publish(region, people["admin"], changes)
    with pytest.raises(PermissionDenied):
        at_agency.accept_complaint(complaint_id=complaint.pk, actor=people["officer"], now=FILED_AT)
    with pytest.raises(PermissionDenied):
        desk.verify_complaint(complaint_id=other.pk, actor=people["verifier"], now=FILED_AT)
    accepted = at_agency.accept_complaint(complaint_id=complaint.pk, actor=people["head"])
    assert accepted.status == Status.IN_PROGRESS
    publish(region, people["admin"], {})
    assert desk.verify_complaint(complaint_id=other.pk, actor=people["verifier"]).status == Status.VERIFIED
    assert list(RuleSet.objects.filter(region=region).values_list("state", flat=True)) == ["published", "retired"]


EXTENSION = {"days": 5, "reason": EXPLAINED, "appeal_contact": "Bagian Organisasi"}


def test_an_act_is_closed_and_opened_from_the_next_request_on_and_its_event_says_by_which_rules(region, people):
    complaint, ended = make_complaint(Status.IN_PROGRESS), make_complaint(Status.CLOSED)
    changes = {
        "extend:in_progress": {"roles": ["regional_admin"]},
        "reveal:in_progress": {"roles": ["verifier"]},
        "assign:in_progress": {"on": False},
        "message:closed": {"roles": ["verifier"]},
    }
    publish(region, people["admin"], changes)
    details = {"complaint_id": complaint.pk, "now": FILED_AT}
    with pytest.raises(PermissionDenied):
        extend_deadline(**details, **EXTENSION, actor=people["head"])
    with pytest.raises(PermissionDenied):
        reveal_identity(**details, actor=people["officer"], reason=EXPLAINED)
    with pytest.raises(MoveNotAllowed):
        conversation.assign_complaint(**details, actor=people["head"], assignee=people["officer"])
    extend_deadline(**details, **EXTENSION, actor=people["admin"])
    with pytest.raises(PermissionDenied):
        conversation.send_message(complaint_id=ended.pk, actor=people["admin"], words="Terima kasih.")
    conversation.send_message(complaint_id=ended.pk, actor=people["verifier"], words="Terima kasih.")
    by_rules = ComplaintEvent.objects.filter(action__in=("extended", "message"))
    assert [event.data["rules"] for event in by_rules] == [1, 1]


def test_an_act_that_no_member_of_staff_would_have_is_refused(region, people):
    draft = rules.start_draft(region=region, actor=people["admin"])
    for key in ("message:in_progress", "extend:in_progress", "assign:on_hold"):
        with pytest.raises(ValidationError) as refused:
            rules.save_draft(draft_id=draft.pk, actor=people["admin"], moves={key: {"roles": []}}, offered={})
        assert refused.value.code == "nobody"
    # Here the administrator is left.
    alone = {"reveal:in_progress": {"roles": []}}
    rules.save_draft(draft_id=draft.pk, actor=people["admin"], moves=alone, offered=all_offered(draft))
    rules.publish_rules(draft_id=draft.pk, actor=people["admin"])
    loses = ["agency_head", "liaison", "verifier"]
    assert RuleSet.objects.get().changes == [{"act": "reveal:in_progress", "on": True, "gains": [], "loses": loses}]


@pytest.mark.portable
def test_the_screens_offer_no_act_that_the_region_took_away(client, region, people):
    case = make_complaint(Status.IN_PROGRESS, identity=Identity(name="Siti"))
    page, privacy = (reverse(name, args=[case.reference]) for name in ("complaints:case", "privacy:case"))
    step, reveal = (
        reverse("complaints:move", args=[case.reference, "extend"]),
        reverse("complaints:reveal", args=[case.reference]),
    )
    client.force_login(people["head"])
    shown = client.get(page).content.decode()
    assert step in shown
    assert reveal in shown
    publish(region, people["admin"], {
        "extend:in_progress": {"on": False}, "reveal:in_progress": {"roles": []}, "publish:in_progress": {"on": False},
    })  # fmt: skip
    shown = client.get(page).content.decode()
    assert step not in shown
    assert reveal not in shown
    client.post(reveal, {"reason": EXPLAINED})
    assert not case.reporter.accesses.exists()
    client.force_login(people["verifier"])
    assert 'value="publish"' not in client.get(privacy).content.decode()
    words = {"title": "Jalan", "body": "Jalan kami rusak.", "answer": "", "checked": "on"}
    client.post(privacy, {"action": "publish", **words})
    assert not PublicEntry.objects.exists()


def test_rules_that_strand_a_state_are_refused_with_its_name(region, people):
    with pytest.raises(ValidationError) as refused:
        publish(region, people["admin"], {"hold:in_progress": {"on": False}})
    assert str(Status.ON_HOLD.label) in refused.value.messages[0]
    assert RuleSet.objects.get(region=region).state == "draft"


def test_a_move_that_nobody_could_make_is_refused(region, people):
    draft = rules.start_draft(region=region, actor=people["admin"])
    with pytest.raises(ValidationError):
        rules.save_draft(
            draft_id=draft.pk, actor=people["admin"], moves={"accept:forwarded": {"roles": []}}, offered={}
        )


def test_own_reasons_are_offered_used_and_named_after_they_are_hidden(region, people):
    draft = rules.start_draft(region=region, actor=people["admin"])
    own = rules.add_reason(draft_id=draft.pk, actor=people["admin"], kind="reject", name="Bukan warga", name_en="Alien")
    rules.save_draft(
        draft_id=draft.pk,
        actor=people["admin"],
        moves={},
        offered={r.pk: r.code != Reason.ABUSIVE for r in draft.reasons.all()},
    )
    rules.publish_rules(draft_id=draft.pk, actor=people["admin"])
    complaint = make_complaint(Status.RECEIVED)
    details = {"complaint_id": complaint.pk, "actor": people["verifier"], "explanation": EXPLAINED}
    with pytest.raises(ValidationError):
        desk.reject_complaint(**details, reason=Reason.ABUSIVE)
    assert desk.reject_complaint(**details, reason=own.code).reason == own.code
    publish(region, people["admin"], {}, **{own.code: False})
    assert Complaint.objects.get(pk=complaint.pk).rules.name_of(own.code) == "Bukan warga"
    draft = rules.start_draft(region=region, actor=people["admin"])
    again = rules.add_reason(draft_id=draft.pk, actor=people["admin"], kind="hold", name="Menunggu musyawarah")
    assert again.code != own.code


def test_what_was_published_is_never_rewritten(region, people):
    published = publish(region, people["admin"], {"close:verified": {"on": False}})
    for attempt in (
        lambda: RuleSet.objects.filter(pk=published.pk).update(moves={}),
        lambda: RuleSet.objects.filter(pk=published.pk)._raw_delete("default"),
        lambda: LocalReason.objects.filter(rule_set=published).update(name="x"),
        lambda: LocalReason.objects.create(rule_set=published, kind="hold", code="y", name="y"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_only_the_regions_administrator_changes_its_rules(region, people, auditor, other_officer):
    for person in (people["verifier"], people["officer"], auditor, other_officer):
        with pytest.raises(PermissionDenied):
            rules.start_draft(region=region, actor=person)


def test_the_preview_names_people_and_cases(region, people):
    make_complaint(Status.FORWARDED)
    draft = rules.start_draft(region=region, actor=people["admin"])
    draft = rules.save_draft(
        draft_id=draft.pk,
        actor=people["admin"],
        moves={"accept:forwarded": {"roles": ["agency_head"]}, "hold:in_progress": {"on": False}},
        offered=all_offered(draft),
    )
    preview = preview_of(draft)
    effect = next(row for row in preview.effects if row.source == str(Status.FORWARDED.label))
    assert (effect.cases, [people for _role, people in effect.loses]) == (1, [1])
    assert preview.faults[0].states == (Status.ON_HOLD,)


def test_the_preview_says_once_what_changes_alike_in_several_states(region, people):
    make_complaint(Status.FORWARDED)
    make_complaint(Status.IN_PROGRESS)
    draft = rules.start_draft(region=region, actor=people["admin"])
    narrowed = {f"extend:{state}": {"roles": ["regional_admin"]} for state in ("forwarded", "in_progress")}
    draft = rules.save_draft(draft_id=draft.pk, actor=people["admin"], moves=narrowed, offered=all_offered(draft))
    (effect,) = preview_of(draft).effects
    assert (effect.cases, [count for _role, count in effect.loses], effect.gains) == (2, [1], [])
    assert [group.changed for group in act_groups(draft.rules()) if group.changed] == [2]


def test_rules_cost_a_move_and_an_act_no_statement(region, people):
    publish(region, people["admin"], {"close:verified": {"on": False}, "assign:on_hold": {"on": False}})
    make_complaint(Status.VERIFIED)
    complaint = make_complaint(Status.RECEIVED)
    with CaptureQueriesContext(connection) as seen:
        desk.verify_complaint(complaint_id=complaint.pk, actor=people["verifier"])
        conversation.send_message(complaint_id=complaint.pk, actor=people["verifier"], words="Sudah kami periksa.")
    assert [sql for sql in (query["sql"] for query in seen) if "workflows_ruleset" in sql.lower()] == []


def test_counts_are_those_a_person_may_see(region, people, other_officer):
    make_complaint(Status.FORWARDED)
    make_complaint(Status.RECEIVED)
    assert {row.state.status: row.cases for row in counted_states(people["verifier"])}[Status.RECEIVED] == 1
    assert sum(row.cases for row in counted_states(people["officer"])) == 1
    assert sum(row.cases for row in counted_states(other_officer)) == 0


def test_the_diagram_in_the_docs_is_the_one_of_the_code(db):
    call_command("draw_states", check=True)


@pytest.mark.portable
def test_the_screen_drafts_previews_and_publishes(client, region, people):
    client.force_login(people["admin"])
    page = reverse("complaints:rules", args=[region.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"action": "start"})
    draft = RuleSet.objects.get(region=region)
    ticked = ticks_of(draft)
    ticked.pop("on:close:verified")
    ticked.pop("role:assign:on_hold:verifier")
    target = {"draft": draft.pk, "seen": rules.digest_of(draft)}
    assert client.post(page, {**ticked, **target, "action": "save"}).status_code == 302
    assert RuleSet.objects.get().moves == {
        "close:verified": {"on": False},
        "assign:on_hold": {"roles": ["agency_head", "liaison", "regional_admin"]},
    }
    # Refused, and what was ticked besides is still there.
    target["seen"] = rules.digest_of(RuleSet.objects.get())
    nobody = {key: on for key, on in ticked.items() if key != "role:accept:forwarded:liaison"} | {"note": "Rapat"}
    nobody.pop("on:extend:on_hold")
    refused = client.post(page, {**nobody, **target, "action": "save"})
    assert refused.status_code == 422
    shown = {row.key: row for group in refused.context["groups"] for row in group.rows}
    assert (shown["extend:on_hold"].is_on, shown["extend:forwarded"].is_on) == (False, True)
    assert 'value="Rapat"' in refused.content.decode()
    assert "extend:on_hold" not in RuleSet.objects.get().moves
    target["seen"] = ""
    # What was previewed is no longer what stands there.
    assert client.post(page, {**target, "action": "publish"}).status_code == 409
    target["seen"] = rules.digest_of(RuleSet.objects.get())
    assert client.post(page, {**target, "action": "publish"}).status_code == 302
    assert RuleSet.objects.get().state == "published"
    assert client.get(reverse("complaints:states")).status_code == 200


@pytest.mark.portable
def test_the_screen_is_read_only_for_the_desk_and_closed_to_others(client, region, people, other_officer, editor):
    page = reverse("complaints:rules", args=[region.pk])
    # Wagtail sends people without the right back to its first page.
    for person, shown in ((people["verifier"], 200), (other_officer, 404), (editor, 302)):
        client.force_login(person)
        assert client.get(page).status_code == shown
        client.post(page, {"action": "start"})
    assert not RuleSet.objects.exists()


def ticks_of(draft):
    """The form as it stands when nothing is changed."""
    held = draft.rules()
    ticks = {f"on:{key}": "on" for key in ROW if held.of(key).is_on}
    roles = {f"role:{key}:{role}": "on" for key in ROW for role in held.of(key).roles}
    return {**ticks, **roles, **{f"reason:{reason.pk}": "on" for reason in draft.reasons.all()}}
