"""What a region decides about its survey reports."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from surveys.numbering import Numbering

# As sent they hold whole answers, comments included: long enough for a closed office, no longer.
REFUSALS_KEPT_DAYS = 30
NUMBERING_LABELS = {
    Numbering.REGULATION.value: _("As in the regulation: 8 complaints, 9 facilities"),
    Numbering.QUESTIONNAIRE.value: _("As in the questionnaire: 8 facilities, 9 complaints"),
}


@register_setting(icon="clipboard-list")
class SurveySettings(BaseSiteSetting):
    """Settings of the region whose site this is; data stays keyed by code whatever is chosen."""

    numbering = models.CharField(
        _("numbers of elements 8 and 9 in reports"),
        max_length=14,
        choices=NUMBERING_LABELS,
        default=Numbering.REGULATION.value,
    )

    refusals_kept_days = models.PositiveSmallIntegerField(
        _("days a device's refused answer is kept"),
        default=REFUSALS_KEPT_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_("Until then somebody can look at it and try again; afterwards what was sent is deleted."),
    )

    panels = [FieldPanel("numbering"), FieldPanel("refusals_kept_days")]

    class Meta:
        verbose_name = _("survey reports")
        verbose_name_plural = _("survey reports")
