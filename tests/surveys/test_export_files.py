"""The files an export writes: what is in them, what a spreadsheet makes of them, what they say of missing answers."""

import csv
import io
import json
from datetime import date
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from core.exchange.formats import unguard
from surveys.exporting.codebook import codebook, codebook_rows
from surveys.exporting.parquet import ParquetWriter, Type
from surveys.exporting.writers import csv_pieces, jsonl_pieces, write_parquet, write_xlsx
from surveys.exporting.xlsx import XlsxWriter
from surveys.selectors.exports import Selection, export_layout, export_rows
from surveys.services.versions import define, publish_version
from tests.factories import UserFactory
from tests.surveys.factories import COMMENT, NOON, SurveyFactory, answer, make_point
from tests.surveys.parquet_reader import read_parquet

pytestmark = pytest.mark.django_db
OLD, NEW = "0b0c1d2e-0000-4000-8000-000000000001", "1b0c1d2e-0000-4000-8000-000000000002"
# What a spreadsheet would run, what only looks like it, and what XML cannot hold.
NASTY = ["=HYPERLINK(1)", "+62 811", "-1", "@x", "\t=1", "＝1+1", "'=1", "a\x0bb", "<b>&\"'", "biasa", "baris\nbaru"]


def question(identifier, code, label, kind="text", **extra):
    return {"id": identifier, "code": code, "type": kind, "required": False, "label": {"id": label}, **extra}


def republish(survey, questions):
    definition = define(instrument_version=survey.instrument_version, questions=questions, comment=COMMENT)
    publish_version(survey=survey, definition=definition, now=NOON)
    survey.refresh_from_db()


@pytest.fixture
def survey(db):
    """A survey that retired one question and asked another under the same code; one answer before, one after."""
    survey = SurveyFactory(questions=[question(OLD, "p1", "Dulu")])
    answer(survey, 3, biaya=4, point=make_point(survey), extra={f"q_{OLD}": ["lama"], "comment": ["=1+1"]})
    choices = [{"code": "a", "label": {"id": "Apa"}}, {"code": "b", "label": {"id": "Bila"}}]
    republish(survey, [question(NEW, "p1", "Kini", "multiple", choices=choices)])
    answer(survey, 2, extra={f"q_{NEW}": ["a", "b"], "p_sex": ["female"]})
    return survey


def exported(survey, **chosen):
    layout = export_layout(survey)
    rows = export_rows(layout, Selection(survey, **chosen).answers(UserFactory(is_superuser=True)))
    return layout, rows


def as_csv(survey):
    layout, rows = exported(survey)
    text = b"".join(csv_pieces(layout.columns, rows)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_keeps_retired_questions_and_tells_not_asked_from_not_answered(survey):
    before, after = as_csv(survey)
    old, new = f"q_p1_{OLD[:8]}", f"q_p1_{NEW[:8]}"
    assert (before[old], before[new], before["p_sex"]) == ("lama", "not_asked", "")
    assert (after[old], after[new], after["p_sex"]) == ("not_asked", "a|b", "female")
    assert (before["e_biaya"], after["e_biaya"], before["version"], after["version"]) == ("4", "2", "1.0", "2.0")
    assert (before["day"], before["submitted_at"]) == ("2024-05-06", "2024-05-06T12:00:00+07:00")
    assert before["service_point"].endswith(" Loket 1")


def test_nothing_that_names_a_person_or_a_form_is_exported(survey):
    headings = set(as_csv(survey)[0])
    assert not headings & {"key", "receipt", "payload_hash", "import_key", "address"}


def test_a_selection_narrows_by_day_channel_and_point(survey):
    point = survey.service_points.get()
    for chosen, expected in [
        ({"point_id": point.pk}, 1),
        ({"channel": "kiosk"}, 0),
        ({"first": date(2024, 5, 6), "last": date(2024, 5, 6)}, 2),
        ({"last": date(2024, 5, 5)}, 0),
    ]:
        assert len(list(exported(survey, **chosen)[1])) == expected


@pytest.mark.parametrize("text", NASTY)
def test_no_spreadsheet_runs_a_comment_and_the_original_can_be_had_back(text):
    survey = SurveyFactory()
    stored = answer(survey, extra={"comment": [text]}).comment
    cell = as_csv(survey)[0]["comment"]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "＝"))
    assert unguard(cell) == stored

    file = io.BytesIO()
    write_xlsx(file, *exported(survey))
    sheet = load_workbook(file)["answers"]
    found = dict(zip(*[[c.value for c in row] for row in sheet.iter_rows(max_row=2)], strict=True))
    assert unguard(found["comment"]) == stored

    layout, rows = exported(survey)
    (line,) = b"".join(jsonl_pieces(layout.columns, rows)).decode().splitlines()
    assert json.loads(line)["comment"] == stored


