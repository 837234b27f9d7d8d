"""Kiosks and officers' tablets that collect answers at a service point, also without network."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.permissions import ALL_ROLES, scope_of
from surveys.kiosk_hours import open_since

from .collecting import ServicePoint
from .responses import Channel

if TYPE_CHECKING:
    from core.models import User

IDLE_SECONDS = (15, 45)
# A device reports every minute; three missed reports are a hiccup, not silence.
SILENT_AFTER = timedelta(minutes=4)


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="service_point__agency__"))

    def enrolled(self) -> Self:
        return self.exclude(token_hash="")

    def for_sending(self) -> Self:
        """With everything a form and its storing need."""
        survey = "service_point__survey"
        return self.select_related(
            "service_point__service",
            "service_point__agency__region",
            f"{survey}__current_version",
            f"{survey}__agency__region",
            f"{survey}__service",
            f"{survey}__page",
        )


class Device(models.Model):
    """One machine at one point. Enrolled with a one-time code; only hashes of code and token are kept."""

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("Kiosk")
        TABLET = "tablet", _("Officer's tablet")

    class State(models.TextChoices):
        WAITING = "waiting", _("Not set up yet")
        REVOKED = "revoked", _("Revoked")
        REPORTING = "reporting", _("Reporting")
        CLOSED = "closed", _("Silent outside its hours")
        SILENT = "silent", _("Silent")

    service_point = models.ForeignKey(
        ServicePoint, models.PROTECT, related_name="devices", verbose_name=_("service point")
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.KIOSK)
    # See surveys/kiosk_hours.py; empty means always open.
    hours = models.JSONField(_("opening hours"), default=dict, blank=True)
    # Codes of surveys.definition.LANGUAGES; empty means every language of the survey.
    languages = models.JSONField(_("languages"), default=list, blank=True)
    idle_seconds = models.PositiveSmallIntegerField(
        _("seconds without a touch before the warning"),
        default=30,
        validators=[MinValueValidator(IDLE_SECONDS[0]), MaxValueValidator(IDLE_SECONDS[1])],
    )
    silent_minutes = models.PositiveSmallIntegerField(
        _("minutes of silence before a message"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )
    # Keeps the public's fingers off the officer's corner of a kiosk; no secret of the installation.
    pin = models.CharField(_("officer's PIN"), max_length=6, editable=False)

    code_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    code_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    token_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    enrolled_at = models.DateTimeField(_("set up at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)
    app_version = models.CharField(_("version"), max_length=32, blank=True, default="", editable=False)
    unsent = models.PositiveIntegerField(_("unsent answers"), default=0, editable=False)
    battery = models.PositiveSmallIntegerField(_("battery in percent"), null=True, blank=True, editable=False)
    # Set when somebody was told of a silence, empty again with the next report: one message per silence.
    silence_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["service_point", "name"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(fields=["service_point", "name"], name="device_name_once"),
            models.UniqueConstraint(fields=["code_hash"], name="device_code_once", condition=~Q(code_hash="")),
            models.CheckConstraint(condition=Q(idle_seconds__range=IDLE_SECONDS), name="device_idle_seconds"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_enrolled(self) -> bool:
        return bool(self.token_hash)

    @property
    def channel(self) -> Channel:
        return channel_of(self.kind)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.service_point.agency.region.zone)

    def is_open(self, moment: datetime) -> bool:
        return open_since(self.hours, self.local(moment)) is not None

    def silent_for(self, now: datetime) -> timedelta | None:
        """Silence inside the device's hours: since the last report or since it opened today; None outside them."""
        opened = open_since(self.hours, self.local(now))
        if opened is None or not self.is_enrolled:
            return None
        heard = self.last_seen_at or self.enrolled_at or now
        return now - max(heard, opened)

    def state(self, now: datetime | None = None) -> "Device.State":
        now = now or timezone.now()
        if not self.is_enrolled:
            return self.State.REVOKED if self.revoked_at else self.State.WAITING
        if self.last_seen_at and now - self.last_seen_at < SILENT_AFTER:
            return self.State.REPORTING
        return self.State.SILENT if self.silent_for(now) is not None else self.State.CLOSED


def channel_of(kind: str) -> Channel:
    """An officer's tablet records that somebody helped."""
    return Channel.ASSISTED if kind == Device.Kind.TABLET else Channel.KIOSK


class DeviceRefusal(models.Model):
    """An answer a device sent that could not be stored as it was: kept as sent until somebody has looked at it."""

    class Reason(models.TextChoices):
        SHAPE = "shape", _("Damaged on its way")
        TOKEN = "token", _("Not given on a form of ours")
        PLACE = "place", _("Given at another place")
        CLOSED = "closed", _("The survey was closed")
        ANSWERS = "answers", _("Answers do not fit the questionnaire")

    device = models.ForeignKey(Device, models.PROTECT, related_name="refusals")
    key = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    # {"<field>": "<fault>"}, never what was answered.
    faults = models.JSONField(default=dict)
    # As sent, as JSON text: a column of JSON cannot hold everything a damaged device may send.
    payload = models.TextField()
    # What the device's clock was ahead when it arrived; needed to try again.
    clock_offset = models.IntegerField(default=0)
    received_at = models.DateTimeField(_("received at"))
    stored_at = models.DateTimeField(null=True, blank=True)
    # When nobody had settled it in time: what was sent is gone, that something was lost stays.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("refused answer")
        verbose_name_plural = _("refused answers")
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="device_refusal_once")]

    def __str__(self):
        return f"#{self.pk}"
