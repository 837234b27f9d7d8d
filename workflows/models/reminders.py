"""The ladder of reminders as rows, what was sent under it, and the nightly check of all dates."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .clocks import ClockCycle
from .policies import SlaPolicy
from .scopes import CalendarScope, ScopedQuerySet


class EscalationRule(CalendarScope):
    """Who is told, at the opening of which day of a clock."""

    class Moment(models.TextChoices):
        PERCENT = "percent", _("when this share of the time has passed (%)")
        BEFORE = "before", _("working days before the due day")
        ON_DAY = "on_day", _("on this working day of the clock")
        AFTER = "after", _("working days after the due day")

    class To(models.TextChoices):
        OFFICER = "officer", _("Officer of the case, or the liaison officers")
        HEAD = "head", _("Head of the agency")
        DESK = "desk", _("Complaint desk")
        ADMIN = "admin", _("Regional administrator")
        ADDRESS = "address", _("E-mail address")

    clock = models.CharField(_("clock"), max_length=8, choices=SlaPolicy.Clock)
    moment = models.CharField(_("moment"), max_length=8, choices=Moment)
    number = models.PositiveSmallIntegerField(_("number"))
    to = models.CharField(_("to"), max_length=8, choices=To)
    address = models.EmailField(_("e-mail address"), blank=True, help_text=_("For example the regent's office."))
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta(CalendarScope.Meta):
        ordering = ["clock", "moment", "number", "pk"]
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints = [
            *CalendarScope.Meta.constraints,
            models.CheckConstraint(condition=~Q(to="address") | ~Q(address=""), name="rule_to_an_address_names_it"),
            models.CheckConstraint(condition=~Q(moment="percent") | Q(number__lte=100), name="rule_share_up_to_100"),
        ]

    def __str__(self):
        return f"{self.get_clock_display()}: {self.when} → {self.get_to_display()}"

    @property
    def when(self) -> str:
        """The moment in words."""
        words = {
            self.Moment.PERCENT: _("when %(number)s percent of the time has passed"),
            self.Moment.BEFORE: _("%(number)s working days before the due day"),
            self.Moment.ON_DAY: _("on working day %(number)s of the clock") if self.number else _("on its first day"),
            self.Moment.AFTER: _("%(number)s working days after the due day"),
        }
        return str(words[self.Moment(self.moment)]) % {"number": self.number}

    def clean(self) -> None:
        if self.to == self.To.ADDRESS and not self.address:
            raise ValidationError({"address": _("Enter the address.")})
        if self.moment == self.Moment.PERCENT and self.number > 100:
            raise ValidationError({"number": _("At most 100 percent.")})


class Reminder(models.Model):
    """One rule that came true for one clock and one person: at most once, whatever happens to the worker."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits for the digest")
        SENT = "sent", _("Sent")
        MISSED = "missed", _("Not sent: the case had moved on")
        NOBODY = "nobody", _("Not sent: nobody to send it to")

    clock = models.ForeignKey(ClockCycle, models.CASCADE, related_name="reminders")
    rule = models.ForeignKey(EscalationRule, models.PROTECT, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    # A rule may write to somebody without an account; empty where a user is named or nobody was found.
    address = models.EmailField(blank=True)
    # The opening time at which it was to go out; earlier than today: the worker had been stopped.
    due_at = models.DateTimeField(_("due"))
    recorded_at = models.DateTimeField(_("recorded at"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    is_late = models.BooleanField(_("sent later than planned"), default=False)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "rule", "user"], condition=Q(user__isnull=False), name="reminder_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["clock", "rule", "address"], condition=Q(user__isnull=True), name="reminder_once_per_address"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="reminder_waiting", condition=Q(status="waiting"))]

    def __str__(self):
        return f"{self.clock_id} {self.rule_id} {self.status}"


class DeadlineCheck(models.Model):
    """One recomputation of every running clock; differences are an alarm."""

    at = models.DateTimeField(_("at"))
    checked = models.PositiveIntegerField(_("clocks checked"), default=0)
    differences = models.PositiveIntegerField(_("differences"), default=0)
    # The first of them: reference, clock, stored date, computed date.
    examples = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("check of deadlines")
        verbose_name_plural = _("checks of deadlines")

    def __str__(self):
        return f"{self.at:%Y-%m-%d}: {self.differences}/{self.checked}"
