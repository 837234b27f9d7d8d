"""Open data gives away figures, never people or small groups."""

import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from wagtail.models import Site

from tests.factories import AgencyFactory, RegionFactory
from tests.surveys.factories import SurveyFactory, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    cache.clear()
    return RegionFactory(site=Site.objects.get(is_default_site=True))


def collect(region, code, values):
    survey = SurveyFactory(agency=AgencyFactory(region=region, code=code))
    for value in values:
        answer(survey, value)


def test_an_agency_with_ten_answers_is_given_with_its_figure(client, region):
    collect(region, "dinsos", [3] * 5 + [4] * 5)
    record = client.get(reverse("home:data_indexes", args=["json"])).json()["indexes"][0]
    assert (record["agency"], record["year"], record["n"]) == ("dinsos", 2024, 10)
    # Half threes, half fours: a mean of 3.5, times 25; the band from 76.61 to 88.30 is B.
    assert (record["index"], record["grade"]) == ("87.50", "B")
    assert record["nrr"]["waktu"] == "3.500"


def test_below_ten_answers_neither_figure_nor_elements_leave_the_house(client, region):
    collect(region, "dispusip", [1] * 9)
    record = client.get(reverse("home:data_indexes", args=["json"])).json()["indexes"][0]
    assert record["standing"] == "not_enough"
    assert not {"n", "index", "grade", "nrr"} & record.keys()


def test_csv_holds_the_same_rows_and_runs_nothing_in_a_spreadsheet(client, region):
    collect(region, "dinsos", [4] * 10)
    region.agencies.update(name="=HYPERLINK(1)")
    text = client.get(reverse("home:data_indexes", args=["csv"])).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["index"], row["nrr_biaya"], row["agency_name"]) == ("100.00", "4.000", "'=HYPERLINK(1)")


def test_the_page_says_what_the_columns_mean_and_unknown_kinds_are_missing(client, region):
    assert client.get(reverse("home:data")).status_code == 200
    assert client.get("/data/ikm.exe").status_code == 404


def test_the_style_guide_is_for_those_who_build_with_it(client, admin_client, region):
    assert client.get(reverse("home:styleguide")).status_code == 404
    assert admin_client.get(reverse("home:styleguide")).status_code == 200
