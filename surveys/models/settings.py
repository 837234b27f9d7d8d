"""What a region decides about its survey reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from surveys.numbering import Numbering

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

    panels = [FieldPanel("numbering")]

    class Meta:
        verbose_name = _("survey reports")
        verbose_name_plural = _("survey reports")
