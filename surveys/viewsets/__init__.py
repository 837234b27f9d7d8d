"""Staff screens inside the Wagtail admin."""

from .answers import ResponseViewSet, SurveyViewSet
from .points import ServicePointViewSet

__all__ = ["ResponseViewSet", "ServicePointViewSet", "SurveyViewSet"]
