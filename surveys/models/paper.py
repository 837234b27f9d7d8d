"""Paper forms on their way to becoming answers.

A sheet is a draft until its batch is closed; only then do answers exist. So a slip of the finger is corrected in the
draft and no answer is ever changed. Closing empties the drafts: what stays is who typed, when, and how well the two
entries agreed.
"""

from typing import TYPE_CHECKING, Self
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Service
from core.permissions import ALL_ROLES, scope_of

from .collecting import QuestionnaireVersion, ServicePoint, Survey

if TYPE_CHECKING:
    from core.models import User


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="agency__"))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class PaperBatch(models.Model):
    """Sheets of one printed version, filled in on one day at one place."""

    class Share(models.IntegerChoices):
        """How many of a hundred sheets a second person types without seeing the first entry."""

        NONE = 0, _("None")
        TENTH = 10, _("One in ten")
        QUARTER = 25, _("One in four")
        ALL = 100, _("Every sheet")

    # Every answer's key follows from it, so a batch closed twice is stored once.
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="paper_batches", verbose_name=_("agency"))
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="paper_batches", verbose_name=_("survey"))
    version = models.ForeignKey(
        QuestionnaireVersion, models.PROTECT, related_name="paper_batches", verbose_name=_("printed version")
    )
    point = models.ForeignKey(
        ServicePoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paper_batches",
        verbose_name=_("service point"),
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="paper_batches", verbose_name=_("service")
    )
    answered_on = models.DateField(_("day of answering"))
    expected = models.PositiveIntegerField(_("number of sheets"))
    check_share = models.PositiveSmallIntegerField(_("typed twice"), choices=Share, default=Share.TENTH)
    # {"sheets", "checked", "fields": [[name, compared, agreed, kappa or null], …]}: what the check came to, at closing.
    agreement = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = PaperBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("batch of paper forms")
        verbose_name_plural = _("batches of paper forms")
        constraints = [models.CheckConstraint(condition=Q(expected__gte=1), name="paper_batch_has_sheets")]

    def __str__(self):
        return gettext("Batch %(number)s") % {"number": self.pk}

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def key_of(self, number: int) -> UUID:
        """The key of the answer on a sheet: the same sheet can only ever be one answer."""
        return uuid5(self.key, str(number))


class PaperSheet(models.Model):
    """One sheet: typed once, perhaps a second time by somebody else, and where they differ settled by a named person.

    Values are form fields as typed ({"e_biaya": ["3"]}). A sheet that was not typed a second time has no ``second_at``.
    """

    batch = models.ForeignKey(PaperBatch, models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField(_("sheet"))
    first = models.JSONField(default=dict, blank=True)
    first_at = models.DateTimeField()
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    second = models.JSONField(default=dict, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # What the person who looked at the paper again decided, for the fields that differed.
    settled = models.JSONField(default=dict, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["batch", "number"]
        verbose_name = _("paper form")
        verbose_name_plural = _("paper forms")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="paper_sheet_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="paper_sheet_number_from_one"),
            # Blind means: by another person. An account that was removed leaves nobody to compare with.
            models.CheckConstraint(
                condition=Q(first_by__isnull=True) | Q(second_by__isnull=True) | ~Q(first_by=F("second_by")),
                name="paper_second_entry_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.batch_id}/{self.number}"
