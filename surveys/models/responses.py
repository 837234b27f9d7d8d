"""Answers. Append-only, typed where they are counted, as given elsewhere; nothing that names a person."""

from datetime import date
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Region, Service
from core.permissions import ALL_ROLES, scope_of

from .collecting import QuestionnaireVersion, ServicePoint, Survey
from .instruments import MAXIMUM_SCALE, MAXIMUM_SLOTS, InstrumentVersion

if TYPE_CHECKING:
    from core.models import User

SLOTS = range(1, MAXIMUM_SLOTS + 1)


class Channel(models.TextChoices):
    """How an answer reached us; reported beside every figure."""

    QR = "qr", _("QR code")
    LINK = "link", _("Link")
    KIOSK = "kiosk", _("Kiosk")
    PAPER = "paper", _("Paper")
    ASSISTED = "assisted", _("Assisted by an officer")
    INTERNAL = "internal", _("Internal")
    IMPORT = "import", _("Imported file")


# Entered by an officer, not by the respondent: shown as its own share in the quality flags.
OPERATOR_CHANNELS = frozenset({Channel.PAPER, Channel.ASSISTED, Channel.IMPORT})


class Sex(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class AgeBand(models.TextChoices):
    UNDER_17 = "under_17", _("Under 17")
    FROM_17 = "17_23", _("17 to 23")
    FROM_24 = "24_29", _("24 to 29")
    FROM_30 = "30_40", _("30 to 40")
    OVER_40 = "over_40", _("Over 40")


class Education(models.TextChoices):
    NONE = "none", _("No schooling")
    SD = "sd", _("Primary school (SD)")
    SMP = "smp", _("Junior high school (SMP)")
    SMA = "sma", _("Senior high school (SMA)")
    DIPLOMA = "diploma", _("Diploma (D1 to D4)")
    S1 = "s1", _("Bachelor (S1)")
    S2 = "s2", _("Master (S2)")
    S3 = "s3", _("Doctorate (S3)")


class Occupation(models.TextChoices):
    CIVIL_SERVANT = "civil_servant", _("Civil servant (PNS)")
    MILITARY = "military", _("Armed forces (TNI)")
    POLICE = "police", _("Police (POLRI)")
    PRIVATE = "private", _("Private employee")
    ENTREPRENEUR = "entrepreneur", _("Entrepreneur")
    OTHER = "other", _("Other")


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="agency__"))

    def countable(self) -> Self:
        """The index is made of complete forms; the others are reported beside it."""
        return self.filter(is_complete=True)

    def between(self, start: date | None, end: date | None) -> Self:
        """Half-open on local days: ``start`` included, ``end`` not."""
        rows = self if start is None else self.filter(period_on__gte=start)
        return rows if end is None else rows.filter(period_on__lt=end)


def _score() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True, blank=True)


def new_receipt() -> str:
    return uuid4().hex


class Response(models.Model):
    """One form. Where and under which text it was given is copied, so later moves do not rewrite it."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", db_index=False)
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="responses", db_index=False)
    instrument_version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="+", db_index=False)
    service_point = models.ForeignKey(
        ServicePoint, models.PROTECT, null=True, blank=True, related_name="responses", db_index=False
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="responses", db_index=False
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="responses", db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="responses", db_index=False)

    score_1 = _score()
    score_2 = _score()
    score_3 = _score()
    score_4 = _score()
    score_5 = _score()
    score_6 = _score()
    score_7 = _score()
    score_8 = _score()
    score_9 = _score()
    score_10 = _score()
    score_11 = _score()
    score_12 = _score()
    score_13 = _score()
    score_14 = _score()
    is_complete = models.BooleanField(default=False)

    comment = models.TextField(_("comment"), blank=True, default="")
    # {"<question id>": value}: the survey's own questions exactly as given.
    answers = models.JSONField(default=dict, blank=True)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, blank=True, default="")
    age_band = models.CharField(_("age"), max_length=8, choices=AgeBand, blank=True, default="")
    education = models.CharField(_("education"), max_length=8, choices=Education, blank=True, default="")
    occupation = models.CharField(_("occupation"), max_length=14, choices=Occupation, blank=True, default="")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    language = models.CharField(_("language"), max_length=8, default="id")
    submitted_at = models.DateTimeField(_("submitted at"))
    # The region's local day of submission (of an imported form: the day in the file).
    period_on = models.DateField(_("day"))
    # Arrived after the survey closed or its version was replaced; counted, and flagged.
    is_late = models.BooleanField(default=False)
    # A one-time visit token was spent on it. Which one is not kept: the visit stays apart from the answer.
    is_verified = models.BooleanField(_("verified visit"), default=False)
    # Seconds between showing the form and sending it; empty where nobody can know (paper, imports).
    seconds = models.PositiveIntegerField(_("seconds to fill in"), null=True, blank=True)
    # Kept on a device without network: when it was answered, with the device's clock set right, and how many seconds
    # that clock was ahead of ours when the answer was sent.
    captured_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    clock_offset = models.IntegerField(null=True, blank=True)
    # {"<element code>": why a low score was given}.
    reasons = models.JSONField(default=dict, blank=True)
    # What looked odd while it was filled in (codes, separated by a space). Never a reason to drop an answer.
    flags = models.CharField(max_length=120, blank=True, default="")
    # One of the flags above is grave enough that a figure is also given without this answer.
    is_flagged = models.BooleanField(default=False)
    # False until the answer is part of the stored tallies; until then it is counted live.
    is_tallied = models.BooleanField(default=False, editable=False)

    # Made with the form; the same key again is the same answer.
    key = models.UUIDField(unique=True)
    # Identity of a row in an imported file; empty for every other channel.
    import_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    payload_hash = models.CharField(max_length=64, blank=True, default="")
    # The database default makes the stored value come back with the insert: a receipt that is not ours is a replay.
    receipt = models.CharField(max_length=32, default=new_receipt, db_default="")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"score_{slot}__range": (1, MAXIMUM_SCALE) for slot in SLOTS}),
                name="response_scores_on_scale",
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="response_channel_known"),
        ]
        indexes = [
            models.Index(fields=["agency", "period_on"], name="response_agency_day"),
            models.Index(fields=["service", "period_on"], name="response_service_day"),
            models.Index(fields=["region", "period_on"], name="response_region_day"),
            models.Index(fields=["service_point", "period_on"], name="response_point_day"),
            models.Index(fields=["survey", "-submitted_at", "-id"], name="response_newest_first"),
            models.Index(fields=["agency"], name="response_not_tallied", condition=Q(is_tallied=False)),
        ]

    def __str__(self):
        return f"#{self.pk}"

    def score(self, slot: int) -> int | None:
        return getattr(self, f"score_{slot}")
