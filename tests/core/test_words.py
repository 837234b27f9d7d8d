"""What the two languages write differently without any sentence being translated."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext, override

from surveys.index import BANDS_2017
from surveys.templatetags.surveys_tags import grade_word, printed


def test_an_indonesian_date_is_written_in_full():
    with override("id"):
        assert date_format(date(2026, 11, 22)) == "22 November 2026"
        assert date_format(datetime(2026, 5, 3, 8, 5), "DATETIME_FORMAT") == "3 Mei 2026, 08.05"


@pytest.mark.parametrize(("language", "text"), [("id", "93,74"), ("en", "93.74")])
def test_an_index_takes_the_decimal_mark_of_the_language(language, text):
    with override(language):
        assert printed(Decimal("93.74")) == text
        assert number_format(Decimal("93.74")) == text


@pytest.mark.parametrize(("language", "words"), [
    ("id", ["Sangat baik", "Baik", "Kurang baik", "Tidak baik"]),
    ("en", ["Very good", "Good", "Poor", "Very poor"]),
])  # fmt: skip
def test_a_grade_has_a_word_in_each_language(language, words):
    with override(language):
        assert [grade_word(band) for band in BANDS_2017] == words


@pytest.mark.parametrize(("language", "one", "two"), [
    ("id", "1 hari kerja lagi", "2 hari kerja lagi"),
    ("en", "1 working day left", "2 working days left"),
])  # fmt: skip
def test_indonesian_has_one_form_for_any_number(language, one, two):
    with override(language):
        words = [ngettext("%(days)d working day left", "%(days)d working days left", n) % {"days": n} for n in (1, 2)]
        assert words == [one, two]
