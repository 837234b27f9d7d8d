"""Files of forms: what is read, what is refused, and that nothing is imported twice."""

import contextlib
import io
import json
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.models import Service
from surveys import sheets
from surveys.importing import read_day, read_score
from surveys.models import Response
from surveys.sheets import Trouble, UnreadableFile, read_sheet
from tests.factories import AgencyFactory, ServiceFactory
from tests.surveys.factories import ELEMENTS_2017, SurveyFactory

OFFICE = Path(settings.FIXTURES_ROOT) / "skm_office_2018_2023.csv"
HEADER = ["row", "submitted_on", "service_code", "service_name", *ELEMENTS_2017]


def line(number=1, on="2024-03-05", code="ktp", name="KTP-el", **changes):
    given = dict.fromkeys(ELEMENTS_2017, "3") | changes
    return [str(number), on, code, name, *given.values()]


def as_csv(rows, delimiter=","):
    return "".join(delimiter.join(row) + "\n" for row in rows)


# --- Reading tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_usual_encodings_and_delimiters_are_recognised(encoding, delimiter):
    sheet = read_sheet(as_csv([["nama", "nilai"], ["Kafé Ñ", "3"]], delimiter).encode(encoding))
    assert sheet.headers == ("nama", "nilai")
    assert sheet.rows[0].cells == ("Kafé Ñ", "3")


def test_quoted_cells_may_hold_delimiters_and_line_breaks():
    sheet = read_sheet(b'nama,nilai\n"Dinas A, B\ndan C",3\n\n')
    assert [(row.line, row.cells) for row in sheet.rows] == [(3, ("Dinas A, B\ndan C", "3"))]


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_gives_the_same_text_as_a_csv():
    sheet = read_sheet(workbook([["tanggal", "nilai", None], [date(2024, 3, 5), 3.0], [None, None], ["x", "=1+1"]]))
    assert sheet.headers == ("tanggal", "nilai")
    assert [row.cells for row in sheet.rows] == [("2024-03-05", "3"), ("x",)]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.EMPTY),
        (b"\n\n ,,\n", Trouble.EMPTY),
        (b"\x89PNG\r\n\x00\x01", Trouble.NOT_A_TABLE),
        (b"PK\x03\x04 not really a zip", Trouble.BROKEN),
        ("nama\nKafé\n".encode() + b"Caf\xe9\n", Trouble.MIXED_ENCODINGS),
        (b"nama\n\x81\x8d\n", Trouble.UNKNOWN_ENCODING),
        (b'nama\n"tidak ditutup\n', Trouble.BROKEN),
        (b"a," * 300 + b"a\n", Trouble.NOT_A_TABLE),
        (b"a,b\n" + b"x" * 10_001 + b",1\n", Trouble.NOT_A_TABLE),
    ],
)
def test_an_unreadable_file_says_what_is_wrong(content, trouble):
    with pytest.raises(UnreadableFile) as caught:
        read_sheet(content)
    assert caught.value.trouble is trouble


def test_a_lone_cell_far_down_does_not_make_a_million_rows(monkeypatch):
    monkeypatch.setattr(sheets, "_LAST_LINE", 1000)
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "nama", "3"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(UnreadableFile, match="too_many_rows"):
        read_sheet(out.getvalue())


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=30))
def test_a_damaged_workbook_is_read_or_refused_never_an_error(place, noise):
    content = workbook([["nama", "nilai"], ["x", 3]])
    with contextlib.suppress(UnreadableFile):
        read_sheet(content[:place] + noise + content[place + len(noise) :])


def test_empty_columns_on_the_right_are_no_columns():
    sheet = read_sheet(b"nama;nilai;;\nx;3;;\n")
    assert (sheet.headers, sheet.rows[0].cells) == (("nama", "nilai"), ("x", "3"))


def test_limits_hold_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, "MAXIMUM_UNPACKED", 1000)
    with pytest.raises(UnreadableFile, match="too_large"):
        read_sheet(workbook([["a"] * 50] * 50))
    monkeypatch.setattr(sheets, "MAXIMUM_ROWS", 3)
    with pytest.raises(UnreadableFile, match="too_many_rows"):
        read_sheet(b"a\n1\n2\n3\n4\n")
    monkeypatch.setattr(sheets, "MAXIMUM_BYTES", 3)
    with pytest.raises(UnreadableFile, match="too_large"):
        read_sheet(b"a\n1\n")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_never_an_error(content):
    with contextlib.suppress(UnreadableFile):
        read_sheet(content)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        *[("1", 1), ("4", 4), ("3.0", 3), ("3,0", 3), ("3.00", 3)],
        *[(text, None) for text in ("0", "5", "3.5", "x", "", "-3", "1e0", "³", "٣", "3 4")],
    ],
)
def test_a_score_is_a_whole_number_of_the_scale(text, score):
    assert read_score(text, (1, 4)) == score


