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

from cms.panels import CompletenessPanel

from .base import tabs


def component(key: str, heading: str, *fields: str | Panel) -> MultiFieldPanel:
    panels = [
        FieldPanel(field) if isinstance(field, str) else field for field in fields
    ]
    return MultiFieldPanel(
        [FieldPanel(f"{key}_state"), *panels],
        heading=heading,
        attrs={"data-component": key},
    )


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
                FieldRowPanel(
                    [FieldPanel("new_service_name"), FieldPanel("new_service_code")]
                ),
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
        component("requirements", _("1. Requirements"), "requirements"),
        component(
            "procedure",
            _("2. System, mechanism and procedure"),
            "procedure",
            "procedure_chart",
        ),
        component("duration", _("3. Duration"), duration, "duration_starts"),
        component(
            "fee",
            _("4. Fee"),
            "fee_kind",
            "fee_amount",
            "fee_table",
            "fee_text",
            "fee_legal_reference",
        ),
        component("products", _("5. Products"), "products"),
        component(
            "complaint_handling",
            _("6. Complaints, suggestions and input"),
            "complaint_channels",
            "complaint_steps",
            "complaint_limits",
        ),
    ]


def _management() -> list[Panel]:
    return [
        component("legal_basis", _("7. Legal basis"), "legal_basis"),
        component("facilities", _("8. Facilities"), "facilities"),
        component("competence", _("9. Competence of officers"), "competence"),
        component("supervision", _("10. Internal supervision"), "supervision"),
        component("staffing", _("11. Number of officers"), "staffing"),
        component("service_guarantee", _("12. Service guarantee"), "service_guarantee"),
        component(
            "safety_guarantee",
            _("13. Security and safety guarantee"),
            "safety_guarantee",
        ),
        component(
            "evaluation",
            _("14. Performance evaluation of officers"),
            "evaluation",
            "evaluation_frequency",
        ),
    ]
