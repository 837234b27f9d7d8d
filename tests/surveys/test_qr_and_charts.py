"""Drawings: QR codes read back by a scanner, charts by their numbers."""

from fractions import Fraction
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from surveys import charts, qr

URL = "https://suara.bangkalankab.go.id/q/K7QM3XPD9RTB2Z/"


def scan(image):
    return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


def drawn(path, side, scale=8):
    """The path as pixels, by its own grammar: every run is one row high."""
    image = Image.new("L", (side, side), 255)
    for run in path.split("M")[1:]:
        place, width = run.split("h")[:2]
        x, y = (int(part) for part in place.split())
        for offset in range(int(width.removesuffix("v1"))):
            image.putpixel((x + offset, y), 0)
    return image.resize((side * scale, side * scale), Image.Resampling.NEAREST)


@settings(max_examples=15, deadline=None)
@given(st.text("ABCDEFGHJKMNPQRSTVWXYZ0123456789", min_size=1, max_size=60))
def test_png_and_path_read_back_as_what_was_put_in(text):
    address = "https://x.go.id/q/" + text
    assert scan(Image.open(BytesIO(qr.png(address, scale=6)))) == [address]
    rows = qr.matrix(address)
    assert scan(drawn(qr.svg_path(rows), len(rows))) == [address]


def test_the_drawing_is_small_and_keeps_the_quiet_zone():
    rows = qr.matrix(URL)
    assert not any(any(row) for row in rows[:4])
    assert not any(row[0] or row[3] for row in rows)
    assert len(qr.svg(URL)) < 5_000
    assert Image.open(BytesIO(qr.png(URL))).width >= 700


@pytest.mark.parametrize(
    ("index", "width"),
    [(None, "0"), (Fraction(25), "25"), (Fraction(100), "100"), (Fraction(250, 3), "83.33"), (Fraction(120), "100")],
)
def test_a_bar_starts_at_zero_and_ends_at_its_figure(index, width):
    assert charts.bar_width(index) == width


def points(*values, breaks=()):
    return [
        charts.Point(str(2020 + place), None if value is None else Fraction(value), breaks=place in breaks)
        for place, value in enumerate(values)
    ]


def test_the_line_stands_higher_for_a_higher_index():
    low, middle, high = charts.trend(points(25, 50, 100)).dots
    assert float(low.y) == charts.HEIGHT - charts.BOTTOM
    assert float(high.y) == charts.TOP
    assert float(low.y) > float(middle.y) > float(high.y)
    assert float(low.x) < float(middle.x) < float(high.x)


def test_a_period_without_a_figure_is_a_gap():
    trend = charts.trend(points(70, 80, None, 75, 85))
    assert len(trend.dots) == 4
    assert len(trend.paths) == 2


def test_a_new_questionnaire_cuts_the_line():
    trend = charts.trend(points(70, 80, 75, 85, breaks={2}))
    assert len(trend.paths) == 2
    assert len(trend.breaks) == 1


def test_a_single_period_is_a_dot_in_the_middle():
    trend = charts.trend(points(80))
    assert len(trend.dots) == 1
    assert trend.paths == ()
    assert trend.dots[0].anchor == "middle"


@given(st.lists(st.none() | st.fractions(0, 100), max_size=80))
def test_every_dot_lies_inside_the_drawing_and_few_are_named(values):
    trend = charts.trend(points(*values))
    assert all(0 <= float(dot.x) <= charts.WIDTH and 0 <= float(dot.y) <= charts.HEIGHT for dot in trend.dots)
    assert sum(dot.is_named for dot in trend.dots) <= charts.LABELS + 1


@given(st.fractions(0, 100))
def test_no_coordinate_has_a_comma_or_an_exponent(value):
    assert set(charts.bar_width(value)) <= set("0123456789.")
