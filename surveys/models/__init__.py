"""Instruments, surveys, service points and answers."""

from .collecting import QuestionnaireVersion, ServicePoint, ServicePointCode, Survey
from .instruments import Element, Instrument, InstrumentVersion
from .pages import SurveyPage
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

__all__ = [
    "OPERATOR_CHANNELS",
    "SLOTS",
    "AgeBand",
    "Channel",
    "Education",
    "Element",
    "Instrument",
    "InstrumentVersion",
    "Occupation",
    "QuestionnaireVersion",
    "Response",
    "ServicePoint",
    "ServicePointCode",
    "Sex",
    "Survey",
    "SurveyPage",
]
