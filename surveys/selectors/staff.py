"""Reads behind the staff screens."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from wagtail.models import Page

from core.models import User
from core.permissions import scope_of
from surveys.models import Cut, Grain, Response, ServicePoint, Survey, SurveyPage, TallyCell
from surveys.permissions import POINT_ACTIONS


def surveys_with_answers(queryset: QuerySet[Survey]) -> QuerySet[Survey]:
    """Adds ``answers``: from the tallies and those in no tally yet, in subqueries that other joins cannot multiply."""
    cells = TallyCell.objects.filter(survey_id=OuterRef("pk"), cut=Cut.ALL, grain=Grain.YEAR).order_by()
    stored = cells.values("survey_id").annotate(n=Sum("collected")).values("n")
    waiting = Response.objects.filter(is_tallied=False).annotate(own=Coalesce("survey_id", "survey_id")).order_by()
    live = waiting.filter(own=OuterRef("pk")).values("own").annotate(n=Count("pk")).values("n")
    parts = [Coalesce(Subquery(found, output_field=IntegerField()), 0) for found in (stored, live)]
    return queryset.select_related("agency", "service", "current_version").annotate(answers=parts[0] + parts[1])


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
