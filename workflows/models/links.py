"""Links of letters that were used: each opens its case once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UsedLink(models.Model):
    """No key to the outbox: that one is emptied on its own schedule, while a link must stay used."""

    letter = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("used link")
        verbose_name_plural = _("used links")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
