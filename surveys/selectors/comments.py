"""What citizens wrote, for the people who work on it. Never read by a public page.

Both the comment and the reasons of low scores count. Lists are cut by days and read page by page after a key, so the
last page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.models import Agency, Service, User
from core.permissions import scope_of
from surveys.models import CommentCase, CommentState, Response, ServicePoint
from surveys.permissions import COMMENT_WORKERS

PAGE = 25
# Days a list looks back; older ones are asked for by their own choice.
SPANS = (30, 90, 366)
WRITTEN = ~Q(comment="") | ~Q(reasons={})


@dataclass(frozen=True)
class Filters:
    """What an inbox is narrowed to; everything empty shows the last ninety days of all agencies visible."""

    days: int = 90
    state: str = ""
    agency: Agency | None = None
    service: Service | None = None
    point: ServicePoint | None = None
    mine: bool = False


@dataclass(frozen=True)
class InboxPage:
    """``after`` is the key of the next page, empty at the end."""

    rows: list[Response]
    after: str


def comments_visible_to(user: User) -> QuerySet[Response]:
    return Response.objects.visible_to(user).filter(WRITTEN)


def inbox_for(user: User, filters: Filters, *, after: str, now: datetime) -> InboxPage:
    """One page, the newest answer first; one query."""
    rows = filtered(user, filters, now)
    key = read_key(after)
    if key is not None:
        day, pk = key
        rows = rows.filter(Q(period_on__lt=day) | Q(period_on=day, pk__lt=pk))
    joined = ("agency", "service", "service_point", "version", "comment_case__assignee")
    found = list(rows.select_related(*joined).defer("version__rendered").order_by("-period_on", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return InboxPage(shown, write_key(shown[-1]) if len(found) > PAGE else "")


def filtered(user: User, filters: Filters, now: datetime) -> QuerySet[Response]:
    rows = comments_visible_to(user).filter(period_on__gt=now.date() - timedelta(days=filters.days))
    if filters.agency is not None:
        rows = rows.filter(agency__in=Agency.objects.within(filters.agency).values("pk"))
    given = {"service": filters.service, "service_point": filters.point}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.mine:
        rows = rows.filter(comment_case__assignee=user)
    if filters.state == CommentState.NEW:
        return rows.filter(Q(comment_case__isnull=True) | Q(comment_case__state=CommentState.NEW))
    return rows.filter(comment_case__state=filters.state) if filters.state else rows


def read_key(text: str) -> tuple[date, int] | None:
    """``2026-11-22.17`` as day and number; None for anything else."""
    day, dot, number = text.partition(".")
    if not dot or not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def write_key(row: Response) -> str:
    return f"{row.period_on.isoformat()}.{row.pk}"


def work_counts(user: User) -> Mapping[str, int]:
    """Comments in work and done, by state; small tables only, one query."""
    rows = CommentCase.objects.visible_to(user).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


def comment_for(user: User, pk: int) -> Response:
    """One answer with its comment. Raises ``Response.DoesNotExist`` beyond what the person may see."""
    joined = ("agency", "service", "service_point", "survey", "version", "comment_case__assignee")
    return comments_visible_to(user).select_related(*joined).get(pk=pk)


def may_work_on(user: User, response: Response) -> bool:
    return scope_of(user).covers(COMMENT_WORKERS, response.agency)


def workers_for(response: Response) -> QuerySet[User]:
    """Whom a comment may be given to: people of the agency, or above it, who work on comments."""
    chain = [int(part) for part in response.agency.path.split("/") if part]
    held = Q(role_assignments__agency__in=chain) | Q(role_assignments__region=response.region_id)
    people = User.objects.filter(held, role_assignments__role__in=COMMENT_WORKERS, is_active=True)
    return people.distinct().order_by("name")


def reasons_of(response: Response) -> list[tuple[str, Any, str]]:
    """Element, score and reason of each low score that was explained, in the words of its own version."""
    elements = {row["code"]: row for row in response.version.definition["elements"]}
    return [
        (elements[code]["name"]["id"], response.score(elements[code]["slot"]), text)
        for code, text in response.reasons.items()
        if code in elements
    ]
