"""Words of the complaint screens."""

from datetime import datetime

from django import template
from django.templatetags.tz import do_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workflows.due_words import DueWords, Standing
from workflows.models import Complaint
from workflows.points import point_behind
from workflows.states import Reason

register = template.Library()


@register.filter
def due_words(words: DueWords | None) -> str:
    """``3 working days left``, ``today``, ``2 working days late`` …"""
    if words is None:
        return ""
    if words.standing is Standing.LATE:
        return _late(words.days)
    if words.standing in (Standing.OK, Standing.SOON):
        return _left(words.days)
    return {
        Standing.PAUSED: _("Waiting for you, the clock stands still"),
        Standing.DONE: _("Done"),
        Standing.NOT_MEASURED: _("No time limit"),
    }[words.standing]


@register.filter
def due_words_staff(words: DueWords | None) -> str:
    """The same for staff, who are not the ones waited for."""
    if words is not None and words.standing is Standing.PAUSED:
        return _("Waiting for the reporter")
    return due_words(words)


def _left(days: int) -> str:
    if days == 0:
        return _("today")
    return ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}


def _late(days: int) -> str:
    if days == 0:
        return _("late by less than a working day")
    return ngettext("%(days)d working day late", "%(days)d working days late", days) % {"days": days}


@register.filter
def as_hours(minutes: int) -> str:
    """Working time in words: ``45 min``, ``4 h``, ``7 h 30 min``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def in_zone_of(at: datetime | None, complaint: Complaint) -> datetime | None:
    """A moment in the time zone of the case's region, whoever reads it."""
    return do_timezone(at, complaint.region.zone) if at else None


@register.filter
def point_words(complaint: Complaint) -> str:
    """The service point whose code the reporter scanned; its bare code where it has been taken out of use."""
    code = complaint.service_point_code
    return code and (point_behind(code, complaint.region_id).name or code)


@register.filter
def reason_words(code: str, complaint: Complaint) -> str:
    """An official reason, or one of the region's own by the name it has there."""
    return str(Reason(code).label) if code in Reason.values else complaint.rules.name_of(code)
