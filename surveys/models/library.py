"""Questions worth asking again: sets that editors copy into their surveys."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.fields import StreamField
from core.models import Agency
from core.permissions import ALL_ROLES, scope_of
from surveys.blocks import QuestionsBlock

if TYPE_CHECKING:
    from core.models import User


class QuestionSetQuerySet(models.QuerySet["QuestionSet"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the person's agencies, and what other agencies of the same regions share."""
        scope = scope_of(user)
        own = scope.agency_q(ALL_ROLES, prefix="agency__")
        if scope.is_superuser:
            return self.all()
        regions = Agency.objects.visible_to(user).values("region")
        return self.filter(own | Q(is_shared=True, agency__region__in=regions))


class QuestionSet(models.Model):
    """A copy never follows its source: answers belong to what was asked, not to the library."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="question_sets", verbose_name=_("agency"))
    title = models.CharField(_("title"), max_length=120)
    note = models.TextField(_("when to use it"), max_length=400, blank=True)
    questions = StreamField(QuestionsBlock(required=True), verbose_name=_("questions"))
    is_shared = models.BooleanField(
        _("offered to all agencies of the region"),
        default=False,
        help_text=_("Others can copy these questions, not change them."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuestionSetQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("question set")
        verbose_name_plural = _("question library")
        constraints = [models.UniqueConstraint(fields=["agency", "title"], name="question_set_title_once")]

    def __str__(self):
        return self.title
