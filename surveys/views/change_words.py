"""What a test says about an index against the period before, in one plain sentence."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy

from surveys.index import half_up
from surveys.trendtest import Change, Step

CHANGES = {
    Change.ROSE: gettext_lazy("Higher by %(points)s points than in the period before; more than chance."),
    Change.FELL: gettext_lazy("Lower by %(points)s points than in the period before; more than chance."),
    Change.NOT_CLEAR: gettext_lazy(
        "No clear change against the period before: a difference of %(points)s points may be chance."
    ),
    Change.TOO_FEW: gettext_lazy("Too few answers in this or the period before to compare."),
    Change.NOT_COMPARABLE: gettext_lazy("The questionnaire changed: not comparable with the period before."),
}
TONES = {Change.ROSE: "ok", Change.FELL: "late"}


def change_words(step: Step) -> dict[str, str]:
    """The sentence with the difference in points, and a tone for what is beyond chance."""
    points = "" if step.difference is None else number_format(abs(half_up(step.difference, 2)))
    return {"words": str(CHANGES[step.change]) % {"points": points}, "tone": TONES.get(step.change, "")}
