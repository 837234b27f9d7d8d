"""The rows of a list of cases, written by Python: the one place where HTML does not stand in a template.

Twenty-five rows are what a queue's page mostly consists of, and Django's templates took a third of the page's time for
them: each row asked for the same words, labels, dates and addresses again. Here they are looked up once per page.
Everything is put in by ``format_html``, which escapes it. Leaves out the table around the rows: ``queue_table.html``.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django import template
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workflows.due_words import DueWords, Standing
from workflows.models import Complaint
from workflows.states import Channel, Status
from workflows.templatetags.workflow_tags import due_words_staff

register = template.Library()
EMPTY = mark_safe("")
ROW = """<tr data-case{marked}>
{choice}<td>{news}
<a class="s-table__title" href="{address}">{title}</a>
<span class="s-table__sub">{about}</span></td>
<td><span class="s-due s-due--{standing}">{due}</span>
{due_on}</td>
<td><span class="s-chip s-chip--{status}">{label}</span></td>
<td>{office}{officer}</td>
<td>{received}<span class="s-table__sub">{channel}</span></td>
</tr>
"""
CHOICE = (
    '<td class="s-choose"><input type="checkbox" name="case" value="{reference}:{version}" aria-label="{label}"></td>\n'
)
SUB = '<span class="s-table__sub">{}</span>'
NEWS = '<span class="s-new">{}</span>'
DESK = '<span class="s-muted">{}</span>'


@register.simple_tag
def case_rows(rows: Iterable[tuple[Complaint, DueWords]], choosing: object = None) -> SafeString:
    """A row for each case with the words for its deadline; ``choosing`` adds a box to tick and what is new."""
    page = _Page(bool(choosing))
    return mark_safe("".join(page.row(case, words) for case, words in rows))  # noqa: S308  each row is escaped


class _Page:
    """What is looked up once for all rows of a page."""

    def __init__(self, choosing: bool):
        self.choosing = choosing
        self.changed, self.new = _("changed"), _("new")
        self.confidential, self.part = _("confidential"), _("part of a case")
        self.wrote = _("reporter has written")
        self.several, self.desk = _("several agencies"), format_html(DESK, _("Complaint desk"))
        self.status = cache(lambda code: str(Status(code).label))
        self.channel = cache(lambda code: str(Channel(code).label))
        self.due = cache(due_words_staff)
        self.on = cache(format_date)

    def row(self, case: Complaint, words: DueWords) -> SafeString:
        zone = case.region.zone
        return format_html(
            ROW,
            marked=format_html(' class="s-is-{}"', words.standing) if words.standing in _MARKED else EMPTY,
            choice=self._choice(case) if self.choosing else EMPTY,
            news=self._news(case) if self.choosing else EMPTY,
            address=reverse("complaints:case", args=[case.reference]),
            title=case.title,
            about=" · ".join(self._about(case)),
            standing=words.standing,
            due=self.due(words),
            due_on=format_html(SUB, self._day(case.next_due_at.astimezone(zone), "D, j M Y"))
            if case.next_due_at
            else EMPTY,
            status=case.status,
            label=self.status(case.status),
            office=self._office(case),
            officer=format_html(SUB, case.assignee) if case.assignee else EMPTY,
            received=self._day(case.received_at.astimezone(zone), "j M Y"),
            channel=self.channel(case.channel),
        )

    def _day(self, at: datetime, shape: str) -> str:
        return self.on(at.date(), shape)

    def _choice(self, case: Complaint) -> SafeString:
        label = _("Choose %(reference)s") % {"reference": case.reference}
        return format_html(CHOICE, reference=case.reference, version=case.version, label=label)

    def _news(self, case: Complaint) -> SafeString:
        read: int | None = case.read_version  # type: ignore[attr-defined]
        if read == case.version:
            return EMPTY
        return format_html(NEWS, self.changed if read else self.new)

    def _about(self, case: Complaint) -> Iterable[str]:
        yield case.reference
        yield from (str(row) for row in (case.category, case.district) if row)
        if case.is_confidential:
            yield self.confidential
        if case.is_part:
            yield self.part
        if case.unheard_since:
            yield self.wrote

    def _office(self, case: Complaint) -> str:
        if case.current_agency:
            return case.current_agency.short_name
        return self.several if case.is_split else self.desk


_MARKED = (Standing.LATE, Standing.SOON)
