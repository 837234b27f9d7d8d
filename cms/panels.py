"""Panels of our own in Wagtail's page editor."""

from typing import Any

from wagtail.admin.panels import MultiFieldPanel, ObjectList, Panel


class _Named:
    """A name of its own for the element ids; Wagtail takes the heading, which changes with the language."""

    def __init__(self, *args: Any, name: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.name = name

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"name": self.name}  # type: ignore[misc]

    @property
    def clean_name(self) -> str:
        return self.name


class TabPanel(_Named, ObjectList):
    """One tab of a page form."""


class ComponentPanel(_Named, MultiFieldPanel):
    """The fields of one component of a service standard."""


class CompletenessPanel(Panel):
    """Score of the standard, its missing components with links, and slips worth a second look."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/completeness.html"
