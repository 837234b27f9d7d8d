"""Reply templates of an office, and what was noticed about an answer that was sent."""

from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows.replying import unknown_signs

from .scopes import CalendarScope, ScopedQuerySet


class ReplyTemplate(CalendarScope):
    """One version of a text to begin an answer with. A version is never edited, only followed by the next."""

    family = models.UUIDField(default=uuid4, editable=False, db_index=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    is_current = models.BooleanField(_("in use"), default=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    body = models.TextField(_("text"), max_length=5000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    made_at = models.DateTimeField(_("written at"), editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta(CalendarScope.Meta):
        ordering = ["name", "-version"]
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        constraints = [
            *CalendarScope.Meta.constraints,
            models.UniqueConstraint(fields=["family", "version"], name="reply_template_version_once"),
            models.UniqueConstraint(
                fields=["family"], condition=Q(is_current=True), name="reply_template_has_one_current_version"
            ),
        ]

    def __str__(self):
        return f"{self.name} v{self.version}"

    def clean(self):
        super().clean()
        if bad := unknown_signs(self.body):
            message = _("Not allowed in a template: %(signs)s")
            raise ValidationError({"body": message % {"signs": ", ".join(bad)}}, code="unknown")


class AnswerCheck(models.Model):
    """How near an answer came to a template and to other answers, noted when it was sent, for whoever reviews it."""

    event = models.OneToOneField("workflows.ComplaintEvent", models.CASCADE, related_name="answer_check")
    complaint = models.ForeignKey("workflows.Complaint", models.CASCADE, related_name="answer_checks")
    # Of the words without numbers and names of the case, so that the same sentence is found again.
    fingerprint = models.CharField(max_length=64)
    template = models.ForeignKey(
        ReplyTemplate, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    likeness = models.PositiveSmallIntegerField(_("likeness in percent"), default=0)
    same_answers = models.PositiveIntegerField(_("same answers"), default=0)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("check of an answer")
        verbose_name_plural = _("checks of answers")
        indexes = [models.Index(fields=["fingerprint", "at"], name="answer_fingerprint")]

    def __str__(self):
        return f"{self.complaint_id} {self.likeness}%"
