"""SP4N-LAPOR!: what goes out, what comes in, and that nothing happens twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from core.exchange.formats import as_csv, unguard
from core.exchange.reading import UploadRefused, read_table
from core.models import Notification
from tests.workflows.factories import make_complaint
from workflows.models import BridgeDay, ClockCycle, Complaint, ExternalReport, Reporter, RetentionRule
from workflows.selectors.bridge import export_headers, export_rows, reconciliation_of
from workflows.services.bridge import Fate, enter_tracking, import_reports, plan_import, reconcile
from workflows.services.erasure import erase_due
from workflows.sp4n import Sp4nStatus, columns_of, read_row
from workflows.states import Action, Channel, ClosedBy, Share, Status

HEADERS = ("Tracking ID", "Nomor lokal", "Tanggal laporan", "Klasifikasi", "Judul laporan", "Status", "Tanggal selesai")
NOW = datetime(2026, 5, 8, 3, 0, tzinfo=UTC)
OPEN_ROW = ("#7654321", "", "05/05/2026", "Pengaduan", "Lampu jalan padam", "Belum terverifikasi", "")
OLD_ROW = ("1234567", "", "2025-03-03", "Aspirasi", "Tambah loket", "Selesai otomatis dalam 10 hari", "2025-03-20")


def file_of(*rows, headers=HEADERS):
    content = as_csv(headers, rows)
    return content, read_table(content)


def take_over(region, actor, *rows):
    content, table = file_of(*rows)
    return import_reports(region=region, table=table, content=content, actor=actor, now=NOW)


# --- Reading a row -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Terdisposisi ke Dinas Perhubungan", Sp4nStatus.UNANSWERED),
        ("Ditindaklanjuti oleh Instansi", Sp4nStatus.IN_PROGRESS),
        ("SELESAI", Sp4nStatus.FINISHED),
        ("Diarsipkan", Sp4nStatus.ARCHIVED),
    ],
)
def test_the_words_of_the_national_site_are_understood(words, status):
    headers = [name.lower() for name in HEADERS]
    row, problems = read_row(["#123456", "", "5-5-2026", "", "Judul", words, ""], columns_of(headers))
    assert (row.status, row.received_on, problems) == (status, date(2026, 5, 5), [])


@pytest.mark.parametrize(
    ("place", "value"), [(0, "abc"), (2, "31/02/2026"), (3, "keluhan"), (4, ""), (5, "dihapus"), (6, "01/01/2020")]
)
def test_a_faulty_cell_is_named(place, value):
    cells = list(OPEN_ROW)
    cells[place] = value
    row, problems = read_row(cells, columns_of([name.lower() for name in HEADERS]))
    assert row is None
    assert len(problems) == 1


def test_a_file_without_the_needed_columns_is_refused(region):
    _content, table = file_of(("1", "2"), headers=("Judul", "Isi"))
    with pytest.raises(UploadRefused):
        plan_import(region=region, table=table)


# --- Taking over ---------------------------------------------------------------------------


def test_an_open_report_becomes_a_case_received_when_it_was_received_there(region, people):
    take_over(region, people["verifier"], OPEN_ROW)

    case = Complaint.objects.get()
    assert (case.status, case.channel, case.sp4n_tracking) == (Status.RECEIVED, Channel.SP4N, "7654321")
    assert case.received_at.astimezone(region.zone).date() == date(2026, 5, 5)
    assert case.due_at is not None


def test_closed_history_has_no_clock_and_no_message(region, people):
    take_over(region, people["verifier"], OLD_ROW)

    case = Complaint.objects.get()
    assert (case.status, case.closed_by) == (Status.CLOSED, ClosedBy.EXTERNAL)
    assert ExternalReport.objects.get().is_history
    assert [event.action for event in case.events.all()] == [Action.IMPORTED]
    assert not ClockCycle.objects.exists()
    assert (Notification.objects.count(), len(mail.outbox)) == (0, 0)


def test_history_is_erased_like_any_case_and_stops_nobody_elses_erasure(region, people):
    take_over(region, people["verifier"], OLD_ROW)
    # As an earlier version left it.
    Reporter.objects.all().delete()
    later = make_complaint(Status.REJECTED)
    RetentionRule.objects.create(region=region, days=30)

    assert erase_due(timezone.now() + timedelta(days=40)) == 2
    later.refresh_from_db()
    assert later.body == ""


def test_the_same_file_twice_changes_nothing(region, people):
    first = take_over(region, people["verifier"], OPEN_ROW, OLD_ROW)
    before = list(Complaint.objects.order_by("pk").values())
    second = take_over(region, people["verifier"], OPEN_ROW, OLD_ROW)

    assert (first.counts[Fate.OPENED], first.counts[Fate.HISTORY]) == (1, 1)
    assert second.counts[Fate.UNCHANGED] == 2
    assert list(Complaint.objects.order_by("pk").values()) == before


def test_one_faulty_row_keeps_the_whole_file_out(region, people):
    plan = take_over(region, people["verifier"], OPEN_ROW, ("#1", *OLD_ROW[1:]))
    assert not plan.ok
    assert not Complaint.objects.exists()


def test_a_number_that_stands_twice_is_faulty(region, people):
    assert take_over(region, people["verifier"], OPEN_ROW, OPEN_ROW).counts[Fate.FAULTY] == 1


def test_a_case_is_recognised_by_its_local_number_and_another_status_is_listed(region, people):
    case = make_complaint(Status.IN_PROGRESS)
    same = ("#5555555", case.reference, "2026-05-04", "", case.title, "Proses", "")
    assert take_over(region, people["verifier"], same).counts[Fate.MATCHED] == 1
    case.refresh_from_db()
    assert case.sp4n_tracking == "5555555"

    ended = (*same[:5], "Selesai", "2026-05-07")
    assert take_over(region, people["verifier"], ended).counts[Fate.CONFLICT] == 1
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    assert reconciliation_of(region).differing == 1


def test_a_local_number_of_another_region_is_faulty(region, people, far_case):
    row = ("#5555555", far_case.reference, "2026-05-04", "", "Judul", "Proses", "")
    assert take_over(region, people["verifier"], row).counts[Fate.FAULTY] == 1


# --- Sending -------------------------------------------------------------------------------


def exported(region, user):
    rows = export_rows(user=user, region=region, start=date(2026, 5, 1), end=date(2026, 6, 1), only_new=True)
    return [dict(zip(export_headers(), row, strict=True)) for row in rows]


def test_what_goes_out_comes_back_as_the_same_case(region, people):
    case = make_complaint(Status.VERIFIED, title="=1+1 jalan rusak")
    sent = exported(region, people["verifier"])
    table = read_table(as_csv(export_headers(), [list({**sent[0], "nomor sp4n": "#998877"}.values())]))
    plan = plan_import(region=region, table=table)

    assert unguard(sent[0]["judul"]) == case.title
    assert [(row.fate, row.complaint.pk) for row in plan.rows] == [(Fate.MATCHED, case.pk)]


def test_confidential_cases_and_names_stay_here(region, people):
    make_complaint(is_confidential=True, title="Rahasia sekali")
    make_complaint(title="Boleh dikirim", is_anonymous=True)
    assert [row["judul"] for row in exported(region, people["verifier"])] == ["Boleh dikirim"]


def test_a_number_belongs_to_one_case(region, people):
    first, second = make_complaint(), make_complaint()
    enter_tracking(complaint_id=first.pk, actor=people["verifier"], tracking="4444444", on=date(2026, 5, 8))
    with pytest.raises(ValueError):
        enter_tracking(complaint_id=second.pk, actor=people["verifier"], tracking="4444444", on=date(2026, 5, 8))


def test_the_totals_of_a_day_are_written_once(region, people):
    make_complaint()
    # Also where only the desk sends, and nothing was ever read in.
    assert reconcile(NOW) == 1
    assert BridgeDay.objects.get().totals["not_entered"] == 1
    take_over(region, people["verifier"], OLD_ROW)
    assert (reconcile(NOW), reconcile(NOW)) == (1, 1)
    day = BridgeDay.objects.get()
    assert (day.totals["not_entered"], day.totals["theirs"]["selesai"], day.totals["ours"]["selesai"]) == (1, 1, 1)


# --- Screens -------------------------------------------------------------------------------


@pytest.mark.portable
def test_the_desk_reads_a_file_after_looking_at_it(client, verifier, region, people, website):
    client.force_login(verifier)
    upload = {"file": ContentFile(file_of(OPEN_ROW)[0], name="sp4n.csv")}
    looked = client.post(reverse("complaints:sp4n_import"), upload, follow=True)
    assert not Complaint.objects.exists()

    client.post(reverse("complaints:sp4n_check"), {"file": looked.context["token"]})
    assert Complaint.objects.get().sp4n_tracking == "7654321"
    page = client.get(reverse("complaints:sp4n"))
    assert page.context["result"].ours == 1


@pytest.mark.portable
@pytest.mark.parametrize("name", ["officer", "agency_head", "auditor", "editor"])
def test_nobody_but_the_desk_exchanges_anything(client, request, people, name):
    client.force_login(
        request.getfixturevalue(name) if name in {"editor", "auditor"} else people[name.replace("agency_", "")]
    )
    for address in ("sp4n", "sp4n_import", "sp4n_check"):
        assert client.get(reverse(f"complaints:{address}")).status_code == 302


def test_a_part_of_a_split_case_is_no_report(region, split):
    part = Complaint.objects.filter(share=Share.PART).first()
    row = ("#7654321", part.reference, "05/05/2026", "Pengaduan", "Lampu jalan padam", "Proses", "")
    (planned,) = plan_import(region=region, table=file_of(row)[1]).rows
    assert (planned.fate, planned.complaint) == (Fate.FAULTY, None)
