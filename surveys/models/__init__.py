"""Instruments, surveys, service points and answers."""

from .abuse import OfficeNetwork, PostCount, ResponseConflict
from .collecting import QuestionnaireVersion, ServicePoint, ServicePointCode, Survey
from .comments import CommentCase, CommentEvent, CommentState
from .devices import Device, DeviceRefusal
from .exports import AnswerExport
from .instruments import Element, Instrument, InstrumentVersion, InUse
from .library import QuestionSet
from .pages import SurveyPage
from .paper import PaperBatch, PaperSheet
from .participation import Participation
from .publications import PublishedIndex
from .responses import (
    OPERATOR_CHANNELS,
    SLOTS,
    AgeBand,
    Channel,
    Education,
    Occupation,
    Response,
    Sex,
)
from .settings import SurveySettings
from .tallies import Cut, Grain, Level, TallyCell, TallyLock
from .targets import SurveyTarget
from .visits import ScanCount, VisitIssue, VisitToken

__all__ = [
    "OPERATOR_CHANNELS",
    "SLOTS",
    "AgeBand",
    "AnswerExport",
    "Channel",
    "CommentCase",
    "CommentEvent",
    "CommentState",
    "Cut",
    "Device",
    "DeviceRefusal",
    "Education",
    "Element",
    "Grain",
    "InUse",
    "Instrument",
    "InstrumentVersion",
    "Level",
    "Occupation",
    "OfficeNetwork",
    "PaperBatch",
    "PaperSheet",
    "Participation",
    "PostCount",
    "PublishedIndex",
    "QuestionSet",
    "QuestionnaireVersion",
    "Response",
    "ResponseConflict",
    "ScanCount",
    "ServicePoint",
    "ServicePointCode",
    "Sex",
    "Survey",
    "SurveyPage",
    "SurveySettings",
    "SurveyTarget",
    "TallyCell",
    "TallyLock",
    "VisitIssue",
    "VisitToken",
]
