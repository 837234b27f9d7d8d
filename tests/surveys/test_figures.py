"""Figures of real files and of small made-up offices."""

import json
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.models import Agency
from core.periods import PeriodKind
from surveys.index import Compose
from surveys.models import Response
from surveys.selectors.forms import version_for
from surveys.selectors.index import Subject, index_for
from surveys.selectors.quality import quality_of
from surveys.selectors.ranking import Standing, agency_ranking
from surveys.selectors.tallies import catalogue
from surveys.selectors.trends import current_point, latest_point, trend_for
from surveys.services.responses import submit_response
from tests.factories import AgencyFactory, RegionFactory, ServiceFactory
from tests.surveys.factories import NOON, SurveyFactory, answer, scores

pytestmark = pytest.mark.django_db
EXPECTED = json.loads((Path(__file__).parent.parent / "data" / "skm_expected.json").read_text(encoding="utf-8"))


def load_office():
    SurveyFactory(slug="izin", agency=AgencyFactory(code="DPMPTSP"), instrument="skm-2014")
    path = Path(settings.FIXTURES_ROOT) / "skm_office_2018_2023.csv"
    call_command("import_responses", str(path), survey="izin", verbosity=0)


def load_mall():
    SurveyFactory(slug="mal", agency=AgencyFactory(code="MPP"))
    path = Path(settings.FIXTURES_ROOT) / "skm_service_mall_2024.csv"
    call_command("import_responses", str(path), survey="mal", date=date(2024, 6, 30), verbosity=0)


@pytest.fixture
def printed(capsys):
    """``manage.py index … --format json`` as a program reads it."""

    def run(*arguments):
        capsys.readouterr()
        call_command("index", *arguments, "--format", "json")
        return json.loads(capsys.readouterr().out)

    return run


def same_figure(found, expected, elements):
    return (
        found["n"] == expected["n"]
        and found["sum"] == expected["sum"]
        and found["totals"] == dict(zip(elements, expected["totals"], strict=True))
        and found["nrr"] == dict(zip(elements, expected["nrr"], strict=True))
        and found["index"] == expected["ikm"]
        and found["index_4dp"] == expected["ikm4"]
        and found["index_exact"] == expected["ikm_exact"]
        and found["band"]["grade"] == expected["grade"]
    )


def assert_groups(found, expected, elements, name="key"):
    groups = {group[name]: group for group in found["groups"]}
    assert set(groups) == set(expected)
    wrong = [key for key in expected if not same_figure(groups[key], expected[key], elements)]
    assert wrong == []


def mean_data(expected):
    return {"units": expected["units"], "index": expected["ikm"], "index_4dp": expected["ikm4"]}


def assert_mean(found, expected):
    assert {name: found["mean"][name] for name in ("units", "index", "index_4dp")} == mean_data(expected)


def test_the_office_file_gives_the_expected_figures_for_every_grouping(printed):
    load_office()
    office = EXPECTED["office"]
    elements = office["elements"]
    assert same_figure(printed("--agency", "DPMPTSP"), office["all"], elements)
    for by in ("year", "quarter", "service"):
        found = printed("--agency", "DPMPTSP", "--by", by)
        assert_groups(found, office[f"by_{by}"], elements)
        assert_mean(found, office[f"mean_of_by_{by}"])
        large = printed("--agency", "DPMPTSP", "--by", by, "--min-n", "20")
        assert_mean(large, office[f"mean_of_by_{by}_n_ge_20"])
    mean = printed("--agency", "DPMPTSP", "--compose", "mean")
    assert (mean["index"], mean["units"], mean["n"]) == (office["mean_of_by_service"]["ikm"], 28, 2008)


def test_one_year_and_one_service_of_the_office_are_the_same_groups_asked_directly(printed):
    load_office()
    office = EXPECTED["office"]
    year = printed("--agency", "dpmptsp", "--from", "2021-01-01", "--to", "2021-12-31")
    assert same_figure(year, office["by_year"]["2021"], office["elements"])
    assert same_figure(printed("--service", "DPMPTSP/42"), office["by_service"]["42"], office["elements"])
    assert same_figure(printed("--survey", "izin", "--service", "42"), office["by_service"]["42"], office["elements"])


def test_the_command_line_counts_its_last_day(printed):
    load_office()
    busiest, answers = EXPECTED["office_quality"]["busiest_days"][0]
    assert printed("--agency", "DPMPTSP", "--from", busiest, "--to", busiest)["n"] == answers


def test_the_service_mall_gives_the_expected_figures(printed):
    load_mall()
    mall = EXPECTED["mall"]
    found = printed("--agency", "MPP", "--by", "service")
    assert same_figure(found, mall["all"], mall["elements"])
    assert_groups(found, mall["by_institution"], mall["elements"], name="label")
    assert_mean(found, mall["mean_of_by_institution"])


