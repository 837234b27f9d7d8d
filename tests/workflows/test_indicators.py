"""Figures by which agencies are judged: every case counted once, silence apart, and nothing confidential in public."""

from datetime import UTC, datetime

import pytest

from core.models import Region
from core.periods import period_from_key
from tests.workflows.factories import FILED_AT, make_complaint
from tests.workflows.splitting import give_back
from workflows.actors import SYSTEM
from workflows.models import Complaint, PublicEntry, Satisfaction
from workflows.selectors.indicators import Indicators, indicators_of
from workflows.services import closing, desk
from workflows.states import Status

YEAR = period_from_key("2026")


BANDS = [(0, 10, "none"), (4, 10, "poor"), (5, 10, "fair"), (9, 10, "fair"), (91, 100, "good"), (0, 0, "")]


@pytest.mark.parametrize(("followed_up", "received", "band"), BANDS)
def test_the_bands_of_the_yearly_evaluation(followed_up, received, band):
    """More than 90 %, 50 to 90 %, below 50 %, nothing."""
    assert Indicators(received=received, followed_up=followed_up).band == band


@pytest.mark.django_db
def test_the_parts_add_up_to_what_was_received(region, people, agency, cases):
    # One in every state, and the one that the duplicate was merged with.
    received = len(Status) + 1
    total = indicators_of(region, YEAR, public=False).total
    assert (total.received, total.unexplained) == (received, 0)
    assert (total.rejected, total.duplicates, total.referred) == (1, 1, 1)
    # Owed an answer: all but those three. Answered: followed up, and closed by the reporter.
    assert (total.judged, total.followed_up, total.by_reporter) == (received - 3, 2, 1)


@pytest.mark.django_db
def test_an_office_is_timed_by_its_own_clock(region, people, agency):
    make_complaint(Status.CLOSED)
    row = indicators_of(region, YEAR, public=False).offices[0]
    # Forwarded at 10:00, accepted at 11:00, answered at 12:00 of one working day: two of 7.5 hours.
    assert (row.agency, row.timed, row.minutes, row.met) == (agency, 1, 120, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("public", [True, False])
def test_an_office_keeps_its_reopened_case_and_not_what_it_gave_back(region, people, agency, public):
    unsolved, returned = make_complaint(Status.IN_REVIEW), make_complaint(Status.FORWARDED)
    words = {"result": "Kami menyelesaikannya sendiri.", "no_evidence_reason": "Tidak ada foto."}
    closing.close_complaint(complaint_id=unsolved.pk, actor=people["verifier"], **words)
    give_back(returned, people["officer"])
    (row,) = indicators_of(region, YEAR, public=public).offices
    assert (row.agency, row.received, row.reopened, row.closed, row.bounced) == (agency, 1, 1, 1, 1)


@pytest.mark.django_db
def test_a_silent_reporter_and_a_merge_are_no_return(region, people):
    silent, merged = make_complaint(Status.IN_PROGRESS), make_complaint(Status.IN_PROGRESS)
    for case in (silent, merged):
        desk.request_info(complaint_id=case.pk, actor=people["officer"], question="Di RT berapa letaknya?")
    desk.end_wait(complaint_id=silent.pk, actor=SYSTEM)
    desk.mark_duplicate(complaint_id=merged.pk, parent=make_complaint(), actor=people["verifier"])
    assert indicators_of(region, YEAR, public=False).total.bounced == 0


@pytest.mark.django_db
def test_the_public_reads_nothing_of_confidential_cases(region, people, website, client):
    make_complaint(Status.CLOSED, is_confidential=True)
    make_complaint(Status.CLOSED)
    assert indicators_of(region, YEAR, public=False).total.received == 2
    assert indicators_of(region, YEAR, public=True).total.received == 1

    page = client.get("/aduan/statistik/?periode=2026")
    assert page.context["report"].total.received == 1
    assert (
        client.get("/aduan/statistik/?periode=2026&bentuk=csv")
        .content.decode("utf-8-sig")
        .splitlines()[1]
        .startswith(",1,1,")
    )


@pytest.mark.django_db
def test_stars_are_public_from_five_ratings_on(region, people, agency):
    cases = [make_complaint(Status.CLOSED) for _number in range(2)]
    for cycle in (1, 2):
        for case in cases:
            Satisfaction.objects.create(
                complaint=case, cycle=cycle, agency=agency, stars=5, is_remedied="yes", was_clear="yes", at=FILED_AT
            )
    assert indicators_of(region, YEAR, public=False).total.rating == 5
    assert indicators_of(region, YEAR, public=True).total.rating is None
    Satisfaction.objects.create(
        complaint=cases[0], cycle=3, agency=agency, stars=5, is_remedied="yes", was_clear="yes", at=FILED_AT
    )
    assert indicators_of(region, YEAR, public=True).total.rating == 5


@pytest.mark.django_db
def test_a_period_ends_at_the_regions_midnight(region, people):
    # 1 January 2027, 00:30 in Bangkalan, still December in Greenwich.
    case = make_complaint()
    late = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    Complaint.objects.filter(pk=case.pk).update(received_at=late, entered_at=late)
    assert indicators_of(region, YEAR, public=False).total.received == 0
    assert indicators_of(region, period_from_key("2027Q1"), public=False).total.received == 1


@pytest.mark.django_db
def test_only_checked_entries_are_public(region, people, website, client):
    case, hidden = make_complaint(Status.CLOSED), make_complaint(Status.CLOSED, is_confidential=True)
    for one in (case, hidden):
        PublicEntry.objects.create(
            complaint=one, title=f"Umum {one.pk}", body="Isi", checked_by=people["verifier"], published_at=FILED_AT
        )
    listed = client.get("/aduan/publik/")
    assert [entry.complaint_id for entry in listed.context["entries"]] == [case.pk]
    address = f"/aduan/publik/{case.reference}/"
    assert client.get(address).status_code == 200
    # Where the region lies further east the new year has begun.
    midnight = datetime(2026, 12, 31, 16, tzinfo=UTC)
    Region.objects.filter(pk=region.pk).update(time_zone="Asia/Jayapura")
    Complaint.objects.filter(pk=case.pk).update(received_at=midnight, entered_at=midnight)
    PublicEntry.objects.filter(complaint=case).update(published_at=midnight)
    assert all("1 Januari 2027" in client.get(page).content.decode() for page in (address, "/aduan/publik/"))
    assert client.get(f"/aduan/publik/{hidden.reference}/").status_code == 404
    PublicEntry.objects.filter(complaint=case).update(withdrawn_at=FILED_AT)
    assert client.get(f"/aduan/publik/{case.reference}/").status_code == 404
