"""Work on what citizens wrote: made when somebody takes up a comment, with every step kept. Never public."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.permissions import ALL_ROLES, scope_of
from surveys.comment_states import State

from .responses import Response

if TYPE_CHECKING:
    from core.models import User


class CommentState(models.TextChoices):
    NEW = State.NEW.value, _("New")
    IN_PROGRESS = State.IN_PROGRESS.value, _("In progress")
    DONE = State.DONE.value, _("Done")


class CommentCaseQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="response__agency__"))


class CommentCase(models.Model):
    """One comment that somebody works on; a comment without a row is new. Goes with its answer when that is erased."""

    response = models.OneToOneField(Response, models.CASCADE, related_name="comment_case")
    state = models.CharField(_("state"), max_length=12, choices=CommentState, default=CommentState.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="comment_cases",
        verbose_name=_("assigned to"),
    )
    changed_at = models.DateTimeField(_("changed at"))

    objects = CommentCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment in work")
        verbose_name_plural = _("comments in work")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CommentState.values), name="comment_state_known"),
        ]
        indexes = [models.Index(fields=["state", "-response"], name="comment_case_state")]

    def __str__(self):
        return f"#{self.response_id}"


class CommentEvent(models.Model):
    """One step: a move, an assignment, a note, or that somebody read what was masked."""

    class Action(models.TextChoices):
        MOVE = "move", _("Moved")
        ASSIGN = "assign", _("Assigned")
        NOTE = "note", _("Note")
        REVEAL = "reveal", _("Masked text read")

    case = models.ForeignKey(CommentCase, models.CASCADE, related_name="events")
    action = models.CharField(max_length=8, choices=Action)
    state = models.CharField(max_length=12, choices=CommentState)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(max_length=1000, blank=True, default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("step of a comment")
        verbose_name_plural = _("steps of comments")

    def __str__(self):
        return f"{self.case} {self.action}"
