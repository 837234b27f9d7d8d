"""The promises of docs/design-system.md that a machine can check."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string

from cms.colour import contrast

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "cms/static/suara"
PUBLIC = ["css/site.css", "css/components.css", "css/forms.css"]


def gzipped(*names):
    return sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)


def test_stylesheets_and_script_stay_within_their_budgets():
    assert gzipped(*PUBLIC) <= 14_000
    assert gzipped("css/survey.css") <= 6_000
    assert gzipped("js/site.js") <= 3_000


def scheme(dark):
    css = (STATIC / "css/site.css").read_text()
    light, rest = css.split("prefers-color-scheme: dark", 1)
    pattern = r"--([\w-]+): (#[0-9a-f]{6})"
    tokens = dict(re.findall(pattern, light))
    return tokens | (dict(re.findall(pattern, rest)) if dark else {})


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("ground", ["paper", "surface", "sunken"])
@pytest.mark.parametrize("text", ["ink", "ink-2", "brand-ink", "ok", "warn", "bad", "info", "mute"])
def test_text_colours_reach_aa_on_every_ground(text, ground, dark):
    tokens = scheme(dark)
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_tones_reach_aa_on_their_tints_and_edges_three_to_one(dark):
    tokens = scheme(dark)
    for tone in ("ok", "warn", "bad", "info", "mute"):
        assert contrast(tokens[tone], tokens[f"{tone}-tint"]) >= 4.5
    for grade in "abcd":
        assert contrast(tokens["on-grade"], tokens[f"grade-{grade}"]) >= 4.5
    for ground in ("paper", "surface", "sunken"):
        assert contrast(tokens["line-strong"], tokens[ground]) >= 3
        assert contrast(tokens["focus"], tokens[ground]) >= 3


def test_no_template_of_the_site_carries_inline_style_or_script():
    forbidden = re.compile(r"\sstyle=\"|<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+=\"")
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    assert [str(path) for path in templates if forbidden.search(path.read_text())] == []


class Report(forms.Form):
    title = forms.CharField(label="Judul", help_text="Singkat saja.")
    phone = forms.CharField(label="Telepon", required=False)
    kind = forms.ChoiceField(
        label="Identitas",
        choices=[("a", "Ya"), ("b", "Tidak")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="Setuju")


def test_a_field_names_its_hint_and_error_for_screen_readers():
    html = Report({"title": ""})["title"].as_field_group()
    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_title_helptext", "id_title_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert '<label class="field__label" for="id_title">' in html


def test_radios_are_a_group_with_the_question_as_legend():
    html = Report()["kind"].as_field_group()
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'class="choices' in html
    assert "checked" not in html


def test_the_error_summary_links_to_the_first_input_of_each_field():
    form = Report({})
    html = render_to_string("includes/error_summary.html", {"form": form})
    page = html + str(form)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_title", "id_kind_0", "id_agree"]
    assert all(f'id="{target}"' in page for target in targets)
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html


def test_a_form_without_errors_has_no_summary():
    assert render_to_string("includes/error_summary.html", {"form": Report()}).strip() == ""


def test_what_a_citizen_typed_is_escaped_everywhere():
    html = str(Report({"title": '"><script>alert(1)</script>'}))
    assert "<script>" not in html


@pytest.mark.parametrize("name", ["500.html", "503.html", "400.html", "403_csrf.html"])
def test_error_pages_come_out_without_any_context(name):
    html = render_to_string(name, {})
    assert "<h1>" in html
    assert "survey.css" in html
