"""Tables in and out: formulas disarmed, files distrusted, preview before writing, all or nothing."""

import csv
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.exchange import formats, pending, reading
from core.exchange.imports import run_import
from core.exchange.resources import AgencyResource, ServiceResource
from core.models import Agency, AgencyName, Service
from tests.factories import AgencyFactory, DistrictFactory, RegionFactory, ServiceFactory

pytestmark = pytest.mark.portable

ATTACKS = ["=1+1", "+62 31 123", "-2+3", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")', "＝1+1", "'=1", "''=1"]
PLAIN = ["Dinas", "'quoted'", "a=b", "1-2", "", 'Soka"an', "Ja'ah"]


# --- Formats ------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ATTACKS)
def test_no_cell_of_a_csv_starts_like_a_formula(value):
    text = formats.as_csv(["name"], [[value]]).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(text, newline="")))[1][0]
    assert cell.startswith("'")


@pytest.mark.parametrize("value", ATTACKS)
def test_a_cell_of_an_xlsx_is_text_not_a_formula(value):
    book = load_workbook(io.BytesIO(formats.as_xlsx(["name"], [[value]])))
    cell = book.active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", value, True)


@given(st.text(max_size=40))
def test_guarding_is_undone_exactly(value):
    assert formats.unguard(formats.guard(value)) == value


@pytest.mark.parametrize("write", [formats.as_csv, formats.as_xlsx])
@pytest.mark.parametrize("value", [v for v in ATTACKS + PLAIN if v != "\tx"])
def test_writing_and_reading_gives_the_same_text(write, value):
    table = reading.read_table(write(["code", "name"], [["x", value]]))
    assert table.rows == [["x", value]]


# --- Reading ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_usual_encodings_are_read(encoding):
    table = reading.read_table("code,name\nx,Café – Jalan\n".encode(encoding))
    assert table.rows == [["x", "Café – Jalan"]]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_usual_delimiters_are_read(mark):
    table = reading.read_table(f"code{mark}name\nx{mark}Dinas\n".encode())
    assert (table.headers, table.rows, table.lines) == (["code", "name"], [["x", "Dinas"]], [2])


def xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_doctype():
    source = zipfile.ZipFile(io.BytesIO(xlsx([["code"], ["x"]])))
    entries = {name: source.read(name) for name in source.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    entries[sheet] = entries[sheet].replace(b"<worksheet", entity + b"<worksheet", 1)
    return zipped(entries)


REFUSED = {
    "empty": b"",
    "only blank lines": b"\n\n",
    "too large": b"x" * (reading.MAX_BYTES + 1),
    "too many rows": b"code\n" + b"x\n" * (reading.MAX_ROWS + 1),
    "too many columns": ",".join(f"c{n}" for n in range(60)).encode(),
    "a cell too long": b"code\n" + b"x" * 3000,
    "more cells than headers": b"code\nx,y\n",
    "an open quotation mark": b'code,name\nx,"open\n',
    "a picture": b"\x89PNG\r\n\x1a\n\0\0",
    "a formula": xlsx([["code", "name"], ["x", "=1+1"]]),
    "another archive": zipped({"a.txt": b"x"}),
    "a broken archive": b"PK\x03\x04 nothing",
    "a zip bomb": zipped({"xl/a.xml": b"0" * (reading.MAX_UNZIPPED_BYTES + 1)}),
    "an XML entity": with_doctype(),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_table_is_refused_with_a_reason(content):
    with pytest.raises(reading.UploadRefused) as refusal:
        reading.read_table(content)
    assert str(refusal.value)


def test_numbers_dates_and_switches_of_a_spreadsheet_become_text():
    table = reading.read_table(xlsx([["a", "b", "c", "d"], [12.0, date(2026, 3, 1), True, None]]))
    assert table.rows == [["12", "2026-03-01", "true", ""]]


# --- Importing agencies -------------------------------------------------------------------


def imported(region, text, *, dry_run=False, resource=AgencyResource, **kwargs):
    table = reading.read_table(text.encode() if isinstance(text, str) else text)
    return run_import(resource(region=region, **kwargs), table, dry_run=dry_run)


@pytest.mark.django_db
def test_the_example_file_is_read_as_it_is(region):
    for number in range(1, 19):
        DistrictFactory(region=region, code=f"35.26.{number:02}")
    report = imported(region, Path(settings.FIXTURES_ROOT, "agencies_example.csv").read_bytes())
    assert report.counts == {"new": 48, "changed": 0, "unchanged": 0, "error": 0}


@pytest.mark.django_db
def test_parents_may_come_after_their_units(region):
    report = imported(region, "code,name,parent_code\npkm,Puskesmas,dinkes\ndinkes,Dinas Kesehatan,kab\nkab,Pemkab,\n")
    assert report.ok
    unit = Agency.objects.get(code="pkm")
    assert [a.code for a in Agency.objects.all() if a.covers(unit) and a != unit] == ["dinkes", "kab"]
    assert [row.line for row in report.rows] == [2, 3, 4]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "faulty"),
    [
        ("a,A,b\nb,B,a\n", [2, 3]),
        ("a,A,nowhere\nb,B,\n", [2]),
        ("a,A,\na,A again,\n", [2, 3]),
        (",A,\nb,B,\n", [2]),
        ("a,,\n", [2]),
        ("has space,A,\n", [2]),
        (f"a,{'x' * 300},\n", [2]),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_half_imported(region, rows, faulty):
    report = imported(region, f"code,name,parent_code\n{rows}")
    assert [row.line for row in report.rows if row.state == "error"] == faulty
    assert all(row.errors for row in report.rows if row.state == "error")
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_a_preview_writes_nothing_and_shows_what_would_change(region, agency):
    text = f"code,name,short_name\n{agency.code},Dinas PUPR,{agency.short_name}\nbaru,Dinas Baru,Baru\n"
    report = imported(region, text, dry_run=True)
    assert [(row.state, row.code) for row in report.rows] == [("changed", "dpupr"), ("new", "baru")]
    (change,) = report.rows[0].changes
    assert (change.column, change.old, change.new) == ("name", "Dinas Pekerjaan Umum", "Dinas PUPR")
    assert list(Agency.objects.values_list("name", flat=True)) == ["Dinas Pekerjaan Umum"]


@pytest.mark.django_db
def test_the_same_file_twice_is_unchanged(region):
    text = "code,name,short_name,kind,parent_code\nkab,Pemkab,Pemkab,government,\nd,Dinas,D,dinas,kab\n"
    imported(region, text)
    assert imported(region, text).counts == {"new": 0, "changed": 0, "unchanged": 2, "error": 0}


@pytest.mark.django_db
def test_a_new_name_is_dated_or_a_correction(region, agency):
    imported(region, f"code,name\n{agency.code},Dinas PUPR\n", renamed_on=date(2026, 3, 1))
    assert AgencyName.objects.filter(agency=agency).count() == 2
    imported(region, f"code,name\n{agency.code},Dinas P.U.P.R.\n")
    assert AgencyName.objects.filter(agency=agency).count() == 2


@pytest.mark.django_db
def test_a_column_that_is_absent_keeps_its_values(region, agency):
    agency.kind = Agency.Kind.BOARD
    agency.save()
    imported(region, f"code,name\n{agency.code},Badan\n")
    agency.refresh_from_db()
    assert (agency.kind, agency.short_name) == (Agency.Kind.BOARD, "DPUPR")


@pytest.mark.django_db
def test_a_ring_made_of_existing_agencies_is_refused(region, agency):
    unit = AgencyFactory(parent=agency, code="upt")
    report = imported(region, f"code,name,parent_code\n{agency.code},{agency.name},{unit.code}\n")
    assert report.count("error") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["name,kind\nx,dinas\n", "code,name,code\nx,y,z\n"])
def test_wrong_columns_are_listed_beside_the_expected_ones(region, text):
    with pytest.raises(reading.UploadRefused, match="parent_code") as refusal:
        imported(region, text)
    assert "kind" in str(refusal.value)


@pytest.mark.django_db
def test_services_are_imported_by_the_code_of_their_agency(region, agency):
    text = "agency_code,code,name,audience\ndpupr,izin,Izin reklame,public\nnowhere,x,X,public\n"
    report = imported(region, text, resource=ServiceResource)
    assert [row.state for row in report.rows] == ["new", "error"]
    assert not Service.objects.exists()
    imported(region, text.replace("nowhere,x,X,public\n", ""), resource=ServiceResource)
    assert Service.objects.get().agency == agency


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exporting_and_importing_restores_everything(client, regional_admin, region, kind):
    names = [value for value in ATTACKS + PLAIN if value.strip() and value.strip() == value]
    for number, name in enumerate(names):
        top = AgencyFactory(region=region, code=f"a-{number}", name=name, short_name=name[:60], kind=Agency.Kind.BOARD)
        AgencyFactory(parent=top, code=f"b-{number}", joint_leave_observed=False, active_from=date(2020, 1, 2))
    client.force_login(regional_admin)
    content = client.get(reverse("agencies:export", args=[kind])).content
    assert imported(region, content).counts["unchanged"] == 2 * len(names)
    fields = ("code", "name", "short_name", "kind", "parent__code", "active_from", "joint_leave_observed")
    before = set(Agency.objects.values_list(*fields))
    other = RegionFactory(code="35.27", name="Sampang")
    assert imported(other, content).ok
    assert set(Agency.objects.filter(region=other).values_list(*fields)) == before


# --- The two steps in the admin -----------------------------------------------------------


def upload(client, region, text, viewset="agencies"):
    file = SimpleUploadedFile("opd.csv", text.encode() if isinstance(text, str) else text)
    return client.post(reverse(f"{viewset}:import"), {"region": region.pk, "file": file})


GOOD = "code,name\nbaru,Dinas Baru\n"


@pytest.mark.django_db
def test_upload_preview_confirm(client, regional_admin, region):
    client.force_login(regional_admin)
    preview = upload(client, region, GOOD)
    assert preview.status_code == 302
    page = client.get(preview.url)
    assert "Dinas Baru" in page.content.decode()
    assert not Agency.objects.exists()
    done = client.post(reverse("agencies:import_confirm"), {"file": page.context["token"]})
    assert done.url == reverse("agencies:index")
    assert Agency.objects.get().name == "Dinas Baru"
    assert storages["private"].listdir("imports")[1] == []


@pytest.mark.django_db
def test_an_import_confirmed_twice_is_done_once(client, regional_admin, region):
    client.force_login(regional_admin)
    token = client.get(upload(client, region, GOOD).url).context["token"]
    client.post(reverse("agencies:import_confirm"), {"file": token})
    again = client.post(reverse("agencies:import_confirm"), {"file": token})
    assert again.url == reverse("agencies:import")


@pytest.mark.django_db
def test_faulty_rows_are_shown_and_cannot_be_confirmed(client, regional_admin, region):
    client.force_login(regional_admin)
    page = client.get(upload(client, region, "code,name,kind\na,A,istana\nb,B,dinas\n").url)
    assert "istana" in page.content.decode()
    assert b'name="file"' not in page.content
    refused = client.post(reverse("agencies:import_confirm"), {"file": page.context["token"]})
    assert refused.status_code == 409
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_wrong_columns_are_told_beside_the_field(client, regional_admin, region):
    client.force_login(regional_admin)
    response = upload(client, region, "kode,nama\nx,y\n")
    assert "kode, nama" in response.context["form"].errors["file"][0]


@pytest.mark.django_db
def test_markup_in_a_file_is_shown_as_text(client, regional_admin, region):
    client.force_login(regional_admin)
    page = client.get(upload(client, region, "code,name,kind\nx,<script>alert(1)</script>,<b>\n").url)
    assert "<script>alert(1)" not in page.content.decode()


@pytest.mark.django_db
def test_somebody_elses_file_cannot_be_confirmed(client, regional_admin, region):
    from core.permissions import Role  # noqa: PLC0415
    from tests.factories import StaffFactory  # noqa: PLC0415

    client.force_login(regional_admin)
    url = upload(client, region, GOOD).url
    token = client.get(url).context["token"]
    client.force_login(StaffFactory(grants=[(Role.REGIONAL_ADMIN, region)]))
    assert client.get(url).status_code == 302
    client.post(reverse("agencies:import_confirm"), {"file": token})
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_a_file_for_agencies_cannot_be_confirmed_as_services(client, regional_admin, region):
    client.force_login(regional_admin)
    token = client.get(upload(client, region, GOOD).url).context["token"]
    response = client.post(reverse("services:import_confirm"), {"file": token})
    assert response.url == reverse("services:import")


@pytest.mark.django_db
# The last one carries the time of signing, so it needs a name that both workers agree on.
@pytest.mark.parametrize(
    "token",
    ["", "x", "a:b:c", signing.dumps({"name": "imports/x"}, salt=pending.SALT)],
    ids=["empty", "word", "shape", "incomplete"],
)
def test_a_forged_token_asks_for_the_file_again(client, regional_admin, token):
    client.force_login(regional_admin)
    assert client.get(reverse("agencies:import_confirm"), {"file": token}).url == reverse("agencies:import")


@pytest.mark.django_db
def test_losing_the_role_between_the_steps_stops_the_import(client, regional_admin, region):
    client.force_login(regional_admin)
    token = client.get(upload(client, region, GOOD).url).context["token"]
    regional_admin.role_assignments.all().delete()
    client.post(reverse("agencies:import_confirm"), {"file": token})
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_another_region_cannot_be_chosen(client, regional_admin, region):
    client.force_login(regional_admin)
    response = upload(client, RegionFactory(code="35.27", name="Sampang"), GOOD)
    assert "region" in response.context["form"].errors


@pytest.mark.django_db
def test_an_import_touches_no_agency_of_the_same_code_elsewhere(region):
    far = AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"), code="baru", name="Lama")
    imported(region, GOOD)
    far.refresh_from_db()
    assert far.name == "Lama"


@pytest.mark.django_db
def test_files_nobody_confirmed_are_swept(client, regional_admin, region):
    client.force_login(regional_admin)
    url = upload(client, region, GOOD).url
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        pending.sweep(timezone.now())
        assert storages["private"].listdir("imports")[1] == []
        client.force_login(regional_admin)
        assert client.get(url).url == reverse("agencies:import")


@pytest.mark.django_db
def test_the_kept_file_is_readable_by_the_server_alone(client, regional_admin, region):
    client.force_login(regional_admin)
    upload(client, region, GOOD)
    (name,) = storages["private"].listdir("imports")[1]
    assert Path(storages["private"].path(f"imports/{name}")).stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_exported_services_read_back(client, regional_admin, agency, region):
    ServiceFactory(agency=agency, code="a", name="=cmd|' /C calc'!A0")
    client.force_login(regional_admin)
    content = client.get(reverse("services:export", args=["xlsx"])).content
    assert imported(region, content, resource=ServiceResource).counts["unchanged"] == 1
