"""The 14 components of a service standard as structured fields (UU 25/2009 art. 21; PermenPANRB 15/2014).

Abstract: `ServicePage` takes both halves. Each component has a ``…_state``: empty means "as filled in below",
so that "nobody filled it in" is never confused with "nothing is required".
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock

from cms.blocks import (
    ChannelBlock,
    CompetenceBlock,
    FacilityBlock,
    LimitBlock,
    RateBlock,
    RegulationBlock,
    RequirementBlock,
    StaffBlock,
    StepBlock,
    Unit,
)
from cms.completeness import State
from cms.fields import StreamField


class Declaration(models.TextChoices):
    FILLED_IN = "", _("As filled in below")
    NONE_REQUIRED = State.NONE_REQUIRED.value, _("Nothing is required")
    NOT_APPLICABLE = State.NOT_APPLICABLE.value, _("Does not apply to this service")


class FeeKind(models.TextChoices):
    FREE = "free", _("Free of charge")
    AMOUNT = "amount", _("One amount")
    TABLE = "table", _("Table of amounts")
    AT_COST = "at_cost", _("At cost")
    FORMULA = "formula", _("Computed by a formula")


def state_field() -> models.CharField:
    return models.CharField(
        _("state"),
        max_length=16,
        choices=Declaration,
        default=Declaration.FILLED_IN,
        blank=True,
    )


class DeliveryComponents(models.Model):
    """The six components that must be published to users."""

    requirements_state = state_field()
    requirements = StreamField(
        [("requirement", RequirementBlock())],
        verbose_name=_("requirements"),
        blank=True,
    )

    procedure_state = state_field()
    procedure = StreamField([("step", StepBlock())], verbose_name=_("steps"), blank=True)
    procedure_chart = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("flow chart"),
    )

    duration_state = state_field()
    duration_qualifier = models.CharField(
        _("qualifier"),
        max_length=60,
        blank=True,
        help_text=_("Example: at the latest."),
    )
    duration_value = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    # No default: "hari" and "hari kerja" are different promises.
    duration_unit = models.CharField(_("unit"), max_length=12, choices=Unit, blank=True)
    duration_starts = models.CharField(
        _("counted from"),
        max_length=150,
        blank=True,
        help_text=_("When the clock starts. Example: after the file is complete."),
    )

    fee_state = state_field()
    fee_kind = models.CharField(_("kind of fee"), max_length=10, choices=FeeKind, blank=True)
    fee_amount = models.DecimalField(_("amount (rupiah)"), max_digits=14, decimal_places=2, null=True, blank=True)
    fee_table = StreamField([("rate", RateBlock())], verbose_name=_("table of amounts"), blank=True)
    fee_text = models.TextField(
        _("formula or explanation"),
        max_length=500,
        blank=True,
        help_text=_("How the fee is found, in plain words."),
    )
    fee_legal_reference = models.CharField(
        _("legal reference of the fee"),
        max_length=250,
        blank=True,
        help_text=_("Regulation and article."),
    )

    products_state = state_field()
    products = StreamField(
        [("product", CharBlock(label=_("Document or result"), max_length=200))],
        verbose_name=_("products"),
        blank=True,
    )

    complaint_handling_state = state_field()
    complaint_channels = StreamField([("channel", ChannelBlock())], verbose_name=_("channels"), blank=True)
    complaint_steps = StreamField([("step", StepBlock())], verbose_name=_("steps"), blank=True)
    complaint_limits = StreamField([("limit", LimitBlock())], verbose_name=_("time limits"), blank=True)

    class Meta:
        abstract = True


class ManagementComponents(models.Model):
    """The eight components of managing the service inside the agency."""

    legal_basis_state = state_field()
    legal_basis = StreamField([("regulation", RegulationBlock())], verbose_name=_("legal basis"), blank=True)

    facilities_state = state_field()
    facilities = StreamField([("facility", FacilityBlock())], verbose_name=_("facilities"), blank=True)

    competence_state = state_field()
    competence = StreamField([("post", CompetenceBlock())], verbose_name=_("competence"), blank=True)

    supervision_state = state_field()
    supervision = StreamField(
        [("item", CharBlock(label=_("Who checks what"), max_length=300))],
        verbose_name=_("internal supervision"),
        blank=True,
    )

    staffing_state = state_field()
    staffing = StreamField([("post", StaffBlock())], verbose_name=_("number of officers"), blank=True)

    service_guarantee_state = state_field()
    service_guarantee = models.TextField(_("service guarantee"), max_length=1000, blank=True)

    safety_guarantee_state = state_field()
    safety_guarantee = models.TextField(_("safety guarantee"), max_length=1000, blank=True)

    evaluation_state = state_field()
    evaluation = models.TextField(_("performance evaluation"), max_length=1000, blank=True)
    evaluation_frequency = models.CharField(
        _("how often"), max_length=100, blank=True, help_text=_("Example: once a year.")
    )

    class Meta:
        abstract = True


COMPONENT_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(duration_value__isnull=True) | ~Q(duration_unit=""),
        name="standard_duration_has_a_unit",
        violation_error_message=_("Choose the unit of the duration."),
    ),
    models.CheckConstraint(
        condition=~Q(fee_kind=FeeKind.AMOUNT) | Q(fee_amount__isnull=False),
        name="standard_fee_has_an_amount",
        violation_error_message=_("Give the amount of the fee."),
    ),
]
