"""A published result in words: names of its parts and one plain sentence for each verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.index import Compose, RoundingRule, WeightRule
from surveys.matrix import Quadrant
from surveys.models import AgeBand, Channel, Education, Occupation, Sex
from surveys.reliability import Verdict

PART_NAMES: dict[str, Any] = dict(Channel.choices) | {
    "verified": gettext_lazy("Verified visits"),
    "open": gettext_lazy("Open to everybody"),
    "clean": gettext_lazy("Without marked answers"),
    "flagged": gettext_lazy("Marked answers"),
}
PROFILE_TITLES = {
    "sex": gettext_lazy("Sex"),
    "age_band": gettext_lazy("Age"),
    "education": gettext_lazy("Education"),
    "occupation": gettext_lazy("Occupation"),
}
_PROFILE_CHOICES = {"sex": Sex, "age_band": AgeBand, "education": Education, "occupation": Occupation}
ALPHA = {
    Verdict.GOOD: gettext_lazy("Reliable: the answers of one form fit together well."),
    Verdict.FAIR: gettext_lazy("Acceptable: the answers of one form fit together fairly."),
    Verdict.WEAK: gettext_lazy("Weak: the answers of one form hardly fit together. Read single elements with care."),
    Verdict.TOO_FEW: gettext_lazy("Too few forms for a verdict; thirty are needed."),
    Verdict.NOT_COMPUTABLE: gettext_lazy("Cannot be computed: all forms have the same total."),
}
VALIDITY = {
    Verdict.GOOD: gettext_lazy("valid"),
    Verdict.WEAK: gettext_lazy("not valid"),
    Verdict.TOO_FEW: gettext_lazy("too few forms"),
    Verdict.NOT_COMPUTABLE: gettext_lazy("everybody answered alike"),
}
SIGNS = {
    "straight_without_cost": gettext_lazy("%(n)s forms (%(percent)s) give the same score everywhere but on cost."),
    "hasty": gettext_lazy("%(n)s forms (%(percent)s) were filled in faster than they can be read."),
    "burst": gettext_lazy("%(n)s forms (%(percent)s) came in a burst from one place."),
    "staff": gettext_lazy("%(n)s forms (%(percent)s) came from the network of an office."),
    "trap": gettext_lazy("%(n)s forms (%(percent)s) look as if a program filled them in."),
    "duplicate": gettext_lazy("%(n)s forms (%(percent)s) repeat another one in every answer."),
    "late": gettext_lazy("%(n)s forms (%(percent)s) arrived after the survey had closed or changed."),
    "operator": gettext_lazy("%(n)s forms (%(percent)s) were typed or imported by staff."),
}
QUADRANTS = {
    Quadrant.IMPROVE_FIRST: gettext_lazy("Improve first"),
    Quadrant.KEEP_UP: gettext_lazy("Keep up"),
    Quadrant.LOW_PRIORITY: gettext_lazy("Low priority"),
    Quadrant.MORE_THAN_NEEDED: gettext_lazy("More than needed"),
}
COMPOSED = {
    Compose.POOLED: gettext_lazy("Everybody who answered counts the same."),
    Compose.MEAN: gettext_lazy("The mean of the agencies, whatever the number of their answers."),
    Compose.WEIGHTED: gettext_lazy("The mean of the agencies, weighted by the number of their answers."),
}


def decimal(value: str | None) -> str:
    """A stored figure as the language writes it; a dash where there is none."""
    return "–" if value is None else number_format(value)


def profile_place(field: str, key: str) -> int:
    """The order of the questionnaire; those who did not say come last."""
    known: list[str] = list(_PROFILE_CHOICES[field].values)
    return known.index(key) if key in known else len(known)


def profile_name(field: str, key: str) -> str:
    if not key:
        return _("Not stated")
    labels = dict(_PROFILE_CHOICES[field].choices)
    return str(labels.get(key, key))


def method_sentences(content: Mapping[str, Any]) -> list[str]:
    """How the figure came about, from what was frozen with it."""
    method, elements = content["method"], len(content["elements"])
    worth = number_format(100 / method["scale_max"], decimal_pos=2).rstrip("0").rstrip(",.")
    return [
        str(COMPOSED[Compose(method["compose"])]),
        _("%(elements)s elements on a scale from 1 to %(scale)s; the weighted mean times %(worth)s is the index.")
        % {"elements": elements, "scale": method["scale_max"], "worth": worth},
        _weight(method["weight"], elements),
        _rounding(method["rounding"]),
        _("Instrument: %(codes)s.") % {"codes": ", ".join(method["instruments"])},
    ]


def _weight(rule: str, elements: int) -> str:
    if rule == WeightRule.EXACT:
        return _("Every element weighs exactly 1/%(elements)s.") % {"elements": elements}
    if rule == WeightRule.OWN:
        return _("The elements have weights of their own, set by the instrument.")
    return _("Every element weighs %(weight)s, as older rules print it.") % {"weight": rule.removeprefix("literal_")}


def _rounding(rule: str) -> str:
    if rule == RoundingRule.PRINT:
        return _("Rounded once, when printed, half up; so printed parts need not add up. The grade follows from that.")
    return _("Rounded on the way, as the rule of this instrument asks: %(rule)s.") % {"rule": rule}


def sample_sentence(sample: Mapping[str, int] | None) -> str:
    if sample is None:
        return ""
    words = {key: number_format(value, use_l10n=True, force_grouping=True) for key, value in sample.items()}
    return (
        _("Of %(population)s people served, %(needed)s had to be asked (Krejcie and Morgan); %(reached)s answered.")
        % words
    )


def interval_sentence(statistics: Mapping[str, Any]) -> str:
    """The interval of verified visits, or why there is none."""
    found = statistics["interval"]
    if found is None:
        return _(
            "No margin of error is given: people chose by themselves to answer, which is no random sample of everybody"
            " who was served."
        )
    words = {"low": decimal(found["low"]), "high": decimal(found["high"]), "n": found["n"]}
    sentence = _("Of %(n)s verified visits: between %(low)s and %(high)s with a confidence of 95 percent.") % words
    corrected = _("Corrected for the known number of people served.")
    return f"{sentence} {corrected}" if found["corrected"] else sentence


def quality_sentences(quality: Mapping[str, Any], collected: int) -> list[str]:
    """Signs of how the answers came about, those that occurred often enough to be told, and how long it took."""
    told = [
        str(sentence) % {"n": number_format(n, force_grouping=True), "percent": percent(n, collected)}
        for name, sentence in SIGNS.items()
        if (n := quality.get(name))
    ]
    return [*told, *_filling(quality)]


def _filling(quality: Mapping[str, Any]) -> list[str]:
    """Of the forms somebody watched being filled in; nothing where the number may not be told."""
    timed, quick = quality.get("timed"), quality.get("under_60")
    if not timed or quick is None:
        return []
    words = {
        "timed": number_format(timed, force_grouping=True),
        "n": number_format(quick, force_grouping=True),
        "percent": percent(quick, timed),
    }
    return [_("Filling in was timed for %(timed)s forms: %(n)s of them (%(percent)s) took less than a minute.") % words]


def percent(n: int, of: int) -> str:
    return f"{number_format(100 * n / of, decimal_pos=0)} %" if of else "–"
