"""Why this date? The same days and documents for staff and for the citizen, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.screens import url
from workflows.models import ClockCycle
from workflows.services.extensions import extend_deadline
from workflows.states import Status

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture
def now(website):
    with time_machine.travel(FILED_AT + timedelta(days=1), tick=False):
        yield


def grant(client, complaint):
    session = client.session
    session["complaint_grant"] = {"id": complaint.pk, "until": (FILED_AT + timedelta(days=400)).timestamp()}
    session.save()


def test_a_citizen_reads_every_day_with_its_source(client, now, people):
    case = make_complaint(Status.FORWARDED)
    page = reverse("workflows:why_this_date")
    assert client.get(page).url == reverse("workflows:track")
    grant(client, case)
    response = client.get(page)
    (clock, days, _warnings, is_kept), *rest = response.context["clocks"]
    assert (clock.kind, len(days), is_kept, rest) == ("total", 23, False, [])
    content = response.content.decode()
    # 14 and 15 May are off: the day and the decree behind it.
    assert "1497/2025" in content
    assert response["Cache-Control"] == "no-store, private"


def test_staff_see_both_dates_where_a_promise_was_kept(client, now, people):
    case = make_complaint(Status.IN_PROGRESS)
    earlier = datetime(2026, 5, 25, 9, tzinfo=UTC)
    ClockCycle.objects.filter(complaint=case, kind="total").update(counted_due_at=earlier)
    extend_deadline(
        complaint_id=case.pk, actor=people["head"], days=2, reason="Menunggu alat berat.", appeal_contact="0811-1234"
    )
    client.force_login(people["officer"])
    clocks = {told.clock.kind: told for told in client.get(url("deadline", case)).context["clocks"]}
    assert set(clocks) == {"verify", "respond", "total", "leg"}
    assert clocks["total"].clock.extension_days == 2
    assert clocks["total"].days[-1].number == 16


def test_the_head_extends_on_the_case_page(client, now, people):
    case = make_complaint(Status.IN_PROGRESS)
    client.force_login(people["head"])
    typed = {"extend-days": 3, "extend-reason": "Menunggu alat berat.", "extend-appeal_contact": "Kominfo 0811-1234"}
    assert client.post(url("move", case, "extend"), {"version": case.version, **typed}).status_code == 302
    assert case.events.last().action == "extended"
