"""Staff screens inside the Wagtail admin."""

from .answers import ResponseViewSet, SurveyViewSet
from .devices import DeviceViewSet
from .library import QuestionSetViewSet
from .points import ServicePointViewSet

__all__ = ["DeviceViewSet", "QuestionSetViewSet", "ResponseViewSet", "ServicePointViewSet", "SurveyViewSet"]
