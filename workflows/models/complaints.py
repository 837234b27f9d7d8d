"""One case: what was reported, where it stands, and when it falls due."""

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.models import Agency, District, Region, Service, Village
from core.permissions import scope_of
from workflows.permissions import AGENCY_READERS, REGION_READERS
from workflows.rulebook import Rules
from workflows.states import (
    FINAL_STATUSES,
    NEVER_PUBLIC,
    OPEN_STATUSES,
    PUBLIC_STATUS,
    RETURNS_BEFORE_ARBITER,
    Channel,
    Klass,
    Share,
    Status,
)

from .categories import Category
from .clocks import Leg
from .handling import handlers_of, has_other_reviewer
from .machine import ComplaintMachine
from .policies import CaseClass, SlaPolicy
from .publicity import ConflictOfInterest
from .rulesets import rules_in_force

if TYPE_CHECKING:
    from core.models import User


# Where a case without a due date stands in a list by due date.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)

UNENDED = Q(closed_at__isnull=True)

# By what a list may be narrowed and still be read along an index.
QUEUE_KEYS = {
    "status": ["region", "status"],
    "topic": ["region", "category"],
    "agency": ["current_agency"],
    "officer": ["assignee"],
}


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The desk and auditors see their region; an agency sees what was ever forwarded to it or a unit below.

        Nobody sees a case that names them or the office they work at (``ConflictOfInterest``).
        """
        scope = scope_of(user)
        if scope.is_superuser:
            return self
        legs = Leg.objects.filter(scope.agency_q(AGENCY_READERS, prefix="agency__"), complaint=OuterRef("pk"))
        named = ConflictOfInterest.objects.of(user).filter(complaint=OuterRef("pk"))
        return self.filter(scope.region_q(REGION_READERS) | Q(Exists(legs))).exclude(Exists(named))

    def whole(self) -> Self:
        """What was reported, once each: not the parts that agencies work on."""
        return self.exclude(share=Share.PART)

    def open(self) -> Self:
        return self.filter(status__in=OPEN_STATUSES)

    def listed(self) -> Self:
        """What a public list may show: neither confidential nor still unchecked."""
        return self.whole().filter(is_confidential=False).exclude(status__in=NEVER_PUBLIC)


class Complaint(ComplaintMachine):
    # Foreign keys have no index of their own where one of those below begins with them or nobody asks by them:
    # each would cost every new case and every step a write.
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="complaints", db_index=False, verbose_name=_("region")
    )
    reference = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    # Hash of the form's token: the same form sent twice is one complaint. Cases from elsewhere have none.
    form_key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001  unique if known

    klass = models.CharField(_("class"), max_length=20, choices=Klass, default=Klass.COMPLAINT)
    is_supervision = models.BooleanField(_("needs an inspection"), default=False)
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("description"))
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        db_index=False,
        verbose_name=_("category"),
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        db_index=False,
        verbose_name=_("service"),
    )
    agency_hint = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("agency named by the reporter"),
    )
    service_point_code = models.CharField(_("service point"), max_length=20, blank=True)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("district")
    )
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("village")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    incident_on = models.DateField(_("date of the incident"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    received_at = models.DateTimeField(_("received at"))
    entered_at = models.DateTimeField(_("entered at"))
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    is_confidential = models.BooleanField(_("confidential"), default=False)

    current_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False, verbose_name=_("agency")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cases",
        db_index=False,
        verbose_name=_("officer"),
    )
    # Who answered, closed or rejected last; who ever did: ``handlers``.
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        db_index=False,
        verbose_name=_("merged with"),
    )
    referred_to = models.CharField(_("referred to"), max_length=200, blank=True)
    referred_number = models.CharField(_("number there"), max_length=60, blank=True)
    sp4n_tracking = models.CharField(_("SP4N tracking number"), max_length=20, blank=True, db_index=True)
    sp4n_entered_on = models.DateField(_("entered in SP4N on"), null=True, blank=True)

    # Number of events written so far. Every change writes one, so it detects every lost update.
    version = models.PositiveIntegerField(default=0, editable=False)
    # Hash of the last event; a chain cut short at its end no longer fits it.
    head_hash = models.CharField(max_length=64, blank=True, editable=False)
    policy = models.ForeignKey(
        SlaPolicy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        db_index=False,
        verbose_name=_("time limit"),
    )
    # The number of the CalendarRevision behind the cached dates below; 0 where none was recorded.
    calendar_version = models.PositiveIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True, editable=False)
    respond_due_at = models.DateTimeField(_("first answer due"), null=True, blank=True, editable=False)
    # Due date of whoever has the next move; null where nobody has one.
    next_due_at = models.DateTimeField(_("next step due"), null=True, blank=True, editable=False)
    # The same without gaps, so that one index leads through a queue.
    queue_at = models.GeneratedField(
        expression=Coalesce("next_due_at", Value(NEVER)), output_field=models.DateTimeField(), db_persist=True
    )
    # Since when words of the reporter wait on an answered or ended case (``services.hearing``).
    unheard_since = models.DateTimeField(_("reporter waits to be heard since"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            # What waits, by due date; what has ended is not in these.
            *(
                models.Index(
                    fields=[*by, "queue_at", "id"], condition=Q(closed_at__isnull=True), name=f"queue_by_{name}"
                )
                for name, by in QUEUE_KEYS.items()
            ),
            # Everything, newest first.
            *(
                models.Index(fields=[*by, "received_at", "id"], name=f"cases_by_{name}")
                for name, by in {**QUEUE_KEYS, "region": ["region"]}.items()
            ),
            # The few that two agencies have given back.
            models.Index(
                fields=["region", "status", "queue_at", "id"],
                condition=Q(closed_at__isnull=True, return_count__gte=RETURNS_BEFORE_ARBITER),
                name="queue_for_arbiter",
            ),
            # The few that were opened again and may lie elsewhere than with who answered.
            models.Index(
                fields=["status", "queue_at", "id"],
                condition=Q(closed_at__isnull=True, cycle__gt=1),
                name="queue_opened_again",
            ),
            # The few whose reporter wrote after the answer or the end.
            models.Index(
                fields=["region", "queue_at", "id"], condition=Q(unheard_since__isnull=False), name="queue_unheard"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="merged_cases"),
            models.Index(fields=["status", "next_due_at"], name="complaint_sweep"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_at__gte=F("received_at")), name="complaint_received_before_entered"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="complaint_status_known"),
            models.CheckConstraint(
                condition=~Q(status=Status.DUPLICATE) | Q(parent__isnull=False), name="duplicate_has_a_parent"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.FORWARDED, Status.IN_PROGRESS, Status.ON_HOLD))
                | Q(current_agency__isnull=False)
                | Q(status=Status.IN_PROGRESS, share=Share.WHOLE),
                name="forwarded_case_has_an_agency",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED) | Q(closed_at__isnull=False) & ~Q(closed_by=""),
                name="closed_case_says_by_whom",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def rules(self) -> Rules:
        """Who may do what with it now; no statement where the row was read with the stamp of the rules."""
        known: Rules | None = self.__dict__.get("_rules")
        if known is None:
            known = rules_in_force(self.region_id, self.__dict__.get("stamp_of_rules"))
            self.__dict__["_rules"] = known
        return known

    @cached_property
    def handlers(self) -> frozenset[int]:
        """Who answered, closed or rejected it in any cycle, by id: a review goes to somebody else."""
        last = {self.handled_by_id} if self.handled_by_id else set()
        return handlers_of(self.pk) | last

    @cached_property
    def has_other_reviewer(self) -> bool:
        return has_other_reviewer(self.pk, self.region_id, self.handlers)

    @property
    def case_class(self) -> str:
        """The class under which a time limit is looked up."""
        if self.klass == Klass.COMPLAINT:
            return CaseClass.SUPERVISION if self.is_supervision else CaseClass.COMPLAINT
        return CaseClass.ASPIRATION if self.klass == Klass.ASPIRATION else CaseClass.INFORMATION

    @property
    def public_status(self) -> str:
        return PUBLIC_STATUS[Status(self.status)]

    # Django's own look-up hashes every label, which translates them all, for each row of a list.
    def get_status_display(self) -> str:
        return str(Status(self.status).label)

    def get_channel_display(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def is_part(self) -> bool:
        return self.share == Share.PART

    @property
    def is_split(self) -> bool:
        """It waits for the answers of its parts, or with one of them for its reporter."""
        stage = self.asked_from if self.status == Status.NEEDS_INFO else self.status
        return self.share == Share.WHOLE and stage == Status.IN_PROGRESS and self.current_agency_id is None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES

    @property
    def is_paused(self) -> bool:
        """The clock stands still while the reporter is asked."""
        return self.status == Status.NEEDS_INFO
