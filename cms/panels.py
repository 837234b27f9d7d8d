"""Panels of our own in Wagtail's page editor."""

from wagtail.admin.panels import Panel


class CompletenessPanel(Panel):
    """Score of the standard, its missing components with links, and slips worth a second look."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/completeness.html"
