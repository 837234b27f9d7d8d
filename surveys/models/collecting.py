"""What collects answers: the survey, its frozen questionnaires and the places that hand it out.

Pages show a survey; they never own its answers. Everything an answer points at is protected.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, Service
from core.permissions import ALL_ROLES, scope_of
from surveys.codes import LENGTH, grouped
from surveys.definition import content_hash

from .instruments import InstrumentVersion

if TYPE_CHECKING:
    from core.models import User


class OwnedQuerySet(models.QuerySet):
    """Rows that belong to an agency."""

    def visible_to(self, user: "User") -> Self:
        return self.filter(scope_of(user).agency_q(ALL_ROLES, prefix="agency__"))


class SurveyQuerySet(OwnedQuerySet):
    def open(self) -> Self:
        """Takes answers now: switched on and published at least once."""
        return self.filter(is_open=True, current_version__isnull=False)


class Survey(models.Model):
    """The collecting record of one agency. Its page may be moved, unpublished or deleted; this row stays."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="surveys", verbose_name=_("agency"))
    # Empty: the survey serves several services of the agency, known from the service point or asked.
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name=_("service")
    )
    title = models.CharField(_("title"), max_length=200)
    instrument_version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, related_name="surveys", verbose_name=_("instrument")
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Service.Audience, default=Service.Audience.PUBLIC)
    is_open = models.BooleanField(_("open for answers"), default=True)
    # When its page was unpublished: whoever had the form open by then may still send it (``opening.GRACE``).
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    current_version = models.ForeignKey(
        "QuestionnaireVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # Comments and written answers are deleted this many months after they came; empty keeps them.
    texts_kept_months = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("demo data"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def __str__(self):
        return self.title

    def was_open_at(self, moment: datetime) -> bool:
        return self.is_open or (self.closed_at is not None and moment < self.closed_at)


class QuestionnaireVersion(models.Model):
    """A questionnaire as published: canonical, hashed, with the rendered questions kept beside it.

    A new major number means that answers changed their meaning or set; a minor one that only wording did.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    instrument_version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="questionnaires")
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField(default=0)
    # See surveys/definition.py for its shape.
    definition = models.JSONField()
    semantic_hash = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)
    # {"id": "<fieldset>…", "en": …}: showing a form costs one read and a token.
    rendered = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["survey", "-major", "-minor"]
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        constraints = [
            models.UniqueConstraint(fields=["survey", "major", "minor"], name="questionnaire_number_once"),
            models.UniqueConstraint(fields=["survey", "content_hash"], name="questionnaire_content_once"),
        ]

    def __str__(self):
        return f"{self.survey} {self.number}"

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def is_intact(self) -> bool:
        """Whether the text still is what was published."""
        return content_hash(self.definition) == self.content_hash


class ServicePointQuerySet(OwnedQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)


class ServicePoint(models.Model):
    """A counter, room or desk whose poster carries a signed code."""

    class Kind(models.TextChoices):
        COUNTER = "counter", _("Counter")
        ROOM = "room", _("Room")
        DESK = "desk", _("Officer's desk")
        KIOSK = "kiosk", _("Kiosk")
        MOBILE = "mobile", _("Mobile service")
        ONLINE = "online", _("Online service")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="service_points", verbose_name=_("agency"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="service_points", verbose_name=_("service")
    )
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="service_points", verbose_name=_("survey"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COUNTER)
    code = models.CharField(_("code"), max_length=LENGTH, unique=True, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ServicePointQuerySet.as_manager()

    class Meta:
        ordering = ["agency", "name"]
        verbose_name = _("service point")
        verbose_name_plural = _("service points")

    def __str__(self):
        return self.name

    @property
    def printed_code(self) -> str:
        """As a poster shows it in text, so that an overlaid sticker can be noticed."""
        return grouped(self.code)


class ServicePointCode(models.Model):
    """A code a point once bore. It is never given out again and opens the neutral page."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="previous_codes")
    code = models.CharField(_("code"), max_length=LENGTH, unique=True)
    revoked_at = models.DateTimeField(_("revoked at"))
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ["-revoked_at"]
        verbose_name = _("revoked code")
        verbose_name_plural = _("revoked codes")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="revoked_code_has_a_reason")]

    def __str__(self):
        return grouped(self.code)
