"""Instruments, surveys, service points and answers."""

from .abuse import OfficeNetwork, PostCount, ResponseConflict
from .collecting import QuestionnaireVersion, ServicePoint, ServicePointCode, Survey
from .devices import Device, DeviceRefusal
from .instruments import Element, Instrument, InstrumentVersion, InUse
from .pages import SurveyPage
from .paper import PaperBatch, PaperSheet
from .participation import Participation
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
from .visits import ScanCount, VisitIssue, VisitToken

__all__ = [
    "OPERATOR_CHANNELS",
    "SLOTS",
    "AgeBand",
    "Channel",
    "Device",
    "DeviceRefusal",
    "Education",
    "Element",
    "InUse",
    "Instrument",
    "InstrumentVersion",
    "Occupation",
    "OfficeNetwork",
    "PaperBatch",
    "PaperSheet",
    "Participation",
    "PostCount",
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
    "VisitIssue",
    "VisitToken",
]
