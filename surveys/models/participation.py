"""That somebody took part in an internal survey, kept apart from what anybody answered.

``id`` is a keyed hash of survey, period and person; there is no column with a person, a time or an order, so a row can
be found by whoever asks "may this person still answer?" and cannot be laid beside an answer.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .collecting import Survey


class Participation(models.Model):
    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="participations")
    # First day of the period in which one person answers once; not the day of answering.
    period_on = models.DateField()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")

    def __str__(self):
        return f"{self.survey_id} {self.period_on}"