@pytest.mark.parametrize("text", ["2024-03-05", "05/03/2024", "5-3-2024", "05.03.2024", "2024-03-05 08:15:00"])
def test_days_are_read_day_first_or_iso(text):
    assert read_day(text) == date(2024, 3, 5)


def test_a_day_that_does_not_exist_is_no_day():
    assert read_day("31/02/2024") is None
    assert read_day("03/25/2024") is None
    assert read_day("25 March 24", "%d %B %y") == date(2024, 3, 25)


# --- Importing ----------------------------------------------------------------------------------


@pytest.fixture
def survey(db):
    return SurveyFactory(slug="izin", agency=AgencyFactory(code="DPMPTSP"))


@pytest.fixture
def load(tmp_path, capsys, survey):
    """Run the command over these rows (or bytes); returns what it printed."""

    def run(content, *arguments, **options):
        path = tmp_path / "isi.csv"
        path.write_bytes(as_csv(content).encode() if isinstance(content, list) else content)
        capsys.readouterr()
        with time_machine.travel("2024-06-01T05:00Z", tick=False):
            call_command("import_responses", str(path), *arguments, survey=options.pop("survey", "izin"), **options)
        return capsys.readouterr().out

    return run


def test_a_file_becomes_answers_and_missing_services(load, survey):
    load([HEADER, line(1, sarana="1"), line(2, on="06/03/2024", code="", name="Akta Lahir")])
    first, second = Response.objects.order_by("period_on")
    assert (first.score_8, first.score_9, first.period_on, first.service.name) == (1, 3, date(2024, 3, 5), "KTP-el")
    assert (first.channel, first.is_complete, first.version) == ("import", True, survey.current_version)
    assert (second.service.code, second.service.name) == ("akta-lahir", "Akta Lahir")
    assert first.submitted_at.astimezone(first.region.zone).hour == 12
    assert set(survey.agency.services.values_list("code", flat=True)) == {"ktp", "akta-lahir"}


def test_known_services_are_found_by_code_or_name(load, survey):
    ServiceFactory(agency=survey.agency, code="ktp", name="KTP elektronik")
    load([HEADER, line(1), line(2, code="", name="ktp ELEKTRONIK")])
    assert Service.objects.count() == 1


def test_the_same_file_again_imports_nothing(load):
    rows = [HEADER, line(1), line(2)]
    load(rows)
    assert "line 2" in load(rows) or "baris 2" in load(rows)
    assert Response.objects.count() == 2


def test_a_longer_file_adds_only_its_new_rows(load):
    load([HEADER, line(1), line(2)])
    load([HEADER, line(1), line(2), line(3)])
    assert Response.objects.count() == 3


def test_equal_forms_of_different_people_all_count_with_and_without_row_numbers(load):
    load([HEADER, line(1), line(2), line(3)])
    assert Response.objects.count() == 3
    unnumbered = [row[1:] for row in ([HEADER, line(code="b"), line(code="b")])]
    load(unnumbered)
    assert Response.objects.count() == 5
    load(unnumbered)
    assert Response.objects.count() == 5


def test_a_row_repeated_within_the_file_is_a_duplicate(load):
    load([HEADER, line(1), line(1)])
    assert Response.objects.count() == 1


def test_every_row_of_the_office_file_counts_though_most_equal_an_earlier_one(db, capsys):
    SurveyFactory(slug="kantor", instrument="skm-2014")
    call_command("import_responses", str(OFFICE), survey="kantor")
    call_command("import_responses", str(OFFICE), survey="kantor")
    assert Response.objects.count() == 2008
    assert Service.objects.count() == 28


BAD = {
    "score five": line(2, waktu="5"),
    "letter": line(2, waktu="x"),
    "empty": line(2, waktu=""),
    "no day": line(2, on=""),
    "no date": line(2, on="kemarin"),
    "future": line(2, on="2024-06-02"),
    "before the first decree": line(2, on="2003-12-31"),
    "too many cells": [*line(2), "9"],
    "too few cells": line(2)[:-1],
    "long name": line(2, code="", name="n" * 201),
}


