"""Complaints and what their clocks stand on: calendars, hours and time limits."""

from .calendars import CalendarDay, CalendarLayer, CalendarRevision
from .categories import Category, ComplaintDesk, ReferenceCounter
from .clocks import ClockCycle, Leg
from .complaints import Complaint
from .decrees import CalendarProposal, ProposalPage
from .events import ComplaintEvent
from .held import HeldEntry
from .hours import WorkingHours, WorkingWindow
from .messages import Attachment, Message, PendingUpload
from .policies import CaseClass, SlaPolicy
from .reminders import DeadlineCheck, EscalationRule, Reminder
from .reporters import IdentityAccess, Reporter
from .rulesets import LocalReason, RuleSet, RulesStamp
from .throttles import Throttle
from .weeks import AgencyWeek

__all__ = [
    "AgencyWeek",
    "Attachment",
    "CalendarDay",
    "CalendarLayer",
    "CalendarProposal",
    "CalendarRevision",
    "CaseClass",
    "Category",
    "ClockCycle",
    "Complaint",
    "ComplaintDesk",
    "ComplaintEvent",
    "DeadlineCheck",
    "EscalationRule",
    "HeldEntry",
    "IdentityAccess",
    "Leg",
    "LocalReason",
    "Message",
    "PendingUpload",
    "ProposalPage",
    "ReferenceCounter",
    "Reminder",
    "Reporter",
    "RuleSet",
    "RulesStamp",
    "SlaPolicy",
    "Throttle",
    "WorkingHours",
    "WorkingWindow",
]
