"""Complaints and what their clocks stand on: calendars, hours and time limits."""

from .calendars import CalendarDay, CalendarLayer, CalendarRevision
from .hours import WorkingHours, WorkingWindow
from .policies import CaseClass, SlaPolicy

__all__ = [
    "CalendarDay",
    "CalendarLayer",
    "CalendarRevision",
    "CaseClass",
    "SlaPolicy",
    "WorkingHours",
    "WorkingWindow",
]
