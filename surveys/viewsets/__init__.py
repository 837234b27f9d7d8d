"""Staff screens inside the Wagtail admin."""

from .answers import ResponseViewSet, SurveyViewSet
from .library import QuestionSetViewSet
from .points import ServicePointViewSet

__all__ = ["QuestionSetViewSet", "ResponseViewSet", "ServicePointViewSet", "SurveyViewSet"]
