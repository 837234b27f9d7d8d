"""What a region changes about the machine: who may make which move and do which act, what it does not use, its reasons.

A rule set is a draft, then published, then kept for ever; triggers refuse to change one that was published. The
official tables stand in the code (``workflows/moves.py``, ``workflows/acts.py``); a region without a rule set works by
them alone.
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Region
from core.permissions import ALL_ROLES, scope_of
from workflows.rulebook import KINDS, OFFICIAL, ReasonChoice, Rules

if TYPE_CHECKING:
    from core.models import User


class RulesStamp(models.Model):
    """A row that changes by a trigger whenever what it stands for does: so a process may keep that in memory.

    ``rules``: limits and rule sets. ``form``: everything the public form offers, villages left out.
    """

    NAME = "rules"
    FORM = "form"

    name = models.CharField(max_length=20, primary_key=True)
    token = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("stamp of the rules")
        verbose_name_plural = _("stamps of the rules")

    def __str__(self):
        return f"{self.name} {self.token}"


class RuleSetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Rule sets of the regions in which the person holds a role, and of the agencies' regions."""
        scope = scope_of(user)
        own = scope.region_q(ALL_ROLES) | scope.agency_q(ALL_ROLES, prefix="region__agencies__")
        return self.filter(own).distinct()


class RuleSet(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In force")
        RETIRED = "retired", _("Superseded")

    region = models.ForeignKey(Region, models.PROTECT, related_name="rule_sets", verbose_name=_("region"))
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # Differences from the official tables only, of moves and of acts:
    # {"close:verified": {"on": false, "roles": ["regional_admin"]}, "extend:on_hold": {"on": false}}.
    moves = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("why"), max_length=250, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # What the preview said when it was published.
    changes = models.JSONField(default=list, blank=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["region", "-number"]
        verbose_name = _("complaint rules")
        verbose_name_plural = _("complaint rules")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="rule_set_number_once"),
            models.UniqueConstraint(fields=["region"], condition=Q(state="draft"), name="one_draft_of_rules"),
            models.UniqueConstraint(fields=["region"], condition=Q(state="published"), name="one_rule_set_in_force"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False, published_by__isnull=False),
                name="published_rules_say_by_whom",
            ),
        ]

    def __str__(self):
        return f"{self.region} {self.number}"

    def rules(self) -> Rules:
        """This version as the machine reads it."""
        return Rules(self.number, self.moves, tuple(reason.choice for reason in self.reasons.all()))


class LocalReason(models.Model):
    """One reason of a rule set: an official one that is listed or hidden, or one of the region's own."""

    class Kind(models.TextChoices):
        REJECT = "reject", KINDS["reject"]
        REFER = "refer", KINDS["refer"]
        RETURN = "return", KINDS["return"]
        HOLD = "hold", KINDS["hold"]
        CLOSE = "close", KINDS["close"]

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="reasons", verbose_name=_("complaint rules"))
    kind = models.CharField(_("used for"), max_length=8, choices=Kind)
    # Kept with each event; a code once used never changes its meaning.
    code = models.SlugField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    is_official = models.BooleanField(_("official"), default=False, editable=False)
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ["kind", "position", "pk"]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "kind", "code"], name="reason_once_in_rule_set"),
        ]

    def __str__(self):
        return f"{self.kind} {self.code}"

    @property
    def label(self) -> str:
        """In words of the reader's language; an official reason is worded by the code."""
        return self.choice.label

    @property
    def choice(self) -> ReasonChoice:
        return ReasonChoice(self.kind, self.code, self.name, self.name_en, self.is_active)


# By the stamp of the rules, which a trigger changes with them: what stands here under the present stamp holds.
_kept: dict[tuple[str, int], Rules] = {}


def rules_in_force(region_id: int, stamp: str | None = None) -> Rules:
    """What holds in a region: one look-up of the stamp, none when it is known, and two more when it is new."""
    stamp = stamp or RulesStamp.objects.filter(name=RulesStamp.NAME).values_list("token", flat=True).first()
    if stamp is None:
        return OFFICIAL
    key = (stamp, region_id)
    rules = _kept.get(key)
    if rules is None:
        row = RuleSet.objects.filter(region=region_id, state=RuleSet.State.PUBLISHED).first()
        if any(known != stamp for known, _region in list(_kept)):
            _kept.clear()
        rules = _kept[key] = row.rules() if row else OFFICIAL
    return rules
