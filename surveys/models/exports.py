"""Files of answers that are written in the background, and what became of them."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .collecting import ServicePoint, Survey
from .responses import Channel

if TYPE_CHECKING:
    from core.models import User


class ExportQuerySet(models.QuerySet["AnswerExport"]):
    def visible_to(self, user: "User") -> Self:
        """A file is for whoever asked for it; whether that person still may have it is asked again at the download."""
        return self.filter(requested_by=user) if user.is_authenticated else self.none()


class AnswerExport(models.Model):
    """One requested file: which answers, why, how far it is, and how to check it. The file goes when it expires."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        JSONL = "jsonl", "JSON Lines"
        XLSX = "xlsx", "XLSX"
        PARQUET = "parquet", "Parquet"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Deleted")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="exports", verbose_name=_("survey"))
    format = models.CharField(_("format"), max_length=8, choices=Format)
    first = models.DateField(_("from"), null=True, blank=True)
    last = models.DateField(_("to"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, blank=True, default="")
    point = models.ForeignKey(
        ServicePoint, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service point")
    )
    # Comments, reasons and own words of people; asked for by name, because they may say who wrote them.
    has_texts = models.BooleanField(_("with what people wrote"), default=False)
    reason = models.CharField(_("reason"), max_length=200)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    requested_at = models.DateTimeField(_("requested at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    rows_done = models.PositiveIntegerField(_("answers written"), default=0)
    # Name in the private storage; random, never built from what somebody typed.
    file = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField(_("deleted on"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("export of answers")
        verbose_name_plural = _("exports of answers")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="export_has_a_reason")]

    def __str__(self):
        return f"{self.survey} ({self.get_format_display()})"

    @property
    def is_underway(self) -> bool:
        return self.state in {self.State.WAITING, self.State.WRITING}

    @property
    def download_name(self) -> str:
        return f"{self.survey.slug}-{self.requested_at:%Y%m%d-%H%M}.{self.format}"
