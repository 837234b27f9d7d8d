"""The 14 components as a reader meets them: number, name, state in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.completeness import COMPONENTS, DELIVERY, State

LABELS = dict(
    zip(
        COMPONENTS,
        (
            _("Requirements"),
            _("System, mechanism and procedure"),
            _("Duration"),
            _("Fee"),
            _("Products of the service"),
            _("Complaints, suggestions and input"),
            _("Legal basis"),
            _("Facilities"),
            _("Competence of officers"),
            _("Internal supervision"),
            _("Number of officers"),
            _("Service guarantee"),
            _("Security and safety guarantee"),
            _("Performance evaluation of officers"),
        ),
        strict=True,
    )
)

STATE_LABELS = {
    State.PUBLISHED: _("Published"),
    State.MISSING: _("Not filled in yet"),
    State.NONE_REQUIRED: _("Nothing is required"),
    State.NOT_APPLICABLE: _("Does not apply to this service"),
}


@dataclass(frozen=True)
class Part:
    """One component of a standard; ``number`` is its place in the law, 1 to 14."""

    key: str
    number: int
    label: str | Promise
    state: State

    @property
    def state_label(self) -> str | Promise:
        return STATE_LABELS[self.state]

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_missing(self) -> bool:
        return self.state == State.MISSING

    @property
    def is_delivery(self) -> bool:
        return self.key in DELIVERY

    @property
    def template(self) -> str:
        return f"cms/components/{self.key}.html"


def parts_of(states: Mapping[str, State]) -> list[Part]:
    """All 14 parts in the order of the law."""
    return [
        Part(key, number, LABELS[key], states.get(key, State.MISSING)) for number, key in enumerate(COMPONENTS, start=1)
    ]
