"""The edit form of a service standard: one group per component, in the order of the law."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from cms.panels import CompletenessPanel, ComponentPanel
from cms.standard_parts import LABELS

from .base import tabs


def component(key: str, *fields: str | Panel) -> ComponentPanel:
    panels = [FieldPanel(field) if isinstance(field, str) else field for field in fields]
    return ComponentPanel([FieldPanel(f"{key}_state"), *panels], heading=LABELS[key], name=key)


def standard_tabs() -> TabbedInterface:
    return tabs(
        (_("Service"), _service()),
        (_("For users"), _delivery()),
        (_("Inside the agency"), _management()),
    )


def _service() -> list[Panel]:
    return [
        CompletenessPanel(heading=_("How complete the standard is")),
        TitleFieldPanel("title"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("service"),
                FieldRowPanel([FieldPanel("new_service_name"), FieldPanel("new_service_code")]),
            ],
            heading=_("Service"),
            help_text=_("Choose the service this page is about, or type a new one."),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("decree_number"), FieldPanel("decree_date")]),
                FieldPanel("decree_document"),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("next_review_on")]),
            ],
            heading=_("Decree"),
        ),
    ]


def _delivery() -> list[Panel]:
    duration = FieldRowPanel(
        [
            FieldPanel("duration_qualifier"),
            FieldPanel("duration_value"),
            FieldPanel("duration_unit"),
        ]
    )
    return [
        component("requirements", "requirements"),
        component(
            "procedure",
            "procedure",
            "procedure_chart",
        ),
        component("duration", duration, "duration_starts"),
        component(
            "fee",
            "fee_kind",
            "fee_amount",
            "fee_table",
            "fee_text",
            "fee_legal_reference",
        ),
        component("products", "products"),
        component(
            "complaint_handling",
            "complaint_channels",
            "complaint_steps",
            "complaint_limits",
        ),
    ]


def _management() -> list[Panel]:
    return [
        component("legal_basis", "legal_basis"),
        component("facilities", "facilities"),
        component("competence", "competence"),
        component("supervision", "supervision"),
        component("staffing", "staffing"),
        component("service_guarantee", "service_guarantee"),
        component(
            "safety_guarantee",
            "safety_guarantee",
        ),
        component(
            "evaluation",
            "evaluation",
            "evaluation_frequency",
        ),
    ]
