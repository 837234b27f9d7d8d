"""A sample of closed cases is looked at by somebody who did not handle them; nobody can choose which."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.periods import period_from_key
from core.permissions import Role
from core.services import sync_roles
from tests.factories import StaffFactory
from tests.workflows.factories import WORDS, Walk, cast_of, make_complaint, make_receipt
from tests.workflows.screens import state, url
from tests.workflows.splitting import answer, parts_of
from workflows.models import Complaint, ComplaintDesk, ComplaintEvent, ConflictOfInterest, Finding, SampledCase
from workflows.sampling import SHARE, is_drawn
from workflows.selectors.complaints import broken_event
from workflows.selectors.indicators import indicators_of
from workflows.selectors.samples import has_handled
from workflows.services import replies
from workflows.services.closing import close_complaint
from workflows.services.drawing import keep_repeated
from workflows.services.samples import check_sample
from workflows.services.steps import MoveNotAllowed
from workflows.states import Action, Status

REASON = "Jawaban tidak sesuai dengan laporan."


def digests(number):
    return [hashlib.sha256(str(n).encode()).hexdigest() for n in range(number)]


@pytest.mark.parametrize("percent", [1, 5, 20, 100])
def test_about_the_share_is_drawn_and_always_the_same(percent):
    drawn = [digest for digest in digests(4000) if is_drawn(digest, percent)]
    assert len(drawn) == pytest.approx(40 * percent, rel=0.3)
    assert set(drawn) <= {digest for digest in digests(4000) if is_drawn(digest, min(100, percent + 1))}
    assert is_drawn("f" * 64, 100)
    assert not is_drawn("f" * 64, 99)


@pytest.fixture
def everything(people, region):
    """Every case that is closed is drawn."""
    ComplaintDesk.objects.filter(region=region).update(sample_percent=100)


@pytest.fixture
def reviewer(region, people):
    return StaffFactory(username="pemeriksa", grants=[(Role.VERIFIER, region)])


@pytest.fixture
def drawn(everything, reviewer):
    return make_complaint(Status.CLOSED)


@pytest.mark.django_db
def test_anybody_can_draw_again_from_the_closing_events(people, region):
    ComplaintDesk.objects.filter(region=region).update(sample_percent=50)
    closed = [make_complaint(Status.CLOSED, region=region) for _number in range(8)]
    # Lowered later, the share changes nothing about what was drawn before.
    ComplaintDesk.objects.filter(region=region).update(sample_percent=1)
    ends = ComplaintEvent.objects.filter(complaint__in=closed, after=Status.CLOSED)
    again = {event.complaint_id for event in ends if is_drawn(event.hash, event.data[SHARE])}
    assert {event.data[SHARE] for event in ends} == {50}
    assert set(SampledCase.objects.values_list("complaint", flat=True)) == again


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["reporter", "silence", "officer"])
def test_a_case_is_drawn_however_it_ends(everything, region, end):
    case = make_receipt(region).complaint
    walker = Walk(case, cast_of(region), case.received_at)
    if end == "officer":
        walker.to_followed_up()
        walker._step(close_complaint, walker.cast["admin"], result=WORDS, no_evidence_reason=WORDS)
    else:
        {"reporter": walker.to_closed, "silence": walker.silence}[end]()
    row = SampledCase.objects.get(complaint=case)
    assert (row.cause, row.cycle, row.finding) == ("lot", 1, "")


@pytest.mark.django_db
def test_a_repeated_answer_is_always_looked_at(people, region):
    ComplaintDesk.objects.filter(region=region).update(sample_percent=1)
    cases = []
    for _number in range(4):
        case = make_receipt(region).complaint
        walker = Walk(case, people, case.received_at)
        walker.to_in_progress()
        walker._step(replies.follow_up, people["officer"], answer=WORDS, no_evidence_reason=WORDS)
        cases.append(case.pk)
    repeated = SampledCase.objects.filter(cause="repeated").values_list("complaint", flat=True)
    assert list(repeated) == cases[3:]


@pytest.mark.django_db
def test_what_an_agency_does_with_its_part_counts_for_the_whole_case(split, people, reviewer):
    part = parts_of(split)[0]
    answer(part, people["officer"])
    keep_repeated(part.events.get(action=Action.FOLLOWED_UP))
    assert SampledCase.objects.get().complaint == split
    assert has_handled(people["officer"], split)
    assert not has_handled(reviewer, split)


@pytest.mark.django_db
def test_in_order_is_an_internal_event_of_the_chain(drawn, reviewer):
    check_sample(complaint_id=drawn.pk, actor=reviewer, finding=Finding.IN_ORDER)
    event = drawn.events.order_by("-sequence").first()
    assert (event.action, event.actor, event.is_public) == (Action.SAMPLE_CHECKED, reviewer, False)
    assert event.data["finding"] == Finding.IN_ORDER
    assert broken_event(Complaint.objects.get(pk=drawn.pk)) is None
    assert state(drawn) == Status.CLOSED
    with pytest.raises(MoveNotAllowed):
        check_sample(complaint_id=drawn.pk, actor=reviewer, finding=Finding.IN_ORDER)


@pytest.mark.django_db
@pytest.mark.parametrize("post", ["verifier", "officer", "auditor", "stranger"])
def test_nobody_who_handled_it_or_only_reads_decides(drawn, people, region, post):
    """The verifier of the cast has verified and forwarded the case; its officer has answered it."""
    others = {"auditor": {"grants": [(Role.AUDITOR, region)]}, "stranger": {}}
    actor = people.get(post) or StaffFactory(username=post, **others[post])
    with pytest.raises(PermissionDenied):
        check_sample(complaint_id=drawn.pk, actor=actor, finding=Finding.IN_ORDER)
    assert SampledCase.objects.get(complaint=drawn).finding == ""


@pytest.mark.django_db
def test_not_in_order_goes_to_review_where_the_person_may_start_one(drawn, people):
    check_sample(complaint_id=drawn.pk, actor=people["admin"], finding=Finding.NOT_IN_ORDER, words=REASON)
    assert state(drawn) == Status.IN_REVIEW
    last = drawn.events.order_by("-sequence")[0]
    assert (last.action, last.actor) == (Action.REVIEW_STARTED, people["admin"])
    # The reporter is not told what one officer says about another.
    assert REASON not in " ".join(last.messages.values_list("body", flat=True))


@pytest.mark.django_db
def test_where_the_machine_has_no_such_move_the_finding_is_noted(drawn, reviewer, region):
    check_sample(complaint_id=drawn.pk, actor=reviewer, finding=Finding.NOT_IN_ORDER, words=REASON)
    assert state(drawn) == Status.CLOSED
    total = indicators_of(region, period_from_key("2026"), public=False).total
    assert (total.sampled, total.looked_at, total.in_order) == (1, 1, 0)


@pytest.fixture
def signed_in(client, people, reviewer):
    sync_roles()

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.django_db
@pytest.mark.portable
def test_an_auditor_reads_the_sample_and_is_offered_nothing(drawn, reviewer, auditor, signed_in):
    def offers(person, address):
        response = signed_in(person).get(address)
        assert response.status_code == 200
        page = response.content.decode().partition('class="s-page"')[2]
        return 'class="button' in page, 'method="post"' in page

    addresses = reverse("complaints:samples"), url("sample", drawn)
    assert [offers(reviewer, address) for address in addresses] == [(True, False), (True, True)]
    assert [offers(auditor, address) for address in addresses] == [(False, False), (False, False)]
    assert url("sample", drawn) in signed_in(auditor).get(addresses[0]).content.decode()


@pytest.mark.django_db
@pytest.mark.portable
def test_the_list_shows_what_the_person_may_see_and_did_not_handle(drawn, people, reviewer, region, signed_in):
    hidden = make_complaint(Status.CLOSED, region=region)
    ConflictOfInterest.objects.create(complaint=hidden, user=reviewer, named_by=people["admin"], at=hidden.closed_at)
    page = signed_in(reviewer).get(reverse("complaints:samples"))
    assert [(row.complaint_id, row.is_own) for row in page.context["waiting"]] == [(drawn.pk, False)]
    assert signed_in(reviewer).get(url("sample", hidden)).status_code == 404
    page = signed_in(people["verifier"]).get(reverse("complaints:samples"))
    assert {(row.complaint_id, row.is_own) for row in page.context["waiting"]} == {(drawn.pk, True), (hidden.pk, True)}
    for officer in (people["officer"], people["head"]):
        assert signed_in(officer).get(reverse("complaints:samples")).status_code in (302, 403)
        assert signed_in(officer).get(url("sample", drawn)).status_code == 404


@pytest.mark.django_db
@pytest.mark.portable
def test_a_finding_is_typed_on_a_page_and_wants_a_reason_when_bad(drawn, people, reviewer, signed_in):
    typed = {"finding": Finding.NOT_IN_ORDER, "words": "", "version": drawn.version}
    assert signed_in(people["verifier"]).post(url("sample", drawn), typed).status_code in (302, 403)
    assert signed_in(reviewer).get(url("sample", drawn)).status_code == 200
    assert signed_in(reviewer).post(url("sample", drawn), typed).status_code == 422
    assert SampledCase.objects.get(complaint=drawn).finding == ""
    assert signed_in(reviewer).post(url("sample", drawn), {**typed, "words": REASON}).status_code == 302
    assert SampledCase.objects.get(complaint=drawn).finding == Finding.NOT_IN_ORDER
    page = signed_in(people["admin"]).get(reverse("complaints:samples"))
    assert [row.complaint_id for row in page.context["wrong"]] == [drawn.pk]
    assert signed_in(reviewer).get(url("sample", drawn)).status_code == 404
