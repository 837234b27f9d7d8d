"""Complaints and what their clocks stand on: calendars, hours and time limits."""

from .calendars import CalendarDay, CalendarLayer, CalendarRevision
from .categories import Category, ComplaintDesk, ReferenceCounter
from .clocks import ClockCycle, Leg
from .complaints import Complaint
from .events import ComplaintEvent
from .hours import WorkingHours, WorkingWindow
from .messages import Attachment, Message, PendingUpload
from .policies import CaseClass, SlaPolicy
from .reporters import IdentityAccess, Reporter
from .rulesets import LocalReason, RuleSet, RulesStamp
from .throttles import Throttle

__all__ = [
    "Attachment",
    "CalendarDay",
    "CalendarLayer",
    "CalendarRevision",
    "CaseClass",
    "Category",
    "ClockCycle",
    "Complaint",
    "ComplaintDesk",
    "ComplaintEvent",
    "IdentityAccess",
    "Leg",
    "LocalReason",
    "Message",
    "PendingUpload",
    "ReferenceCounter",
    "Reporter",
    "RuleSet",
    "RulesStamp",
    "SlaPolicy",
    "Throttle",
    "WorkingHours",
    "WorkingWindow",
]