def test_json_lines_leaves_out_what_was_not_asked(survey):
    layout, rows = exported(survey)
    before, after = (json.loads(line) for line in b"".join(jsonl_pieces(layout.columns, rows)).decode().splitlines())
    assert f"q_p1_{NEW[:8]}" not in before
    assert (after[f"q_p1_{NEW[:8]}"], after["is_complete"], before["p_sex"]) == (["a", "b"], True, None)


def test_xlsx_has_numbers_as_numbers_and_the_codebook_beside_them(survey):
    file = io.BytesIO()
    write_xlsx(file, *exported(survey))
    book = load_workbook(file)
    headings, before, _ = ([cell.value for cell in row] for row in book["answers"].iter_rows())
    row = dict(zip(headings, before, strict=True))
    assert (row["e_biaya"], row["p_sex"], row["comment"]) == (4, None, "'=1+1")
    columns = [row[0].value for row in book["codebook"].iter_rows(min_row=2)]
    assert columns[: len(headings)] == headings


def test_parquet_is_typed_and_names_what_was_not_asked(survey):
    file = io.BytesIO()
    write_parquet(file, *exported(survey))
    table, metadata = read_parquet(file.getvalue())
    assert table["e_biaya"] == [4, 2]
    assert table["day"] == [(date(2024, 5, 6) - date(1970, 1, 1)).days] * 2
    assert table["submitted_at"] == [int(NOON.timestamp()) * 1_000_000] * 2
    assert table["comment"] == ["=1+1", None]
    assert table[f"q_p1_{NEW[:8]}"] == [None, '["a", "b"]']
    assert table["not_asked"][0].split()[-1] == f"q_p1_{NEW[:8]}"
    assert table["is_complete"] == [True, True]
    assert json.loads(metadata["codebook"])[0]["column"] == "answer_id"


def test_the_codebook_says_where_a_retired_question_came_from(survey):
    entries = {entry["column"]: entry for entry in codebook(export_layout(survey))}
    old, new = entries[f"q_p1_{OLD[:8]}"], entries[f"q_p1_{NEW[:8]}"]
    assert (old["id"], old["retired"], old["first_version"], old["last_version"]) == (OLD, True, "1.0", "1.0")
    assert (new["retired"], list(new["choices"])) == (False, ["a", "b"])
    assert entries["e_biaya"]["texts"]
    assert any("not_asked" in row[0] for row in codebook_rows(export_layout(survey)))


def test_every_answer_is_in_every_format_once(django_assert_max_num_queries):
    survey = SurveyFactory()
    for value in (1, 2, 3, 4, 4):
        answer(survey, value, key=uuid4())
    with django_assert_max_num_queries(12):
        layout, rows = exported(survey)
        values = [row[layout.columns.index(next(c for c in layout.columns if c.name == "e_waktu"))] for row in rows]
    assert sorted(values) == [1, 2, 3, 4, 4]


def test_a_long_table_goes_on_in_the_next_sheet(monkeypatch):
    monkeypatch.setattr("surveys.exporting.xlsx.SHEET_ROWS", 3)
    file = io.BytesIO()
    with XlsxWriter(file) as book:
        book.sheet("answers", ["n"], ([n] for n in range(5)))
    sheets = load_workbook(file).worksheets
    assert [[row[0].value for row in sheet.iter_rows()] for sheet in sheets] == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


def test_parquet_cells_come_back_whatever_is_missing():
    columns = {
        "text": (Type.TEXT, ["a", None, "é\n", ""] * 5),
        "whole": (Type.INTEGER, [None, -5, 0, 2**31 - 1] * 5),
        "flag": (Type.BOOLEAN, [True, False, None, True] * 5),
        "none": (Type.TEXT, [None] * 20),
        "moment": (Type.MOMENT, [1_714_971_600_000_000] * 20),
    }
    file = io.BytesIO()
    writer = ParquetWriter(file, [(name, kind) for name, (kind, _) in columns.items()], {"k": "v"})
    writer.write([values for _, values in columns.values()])
    writer.write([values[:3] for _, values in columns.values()])
    writer.close()
    table, metadata = read_parquet(file.getvalue())
    assert table == {name: values + values[:3] for name, (_, values) in columns.items()}
    assert metadata == {"k": "v"}
