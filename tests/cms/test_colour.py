import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.colour import (
    AA,
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    brand_css,
    brand_tokens,
    contrast,
    mix,
    parse_hex,
    text_on,
)

STYLES = Path(__file__).parents[2] / "cms/static/suara/css"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TEXT_PAIRS = [
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("on-header", "header"),
    ("on-footer", "footer"),
    ("brand-ink", "brand-tint"),
]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # The worked figures of WCAG's own understanding documents and of WebAIM's checker.
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#ffffff", "#ffffff", 1.0),
    ],
)
def test_contrast_agrees_with_published_figures(first, second, expected):
    assert contrast(first, second) == pytest.approx(expected, abs=0.005)
    assert contrast(second, first) == contrast(first, second)


@pytest.mark.parametrize(
    ("written", "read"),
    [("#0B5563", (11, 85, 99)), ("abc", (170, 187, 204)), (" #fff ", (255, 255, 255))],
)
def test_hex_is_read_in_short_and_long_form(written, read):
    assert parse_hex(written) == read


@pytest.mark.parametrize(
    "written",
    ["", "#12", "#12345", "teal", "#zzzzzz", "#fff;}body{display:none", "rgb(0,0,0)"],
)
def test_anything_else_is_refused(written):
    with pytest.raises(ValueError, match="hex"):
        brand_tokens(written)


def test_mixing_half_and_half_meets_in_the_middle():
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@given(colours)
@example("#777777")
@example("#ffd400")
def test_every_brand_colour_gives_readable_text_in_both_schemes(brand):
    tokens = brand_tokens(brand)
    for scheme, grounds in ((tokens.light, LIGHT_GROUNDS), (tokens.dark, DARK_GROUNDS)):
        for text, ground in TEXT_PAIRS:
            assert contrast(scheme[text], scheme[ground]) >= AA, (text, ground)
        assert all(contrast(scheme["brand-ink"], ground) >= AA for ground in grounds)


@given(colours)
def test_the_pale_ground_carries_body_and_secondary_text(brand):
    tokens = brand_tokens(brand)
    for text, tint in (
        ("#515c60", tokens.light["brand-tint"]),
        ("#b3bfc1", tokens.dark["brand-tint"]),
    ):
        assert contrast(text, tint) >= AA


@given(colours)
def test_white_or_black_is_always_readable(ground):
    assert contrast(text_on(ground), ground) >= AA


def test_the_stylesheet_covers_device_and_chosen_dark_mode():
    css = brand_css("#8b0000")
    assert css.count("--brand:#8b0000") == 1
    assert "@media (prefers-color-scheme:dark){:root:not([data-theme=light])" in css
    assert ":root[data-theme=dark]" in css
    assert css.count("{") == css.count("}")


def test_a_logo_must_be_a_base64_image():
    assert '--brand-logo:url("data:image/webp;base64,UklGRg==")' in brand_css(logo="data:image/webp;base64,UklGRg==")
    with pytest.raises(ValueError, match="base64"):
        brand_css(logo='x");}body{display:none}')


@pytest.mark.parametrize("sheet", ["site.css", "survey.css"])
def test_the_stylesheets_defaults_are_the_derived_ones(sheet):
    css = (STYLES / sheet).read_text()
    light, dark = css.split("prefers-color-scheme: dark", 1)
    tokens = brand_tokens()
    for part, scheme in ((light, tokens.light), (dark, tokens.dark)):
        written = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
        shared = {name for name in scheme if name in written}
        assert {"brand", "on-brand", "brand-ink", "brand-tint", "header"} <= shared
        assert {name: written[name] for name in shared} == {name: scheme[name] for name in shared}
