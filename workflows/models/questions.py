"""A topic's own questions as versions, and what was answered under which."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .categories import Category


class CategoryVersion(models.Model):
    """The questions of a topic from a moment on. The newest counts; an older one is never changed."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="versions", verbose_name=_("topic"))
    number = models.PositiveIntegerField(_("version"))
    # See ``workflows.questions.read_questions``; ids are never used again for something else.
    questions = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        ordering = ["category", "-number"]
        verbose_name = _("questions of a topic")
        verbose_name_plural = _("questions of topics")
        constraints = [models.UniqueConstraint(fields=["category", "number"], name="category_version_once")]

    def __str__(self):
        return f"{self.category} {self.number}"


class CaseAnswers(models.Model):
    """Answers to a topic's own questions, by question id, with the version that asked them."""

    complaint = models.OneToOneField("workflows.Complaint", models.CASCADE, related_name="own_answers")
    version = models.ForeignKey(CategoryVersion, models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("answers to a topic's questions")
        verbose_name_plural = _("answers to topics' questions")

    def __str__(self):
        return f"{self.complaint_id} {self.version_id}"
