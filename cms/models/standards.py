"""A published service standard."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from cms import completeness
from cms.completeness import Score, State
from cms.forms import ServicePageForm, service_refusal
from cms.standard_parts import Part, parts_of
from core.models import Service

from .base import SitePage
from .components import (
    COMPONENT_CONSTRAINTS,
    DeliveryComponents,
    FeeKind,
    ManagementComponents,
)
from .standard_panels import standard_tabs


class ServicePage(DeliveryComponents, ManagementComponents, SitePage):
    """The standard of one service, below the page of the agency that offers it."""

    # Null only in a draft without a choice and in a copy, which may not show the same service twice.
    service = models.OneToOneField(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="page",
        verbose_name=_("service"),
    )
    summary = models.CharField(
        _("summary"),
        max_length=250,
        blank=True,
        help_text=_("What the service gives, in one plain sentence."),
    )
    decree_number = models.CharField(_("number of the decree"), max_length=100, blank=True)
    decree_date = models.DateField(_("date of the decree"), null=True, blank=True)
    decree_document = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decree as a file"),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    next_review_on = models.DateField(
        _("next review"),
        null=True,
        blank=True,
        help_text=_("A standard is reviewed every year."),
    )
    # Derived from the components on every save, so that lists need not read them.
    published_delivery = models.PositiveSmallIntegerField(default=0, editable=False)
    published_total = models.PositiveSmallIntegerField(default=0, editable=False)

    base_form_class = ServicePageForm
    parent_page_types = ["cms.AgencyPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["service"]
    template = "cms/service_page.html"
    search_fields = [
        *SitePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("requirements"),
        index.SearchField("procedure"),
        index.SearchField("products"),
        index.RelatedFields(
            "service",
            [
                index.SearchField("name"),
                index.RelatedFields("agency", [index.SearchField("name")]),
            ],
        ),
    ]
    edit_handler = standard_tabs()

    class Meta:
        verbose_name = _("service standard")
        verbose_name_plural = _("service standards")
        constraints = COMPONENT_CONSTRAINTS

    def clean(self) -> None:
        super().clean()
        errors = self._fee_errors()
        agency = self.section_agency()
        if self.service and agency and (refusal := service_refusal(self.service, agency)):
            errors["service"] = refusal
        if self.duration_value is not None and not self.duration_unit:
            errors["duration_unit"] = _("Choose the unit of the duration.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args, **kwargs):
        score = self.score()
        self.published_delivery, self.published_total = score.delivery, score.total
        return super().save(*args, **kwargs)

    def component_states(self) -> dict[str, State]:
        """State of each of the 14 components, in the order of the law."""
        filled = self._filled()
        return {
            key: completeness.state_of(getattr(self, f"{key}_state"), has_content=filled[key])
            for key in completeness.COMPONENTS
        }

    def parts(self) -> list[Part]:
        return parts_of(self.component_states())

    def parts_below_facts(self) -> list[str]:
        """Delivery components that say more than the line of facts on top of the page."""
        has_fee_details = self.fee_kind == FeeKind.TABLE or self.fee_text or self.fee_legal_reference
        return [
            "requirements",
            "procedure",
            *(["fee"] if has_fee_details else []),
            "complaint_handling",
        ]

    def score(self) -> Score:
        return completeness.score(self.component_states())

    def _filled(self) -> dict[str, bool]:
        own = {key: bool(getattr(self, key, None)) for key in completeness.COMPONENTS}
        complaints = self.complaint_channels or self.complaint_steps or self.complaint_limits
        return own | {
            "duration": self.duration_value is not None,
            "fee": bool(self.fee_kind),
            "complaint_handling": bool(complaints),
        }

    def _fee_errors(self) -> dict[str, str]:
        if self.fee_kind == FeeKind.AMOUNT and self.fee_amount is None:
            return {"fee_amount": _("Give the amount of the fee.")}
        if self.fee_kind == FeeKind.TABLE and not self.fee_table:
            return {"fee_table": _("Add at least one row to the table of amounts.")}
        if self.fee_kind == FeeKind.FORMULA and not (self.fee_text and self.fee_legal_reference):
            return {"fee_text": _("A formula needs its wording and its legal reference.")}
        return {}
