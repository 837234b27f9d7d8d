"""The index in public pages: figures, words and what is held back."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from surveys.models import SurveySettings
from surveys.templatetags.surveys_tags import agency_index
from surveys.trendtest import Change, Step
from surveys.views.change_words import change_words
from tests.cms.factories import make_section, make_site
from tests.factories import AgencyFactory
from tests.surveys.factories import SurveyFactory, answer

pytestmark = pytest.mark.django_db
TODAY = datetime(2024, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def survey(agency):
    return SurveyFactory(agency=agency)


def shown(tag, **context):
    with translation.override("id"):
        html = Template("{% load surveys_tags %}" + tag).render(Context(context))
    return " ".join(html.split())


def fill(survey, n, value, **when):
    for _ in range(n):
        answer(survey, value, at=datetime(when.get("year", 2024), 3, 4, 5, tzinfo=UTC), **when.get("changes", {}))


def test_below_ten_answers_no_figure_is_shown(survey, agency):
    fill(survey, 9, 4)
    html = shown("{% agency_index agency %}", agency=agency)
    assert "score__value" not in html
    assert "100,00" not in html
    assert "9 " in html


def test_nobody_answered_is_not_zero(agency):
    html = shown("{% agency_index agency %}", agency=agency)
    assert "score__value" not in html
    assert "0,00" not in html


def test_from_ten_answers_on_index_grade_n_and_period_are_shown(survey, agency):
    fill(survey, 9, 3)
    fill(survey, 1, 4)
    # 25 * (9 * 27 + 36) / (9 * 10) = 77.5
    html = shown("{% agency_index agency %}", agency=agency)
    assert '<span class="score__value">77,50</span>' in html
    assert "grade--b" in html
    assert "2024" in html
    assert "n = 10" in html


def test_chart_and_table_hold_the_same_numbers(survey, agency):
    fill(survey, 10, 3, changes={"waktu": 2})
    html = shown("{% agency_index agency %}", agency=agency)
    assert html.count('<rect class="chart__bar') == 9
    assert 'chart__bar--d" width="50"' in html
    assert html.count('width="75"') == 8
    assert html.count('<td class="num">3,000</td>') == 8
    assert html.count('<td class="num">2,000</td>') == 1
    assert " style=" not in html
    assert "<script" not in html


def test_cost_is_explained(survey, agency):
    fill(survey, 10, 3)
    assert "<sup>*</sup>" in shown("{% agency_index agency %}", agency=agency)


def test_the_trend_joins_years_and_names_them(survey, agency):
    for year, value in ((2021, 2), (2022, 3), (2024, 4)):
        fill(survey, 10, value, year=year)
    html = shown("{% agency_index agency %}", agency=agency)
    assert html.count('<circle class="chart__dot"') == 3
    assert 'role="img"' in html
    assert "<title>" in html
    assert "<desc>" in html
    assert "50,00" in html
    assert "100,00" in html


def test_a_running_year_with_too_few_answers_leaves_the_last_full_one(survey, agency):
    fill(survey, 12, 3, year=2023)
    fill(survey, 2, 1, year=2024)
    html = shown("{% agency_index agency %}", agency=agency)
    assert '<span class="score__value">75,00</span>' in html
    assert "2024: baru 2 jawaban" in html


def test_an_import_dated_in_the_future_is_not_current(survey, agency):
    fill(survey, 12, 3)
    fill(survey, 12, 1, year=2031)
    assert '<span class="score__value">75,00</span>' in shown("{% agency_index agency %}", agency=agency)


def test_a_service_has_its_own_figure(survey, agency, service):
    for _ in range(10):
        answer(survey, 4, service=service)
        answer(survey, 2)
    assert "100,00" in shown("{% service_index service %}", service=service)
    assert '<span class="score__value">75,00</span>' in shown("{% agency_index agency %}", agency=agency)


def test_figures_have_no_hidden_queries(survey, agency, django_assert_max_num_queries):
    for year in (2022, 2023, 2024):
        fill(survey, 10, 3, year=year)
    with django_assert_max_num_queries(4):
        shown("{% agency_index agency %}", agency=agency)


def test_english_pages_name_the_elements_in_english(survey, agency):
    fill(survey, 10, 3)
    with translation.override("en"):
        html = Template("{% load surveys_tags %}{% agency_index agency %}").render(Context({"agency": agency}))
    assert "75.00" in html
    assert "Penanganan pengaduan" not in html


def test_the_ranking_shows_n_and_leaves_nobody_out(region, agency, other_agency, survey, django_assert_max_num_queries):
    make_site(region)
    page = make_section(agency)
    fill(survey, 10, 3)
    fill(SurveyFactory(agency=other_agency), 3, 4)
    without = AgencyFactory(region=region, name="Badan Tanpa Survei")
    with django_assert_max_num_queries(14):
        html = shown("{% region_ranking region %}", region=region)
    ranked, rest = html.split("</ol>")
    assert agency.name in ranked
    assert "n = 10" in ranked
    assert "75,00" in ranked
    assert page.url in ranked
    assert other_agency.name not in ranked
    assert other_agency.name in rest
    assert "n = 3" in rest
    assert without.name in rest
    assert "100,00" not in rest


def test_the_card_says_whether_the_change_is_more_than_chance_and_where_it_breaks(survey, agency):
    for year, value in ((2023, 2), (2024, 3)):
        fill(survey, 12, value, year=year, changes={"waktu": 4})
        fill(survey, 12, value, year=year)
    with translation.override("id"):
        # Totals of 19 and 27.5 of 36 on average.
        assert agency_index(agency)["change"] == change_words(Step(Change.ROSE, Fraction(17, 2) * Fraction(25, 9)))
    fill(SurveyFactory(agency=agency, instrument="skm-2014"), 1, 3)
    assert agency_index(agency)["change"] == change_words(Step(Change.NOT_COMPARABLE))


def test_elements_bear_the_numbers_the_region_has_chosen(survey, agency):
    make_site(agency.region)
    fill(survey, 10, 3)
    assert [line["number"] for line in agency_index(agency)["lines"]] == list(range(1, 10))
    names = [line["name"] for line in agency_index(agency)["lines"]]
    agency.region.refresh_from_db()
    SurveySettings.objects.create(site=agency.region.site, numbering="questionnaire")
    assert [line["name"] for line in agency_index(agency)["lines"]] == [*names[:7], names[8], names[7]]
