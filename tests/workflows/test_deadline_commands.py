"""explain_deadline and check_sla, as other programs call them."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.factories import AgencyFactory, RegionFactory
from workflows.models import CalendarDay, CalendarLayer
from workflows.services.calendars import record_revision

pytestmark = pytest.mark.portable

CASES = Path(__file__).parents[1] / "data" / "sla_cases.json"


def run(command, *args):
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def explained(*args):
    return json.loads(run("explain_deadline", *args, "--format", "json"))


def refused(*args):
    """The exit message and what was printed."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("explain_deadline", *args, stdout=out)
    return str(caught.value), out.getvalue()


# --- explain_deadline -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known_on", "due"),
    [
        ("2023-03-28", "2023-07-04T16:00:00+07:00"),
        ("2023-03-29", "2023-07-05T16:00:00+07:00"),
        ("2023-06-15", "2023-07-05T16:00:00+07:00"),
        ("2023-06-16", "2023-07-07T16:30:00+07:00"),
    ],
)
def test_a_date_is_told_as_it_was_known_before_and_after_each_decree(calendars, known_on, due):
    args = ["--received", "2023-03-28T10:00", "--as-known-on", known_on]
    assert explained(*args, "--working-days", "60")["due"] == due
    assert explained(*args, "--working-days", "14")["due"] == "2023-04-18T15:00:00+07:00"


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-02-13T15:59", "2026-02-19T15:00:00+07:00"), ("2026-03-17T14:59", "2026-03-23T16:00:00+07:00")],
)
def test_an_agency_that_works_on_joint_leave_is_due_earlier(calendars, region, received, due):
    AgencyFactory(region=region, code="rsud", joint_leave_observed=False)
    assert explained("--received", received, "--working-days", "3", "--agency", "rsud")["due"] == due


def test_a_local_holiday_moves_the_date_in_its_region_only(calendars, agency):
    AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"), code="tetangga")
    layer = CalendarLayer.objects.create(
        region=agency.region,
        year=2026,
        kind="local",
        name="Hari jadi",
        source="Keputusan Bupati 7/2026",
        decided_on=date(2026, 4, 1),
        known_from=date(2026, 4, 1),
    )
    CalendarDay.objects.create(layer=layer, on=date(2026, 5, 19), name="Hari jadi", added_on=date(2026, 4, 1))
    record_revision(subject="local holiday")
    args = ["--received", "2026-05-13T15:59", "--working-days", "3", "--agency"]
    here, there = explained(*args, "dpupr"), explained(*args, "tetangga")
    assert here["due"] == "2026-05-21T16:00:00+07:00"
    assert there["due"] == "2026-05-20T16:00:00+07:00"
    skipped = next(day for day in here["days"] if day["date"] == "2026-05-19")
    assert (skipped["reason"], skipped["source"]) == ("local", "Keputusan Bupati 7/2026")
    assert explained(*args, "dpupr", "--as-known-on", "2026-03-31")["due"] == there["due"]


def test_every_skipped_day_has_a_reason_and_a_source(calendars):
    days = explained("--received", "2026-02-13T15:59", "--working-days", "60")["days"]
    skipped = [day for day in days if day["role"] == "skipped"]
    assert {day["reason"] for day in skipped} == {"day_off", "national", "joint_leave"}
    assert all(day["source"] for day in skipped)
    assert days[0]["role"] == "day_zero"
    assert [day["number"] for day in days if day["number"] is not None] == list(range(61))


@pytest.mark.parametrize(
    ("zone", "received", "due"),
    [
        ("Asia/Jakarta", "2026-05-29T08:59:00+00:00", "2026-06-04T16:00:00+07:00"),
        ("Asia/Makassar", "2026-05-29T08:59:00Z", "2026-06-05T16:30:00+08:00"),
        ("Asia/Makassar", "2026-05-29T16:59:00", "2026-06-05T16:30:00+08:00"),
    ],
)
def test_an_instant_is_judged_in_the_zone_of_the_agency(calendars, zone, received, due):
    AgencyFactory(region=RegionFactory(code="99.01", name="Timur", time_zone=zone), code="unit")
    assert explained("--received", received, "--working-days", "3", "--agency", "unit")["due"] == due


def test_pauses_are_credited_and_told(calendars):
    args = ["--received", "2026-05-04T08:00", "--working-days", "5"]
    one = explained(*args, "--pause", "2026-05-07T09:00/2026-05-12T14:00")
    assert (one["due"], one["credit_minutes"], one["credit_days"]) == ("2026-05-18T16:00:00+07:00", 1590, 3)
    two = explained(*args, "--pause", "2026-05-07T09:00/2026-05-08T10:10", "2026-05-08T10:10/2026-05-12T14:00")
    repeated = explained(
        *args, "--pause", "2026-05-07T09:00/2026-05-08T10:10", "--pause", "2026-05-08T10:10/2026-05-12T14:00"
    )
    assert two["due"] == repeated["due"] == one["due"]