@pytest.mark.parametrize("row", BAD.values(), ids=BAD)
def test_one_bad_row_stops_the_whole_file(load, row, capsys):
    with pytest.raises(CommandError) as caught:
        load([HEADER, line(1), row, line(3)])
    assert caught.value.returncode == 1
    assert not Response.objects.exists()
    assert not Service.objects.exists()
    assert "3, " in capsys.readouterr().out


@pytest.mark.parametrize("row", BAD.values(), ids=BAD)
def test_the_good_rows_are_written_when_asked(load, row):
    with pytest.raises(CommandError) as caught:
        load([HEADER, line(1), row, line(3)], skip_invalid=True)
    assert caught.value.returncode == 2
    assert Response.objects.count() == 2


def test_open_elements_are_stored_as_incomplete_when_asked(load):
    load([HEADER, line(1, waktu=""), line(2)], allow_incomplete=True)
    assert Response.objects.filter(is_complete=False, score_3=None).count() == 1
    with pytest.raises(CommandError):
        load([HEADER, line(3, **dict.fromkeys(ELEMENTS_2017, ""))], allow_incomplete=True)


def test_a_dry_run_reports_and_writes_nothing(load):
    out = load([HEADER, line(1)], dry_run=True)
    assert "ktp: KTP-el" in out
    assert not Response.objects.exists()
    assert not Service.objects.exists()


def test_another_instruments_file_is_refused_with_what_was_expected(load):
    header = ["maklumat" if name == "sarana" else name for name in HEADER]
    with pytest.raises(CommandError) as caught:
        load([header, line(1)])
    message = str(caught.value)
    assert "skm-2017" in message
    assert "sarana" in message.rsplit("\n", maxsplit=1)[-1]
    assert "maklumat" in message


def test_a_column_given_twice_is_refused(load):
    with pytest.raises(CommandError, match="waktu"):
        load([[*HEADER, "Waktu"], [*line(1), "4"]])


def test_a_map_translates_headers_and_fills_missing_columns(load, tmp_path):
    path = tmp_path / "map.json"
    columns = {code: f"U{number}" for number, code in enumerate(ELEMENTS_2017, start=1)}
    path.write_text(json.dumps({"columns": columns, "defaults": {"submitted_on": "2024-02-01", "service_code": "sim"}}))
    out = load([[*columns.values(), "Nama"], ["4"] * 9 + ["Siti"]], map=path)
    stored = Response.objects.get()
    assert (stored.score_1, stored.period_on, stored.service.code) == (4, date(2024, 2, 1), "sim")
    assert "Nama" in out
    assert "Siti" not in out


@pytest.mark.parametrize(
    "content", ["[", "[]", '{"columns": ["waktu"]}', '{"columns": {"waktu": 3}}', '{"date_format": 1}']
)
def test_a_broken_map_is_refused(load, tmp_path, content):
    path = tmp_path / "map.json"
    path.write_text(content)
    with pytest.raises(CommandError):
        load([HEADER, line(1)], map=path)


def test_a_file_without_days_needs_one(load):
    rows = [HEADER[4:], line(1)[4:]]
    with pytest.raises(CommandError):
        load(rows)
    load(rows, date=date(2024, 1, 31))
    assert Response.objects.get().period_on == date(2024, 1, 31)


def test_a_survey_of_one_service_refuses_forms_about_another(load, survey):
    own = ServiceFactory(agency=survey.agency, code="ktp", name="KTP-el")
    type(survey).objects.filter(pk=survey.pk).update(service=own)
    with pytest.raises(CommandError):
        load([HEADER, line(1), line(2, code="sim")])
    load([HEADER, line(1), line(2, code="", name="")])
    assert set(Response.objects.values_list("service", flat=True)) == {own.pk}


def test_unknown_surveys_and_files_are_named(load):
    with pytest.raises(CommandError, match="izin"):
        load([HEADER], survey="tidak-ada")
    with pytest.raises(CommandError):
        call_command("import_responses", "/tidak/ada.csv", survey="izin")


def test_a_survey_never_published_has_nothing_to_import_under(load, survey):
    type(survey).objects.filter(pk=survey.pk).update(current_version=None)
    with pytest.raises(CommandError):
        load([HEADER, line(1)])


def test_an_import_costs_few_queries_whatever_its_length(load, django_assert_max_num_queries):
    rows = [HEADER, *(line(number) for number in range(200))]
    # Twenty to import, the rest to move the answers into the tallies.
    with django_assert_max_num_queries(75):
        load(rows)
