"""Complaints and what their clocks stand on: calendars, hours and time limits."""

from .arrivals import Gateway, InboundMessage
from .bridge import BridgeDay, BridgeImport, ExternalReport
from .calendars import CalendarDay, CalendarLayer, CalendarRevision
from .categories import Category, ComplaintDesk, ReferenceCounter
from .clocks import ClockCycle, Leg
from .complaints import Complaint
from .decrees import CalendarProposal, ProposalPage
from .desk_work import CaseReading, SavedFilter
from .events import ComplaintEvent
from .held import HeldEntry
from .hours import WorkingHours, WorkingWindow
from .links import UsedLink
from .messages import Attachment, Message, PendingUpload
from .parts import Arbiter, CasePart
from .policies import CaseClass, SlaPolicy
from .proofs import ChainCheck, ChainRoot
from .publicity import ConflictOfInterest, Follower, PublicEntry
from .questions import CaseAnswers, CategoryVersion
from .reminders import DeadlineCheck, EscalationRule, Reminder
from .replies import AnswerCheck, ReplyTemplate
from .reporter_policies import ReporterPolicy
from .reporters import IdentityAccess, Reporter
from .retention import ErasureReport, RetentionRule
from .routing import RoutingModel, RoutingRules
from .rulesets import LocalReason, RuleSet, RulesStamp
from .samples import Cause, Finding, SampledCase
from .satisfaction import Satisfaction, Verdict
from .throttles import Throttle
from .weeks import AgencyWeek

__all__ = [
    "AgencyWeek",
    "AnswerCheck",
    "Arbiter",
    "Attachment",
    "BridgeDay",
    "BridgeImport",
    "CalendarDay",
    "CalendarLayer",
    "CalendarProposal",
    "CalendarRevision",
    "CaseAnswers",
    "CaseClass",
    "CasePart",
    "CaseReading",
    "Category",
    "CategoryVersion",
    "Cause",
    "ChainCheck",
    "ChainRoot",
    "ClockCycle",
    "Complaint",
    "ComplaintDesk",
    "ComplaintEvent",
    "ConflictOfInterest",
    "DeadlineCheck",
    "ErasureReport",
    "EscalationRule",
    "ExternalReport",
    "Finding",
    "Follower",
    "Gateway",
    "HeldEntry",
    "IdentityAccess",
    "InboundMessage",
    "Leg",
    "LocalReason",
    "Message",
    "PendingUpload",
    "ProposalPage",
    "PublicEntry",
    "ReferenceCounter",
    "Reminder",
    "ReplyTemplate",
    "Reporter",
    "ReporterPolicy",
    "RetentionRule",
    "RoutingModel",
    "RoutingRules",
    "RuleSet",
    "RulesStamp",
    "SampledCase",
    "Satisfaction",
    "SavedFilter",
    "SlaPolicy",
    "Throttle",
    "UsedLink",
    "Verdict",
    "WorkingHours",
    "WorkingWindow",
]