def test_a_year_without_a_decree_is_said_loudly(calendars):
    args = ["--received", "2026-12-28T10:00", "--working-days", "14"]
    facts = explained(*args)
    assert facts["years_without_decree"] == [2027]
    assert facts["provisional"]
    assert "2027" in run("explain_deadline", *args).splitlines()[0]
    assert explained("--received", "2026-05-04T10:00", "--working-days", "3")["warnings"] == []


def test_the_table_has_a_line_for_every_day(calendars):
    lines = run("explain_deadline", "--received", "2026-05-13T15:59", "--working-days", "3").splitlines()
    assert "2026-05-20 16:00:00" in lines[0]
    assert [line[:10] for line in lines[1:]] == [f"2026-05-{day}" for day in range(13, 21)]
    assert "1497/2025" in lines[2]


@pytest.mark.parametrize(
    "args",
    [
        ["--received", "yesterday", "--working-days", "3"],
        ["--received", "2026-05-04T08:00", "--working-days", "-1"],
        ["--received", "2026-05-04T08:00", "--working-days", "999999"],
        ["--received", "9999-12-31T23:00", "--working-days", "3"],
        ["--received", "0001-01-01T00:00", "--working-days", "3"],
        ["--received", "2026-05-04T08:00", "--working-days", "3", "--pause", "2026-05-05"],
        ["--received", "2026-05-04T08:00", "--working-days", "3", "--pause", "2026-05-05/2026-05-04"],
        ["--received", "2026-05-04T08:00", "--working-days", "3", "--as-known-on", "soon"],
        ["--received", "2026-05-04T08:00", "--working-days", "3", "--agency", "nobody"],
    ],
)
def test_bad_input_is_refused_in_words_and_in_json(calendars, args):
    message, printed = refused(*args)
    assert message
    assert printed == ""
    _message, printed = refused(*args, "--format", "json")
    assert json.loads(printed)["error"]["message"] == message


def test_an_agency_code_of_two_regions_needs_the_region(calendars, agency):
    AgencyFactory(region=RegionFactory(code="35.27", name="Sampang"), code=agency.code)
    args = ["--received", "2026-05-04T08:00", "--working-days", "3", "--agency", agency.code]
    assert "--region" in refused(*args)[0]
    assert explained(*args, "--region", "35.27")["due"] == "2026-05-07T16:00:00+07:00"


@pytest.mark.django_db
def test_without_calendars_the_command_says_how_to_load_them():
    assert "load_calendars" in refused("--received", "2026-05-04T08:00", "--working-days", "3")[0]


# --- check_sla ------------------------------------------------------------------------------------


def test_the_case_file_passes():
    assert run("check_sla", CASES).splitlines() == ["64 passed, 0 failed"]


def changed(tmp_path, change):
    content = json.loads(CASES.read_text())
    change(content)
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(content))
    return path


def failing(path):
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("check_sla", path, stdout=out)
    assert caught.value.code == 1
    return out.getvalue().splitlines()


def test_a_mismatch_is_printed_and_fails_the_run(tmp_path):
    def change(content):
        content["cases"] = content["cases"][:3]
        content["cases"][1]["expected"] = "2026-02-25T15:00:00+07:00"

    lines = failing(changed(tmp_path, change))
    assert lines == ["S1-5: expected 2026-02-25T15:00:00+07:00, got 2026-02-24T15:00:00+07:00", "2 passed, 1 failed"]


def test_a_wrong_credit_a_missing_error_and_unreadable_cases_fail(tmp_path):
    def change(content):
        by_id = {case["id"]: case for case in content["cases"]}
        content["cases"] = [by_id[name] for name in ("S18-day", "S51-days", "S1-3", "S1-5", "S1-14", "S1-60")]
        content["cases"][0]["expected_credit_minutes"] = 1591
        content["cases"][1] |= {"expected_error": None, "expected": "2026-05-11T16:00:00+07:00"}
        content["cases"][2]["calendar"] = "unknown"
        content["cases"][3]["received"] = "2026-02-13T15:59:00"
        content["cases"][4]["zone"] = "Nowhere/Land"
        content["cases"].append("not a case")

    lines = failing(changed(tmp_path, change))
    assert [line.split(":")[0] for line in lines[:-1]] == ["S18-day", "S51-days", "S1-3", "S1-5", "S1-14", "7"]
    assert lines[-1] == "1 passed, 6 failed"


@pytest.mark.parametrize("text", ["{", "[]", '{"cases": 3}', '{"cases": {}}'])
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(CommandError, match="no case file"):
        call_command("check_sla", path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot read"):
        call_command("check_sla", tmp_path / "nothing.json")