def test_the_flags_of_the_office_file_are_its_known_facts(printed):
    load_office()
    facts, quality = EXPECTED["office_quality"], printed("--agency", "DPMPTSP")["quality"]
    assert quality["straight_lines"] == facts["straight_line_all_nine"]
    assert quality["straight_lines_without_cost"] == facts["straight_line_without_biaya"]
    assert quality["repeats"] == facts["rows_equal_to_an_earlier_row_in_this_file"]
    assert [quality["busiest_day"], quality["busiest_day_n"]] == facts["busiest_days"][0]
    assert quality["days_with_answers"] == facts["active_days"]
    assert (quality["straight_lines_share"], quality["operator_share"]) == ("0.5488", "1.0000")
    assert quality["by_channel"] == {"import": 2008}


def test_both_files_together_make_a_region(printed):
    load_office()
    load_mall()
    region = printed("--region", "35.26")
    exact = (Fraction(409525, 4518) + Fraction(9280, 99)) / 2
    assert region["index_exact"] == f"{exact.numerator}/{exact.denominator}"
    assert (region["compose"], region["units"], region["n"]) == ("mean", 2, 2063)
    pooled = printed("--region", "35.26", "--compose", "pooled")
    whole = Fraction(25 * (65524 + 1856), 9 * 2063)
    assert pooled["index_exact"] == f"{whole.numerator}/{whole.denominator}"
    assert (pooled["totals"]["maklumat"], pooled["totals"]["sarana"]) == (7272, 209)
    assert pooled["instruments"] == ["skm-2014", "skm-2017"]


