"""Reads behind the staff screens."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.models import Page

from core.models import User
from core.permissions import scope_of
from surveys.models import Response, ServicePoint, Survey, SurveyPage
from surveys.permissions import POINT_ACTIONS


def surveys_with_answers(queryset: QuerySet[Survey]) -> QuerySet[Survey]:
    """Adds ``answers``; counted in a subquery, so that other joins cannot multiply it."""
    counted = Response.objects.filter(survey=OuterRef("pk")).order_by().values("survey").annotate(n=Count("pk"))
    answers = Coalesce(Subquery(counted.values("n")), 0, output_field=IntegerField())
    return queryset.select_related("agency", "service", "current_version").annotate(answers=answers)


def surveys_to_hand_out(user: User) -> QuerySet[Survey]:
    """Surveys for which the person may set up a service point."""
    scope = scope_of(user).agency_q(POINT_ACTIONS["add"], prefix="agency__")
    return Survey.objects.filter(scope, current_version__isnull=False).select_related("agency")


def point_details(point: ServicePoint) -> dict[str, object]:
    """What the screen of one point shows besides its own fields; one query."""
    return {"previous_codes": list(point.previous_codes.select_related("revoked_by"))}


def surveys_with_answers_below(pages: Iterable[Page]) -> list[str]:
    """Titles of survey pages with answers among these pages and everything below them; one query each."""
    titles: list[str] = []
    for page in pages:
        answered = SurveyPage.objects.descendant_of(page, inclusive=True).filter(
            Exists(Response.objects.filter(survey=OuterRef("survey")))
        )
        titles += answered.values_list("title", flat=True)
    return titles