def test_the_table_shows_the_same_figures(capsys):
    load_mall()
    capsys.readouterr()
    call_command("index", "--agency", "MPP", "--by", "service")
    out = capsys.readouterr().out
    assert "93.74 A Sangat baik" in out
    assert "mean of 13" in out
    assert "93.82" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Say whose index"),
        (["--agency", "TIDAK"], "No agency has the code TIDAK"),
        (["--survey", "tidak"], "No survey has the slug tidak"),
        (["--service", "ktp"], "satu/ktp.*dua/ktp"),
        (["--agency", "satu", "--from", "2024-02-01", "--to", "2024-01-01"], "before"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(arguments, message):
    for code in ("satu", "dua"):
        ServiceFactory(agency=AgencyFactory(code=code), code="ktp")
    with pytest.raises(CommandError, match=message):
        call_command("index", *arguments)


# --- Small offices ------------------------------------------------------------------------------


def day(year, month, number=15):
    return datetime(year, month, number, 5, tzinfo=UTC)


def test_an_agency_without_answers_has_no_index():
    figure = index_for(agency=SurveyFactory().agency)
    assert (figure.n, figure.printed, figure.band, figure.is_enough, figure.elements) == (0, None, None, False, ())


def test_an_agency_pools_the_answers_of_the_units_below_it():
    office = AgencyFactory()
    clinic = AgencyFactory(parent=office, region=office.region)
    SurveyFactory(agency=office)
    answer(SurveyFactory(agency=clinic), 4)
    answer(SurveyFactory(agency=clinic), 4)
    answer(office.surveys.get(), 1)
    assert index_for(agency=office).result.index == Fraction(25 * 81, 27)
    assert index_for(agency=clinic).result.index == 100
    assert index_for(agency=office, compose=Compose.POOLED).n == 3


def test_a_region_is_the_mean_of_its_agencies_with_their_units():
    region = RegionFactory()
    top = AgencyFactory(region=region, kind=Agency.Kind.GOVERNMENT)
    first = AgencyFactory(region=region, parent=top)
    clinic = AgencyFactory(region=region, parent=first)
    second = AgencyFactory(region=region, parent=top)
    for agency, values in ((first, (4,)), (clinic, (2, 2, 2)), (second, (4, 4))):
        survey = SurveyFactory(agency=agency)
        for value in values:
            answer(survey, value)
    figure = index_for(region=region)
    assert (figure.units, figure.compose, figure.n) == (2, Compose.MEAN, 6)
    assert figure.result.index == (Fraction(125, 2) + 100) / 2
    assert (
        index_for(region=region, compose=Compose.WEIGHTED).result.index
        == index_for(region=region, compose=Compose.POOLED).result.index
    )
    assert index_for(region=region, minimum=3).result.index == Fraction(125, 2)


def test_the_mean_of_an_agency_is_taken_over_its_services():
    first = ServiceFactory()
    second = ServiceFactory(agency=first.agency)
    survey = SurveyFactory(agency=first.agency)
    for service, values in ((first, (4,)), (second, (2, 2, 2))):
        for value in values:
            answer(survey, value, service=service)
    assert index_for(agency=first.agency, compose=Compose.MEAN).result.index == 75
    assert index_for(agency=first.agency).result.index == Fraction(125, 2)
    assert index_for(service=second).result.index == 50


def test_incomplete_forms_are_counted_beside_the_index_and_do_not_move_it():
    survey = SurveyFactory()
    answer(survey, 4)
    Response.objects.update(score_4=None, is_complete=False)
    answer(survey, 2)
    figure = index_for(survey=survey)
    assert (figure.collected, figure.n, figure.incomplete, figure.result.index) == (2, 1, 1, 50)


def test_the_last_moment_of_a_period_is_outside_it():
    survey = SurveyFactory()
    answer(survey, at=NOON)
    on = NOON.date()
    assert index_for(survey=survey, start=on, end=on + timedelta(days=1)).n == 1
    assert index_for(survey=survey, start=on - timedelta(days=9), end=on).n == 0


def test_elements_come_in_the_order_of_the_regulation_or_of_the_questionnaire():
    survey = SurveyFactory()
    answer(survey, 3, sarana=1)
    figure = index_for(survey=survey)
    assert [line.code for line in figure.elements][-2:] == ["pengaduan", "sarana"]
    assert [line.code for line in figure.in_questionnaire_order()][-2:] == ["sarana", "pengaduan"]
    assert str(figure.result.element("sarana").index) == "25"


@pytest.mark.parametrize(("agencies", "answers"), [(1, 1), (4, 12)])
def test_an_index_costs_a_fixed_number_of_queries(django_assert_num_queries, agencies, answers):
    region = RegionFactory()
    for _ in range(agencies):
        survey = SurveyFactory(agency=AgencyFactory(region=region))
        for _ in range(answers):
            answer(survey)
    with django_assert_num_queries(2):
        index_for(agency=survey.agency)
    with django_assert_num_queries(3):
        index_for(region=region)
    with django_assert_num_queries(2):
        trend_for(agency=survey.agency)
    with django_assert_num_queries(5):
        agency_ranking(region=region, start=None, end=None, on=NOON.date())
    with django_assert_num_queries(4):
        quality_of(subject=Subject(survey=survey), known=catalogue())


# --- Trends -------------------------------------------------------------------------------------


def test_a_trend_leaves_empty_periods_out_and_breaks_where_the_instrument_changes():
    old = SurveyFactory(instrument="skm-2014")
    new = SurveyFactory(agency=old.agency)
    fields = scores(2)
    fields["e_maklumat"] = fields.pop("e_sarana")
    answer_2014(old, fields, day(2022, 3))
    answer_2014(old, fields, day(2022, 8))
    answer(new, 4, at=day(2024, 1))
    answer(new, 4, at=day(2024, 2))
    points = trend_for(agency=old.agency, kind=PeriodKind.QUARTER)
    assert [(point.period.key, point.figure.n, point.breaks) for point in points] == [
        ("2022Q1", 1, False),
        ("2022Q3", 1, False),
        ("2024Q1", 2, True),
    ]
    assert [str(point.figure.printed) for point in points] == ["50.00", "50.00", "100.00"]


def answer_2014(survey, fields, at):
    version = version_for(survey.slug, survey.current_version_id)
    submit_response(version=version, point=None, answers=fields, key=uuid4(), channel="link", language="id", now=at)


def test_the_trend_of_a_region_is_the_mean_of_each_period():
    region = RegionFactory()
    first, second = (SurveyFactory(agency=AgencyFactory(region=region)) for _ in range(2))
    for value in (4, 4, 4):
        answer(first, value, at=day(2023, 5))
    answer(second, 2, at=day(2023, 6))
    answer(second, 2, at=day(2024, 6))
    points = trend_for(region=region)
    assert [(point.period.key, point.figure.result.index) for point in points] == [("2023", 75), ("2024", 50)]


def test_a_page_shows_the_latest_period_with_enough_answers():
    survey = SurveyFactory()
    for _ in range(10):
        answer(survey, 4, at=day(2023, 5))
    answer(survey, 1, at=day(2024, 5))
    assert current_point(agency=survey.agency, on=date(2024, 7, 1)).period.key == "2023"
    assert [point.period.key for point in trend_for(agency=survey.agency, end=date(2024, 1, 1))] == ["2023"]
    assert current_point(agency=survey.agency, on=date(2022, 7, 1)) is None
    assert latest_point([]) is None


def test_without_enough_answers_anywhere_the_newest_period_is_shown_as_not_enough():
    survey = SurveyFactory()
    answer(survey, at=day(2023, 5))
    point = current_point(agency=survey.agency, on=date(2024, 7, 1))
    assert (point.period.key, point.figure.is_enough) == ("2023", False)


# --- Ranking ------------------------------------------------------------------------------------


def test_a_ranking_lists_everybody_with_a_rank_or_a_reason():
    region = RegionFactory()
    names = ("Alfa", "Beta", "Cita", "Dwi", "Eka")
    offices = {name: AgencyFactory(region=region, name=name) for name in names}
    AgencyFactory(region=region, name="Bubar", active_until=date(2020, 1, 1))
    for name, value, n in (("Alfa", 3, 10), ("Beta", 4, 11), ("Cita", 3, 12), ("Dwi", 4, 9)):
        survey = SurveyFactory(agency=offices[name])
        for _ in range(n):
            answer(survey, value)
    rows = agency_ranking(region=region, start=None, end=None, on=NOON.date())
    assert [(row.agency.name, row.rank, row.figure.n, row.standing) for row in rows] == [
        ("Beta", 1, 11, Standing.RANKED),
        ("Alfa", 2, 10, Standing.RANKED),
        ("Cita", 2, 12, Standing.RANKED),
        ("Dwi", None, 9, Standing.NOT_ENOUGH),
        ("Eka", None, 0, Standing.NO_SURVEY),
    ]
