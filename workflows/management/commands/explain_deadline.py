"""Print a due date and the reason of every day on the way.

Instants are ISO 8601; one without an offset is read in the zone of the agency. Without an agency the
national five-day calendar of Asia/Jakarta applies. `--as-known-on` counts with the calendar as it was known
on that day: decrees of a later date are left out.
"""

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, no_translations

from core.models import Agency
from workflows.calendar import NoWorkingTime, WorkingCalendar
from workflows.models import WorkingHours
from workflows.selectors.calendars import CalendarVersion, calendar_for, calendar_version
from workflows.selectors.deadlines import ExplainedDay, cautions, explain
from workflows.sla import Deadline, Pause, due_in_working_days, warn_after


class Command(BaseCommand):
    help = "Print when a case is due and why, day by day, with the source of each skipped day."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--received", required=True, metavar="ISO")
        parser.add_argument("--working-days", required=True, type=int, metavar="N")
        parser.add_argument("--agency", default="", metavar="CODE")
        parser.add_argument("--region", default="", metavar="CODE", help="when two regions share an agency code")
        parser.add_argument("--pause", nargs="+", action="extend", default=[], metavar="FROM/TO")
        parser.add_argument("--as-known-on", default="", metavar="DATE")
        parser.add_argument("--format", choices=("json", "table"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["format"] == "json"
        known_on = self._date(options["as_known_on"])
        agency = self._agency(options["agency"], options["region"])
        version = calendar_version()
        calendar = self._calendar(agency, known_on, version)
        deadline = self._deadline(calendar, options)
        if self.as_json:
            facts = _facts(deadline, agency, known_on, version)
            self.stdout.write(
                json.dumps(facts | {"working_days": options["working_days"]}, indent=1, ensure_ascii=False)
            )
            return
        self._print_table(deadline)

    def _calendar(self, agency: Agency | None, known_on: date | None, version: CalendarVersion) -> WorkingCalendar:
        try:
            return calendar_for(agency, known_on=known_on, version=version)
        except WorkingHours.DoesNotExist as error:
            self._refuse("no_calendar", f"{error}; run load_calendars")

    def _deadline(self, calendar: WorkingCalendar, options: dict[str, Any]) -> Deadline:
        received = self._instant(options["received"], calendar)
        pauses = [self._pause(text, calendar) for text in options["pause"]]
        try:
            return due_in_working_days(calendar, received, options["working_days"], pauses=pauses)
        except NoWorkingTime as error:
            self._refuse(error.code, str(error))
        except (ValueError, OverflowError) as error:
            self._refuse("invalid", str(error))

    def _agency(self, code: str, region: str) -> Agency | None:
        if not code:
            return None
        agencies = Agency.objects.select_related("region").filter(code=code)
        found = list(agencies.filter(region__code=region) if region else agencies)
        if not found:
            self._refuse("unknown_agency", f"there is no agency {code!r}")
        if len(found) > 1:
            self._refuse("ambiguous_agency", f"several regions have an agency {code!r}; name one with --region")
        return found[0]

    def _pause(self, text: str, calendar: WorkingCalendar) -> Pause:
        start, slash, end = text.partition("/")
        if not slash:
            self._refuse("invalid", f"a pause is written FROM/TO, not {text!r}")
        try:
            return Pause(self._instant(start, calendar), self._instant(end, calendar))
        except ValueError as error:
            self._refuse("invalid", f"{error}: {text!r}")

    def _instant(self, text: str, calendar: WorkingCalendar) -> datetime:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self._refuse("invalid", f"not a date and time in ISO 8601: {text!r}")
        return at if at.utcoffset() is not None else at.replace(tzinfo=calendar.zone)

    def _date(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._refuse("invalid", f"not a date in ISO 8601: {text!r}")

    def _refuse(self, code: str, message: str) -> NoReturn:
        if self.as_json:
            self.stdout.write(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
        raise CommandError(message)

    @no_translations
    def _print_table(self, deadline: Deadline) -> None:
        """In one language with the options and errors; holidays and sources are named as their decrees do."""
        for caution in cautions(deadline):
            self.stdout.write(self.style.WARNING(caution))
        self.stdout.write(f"{deadline.received:%Y-%m-%d %H:%M:%S %Z} → {deadline.due:%Y-%m-%d %H:%M:%S %Z}")
        for day in explain(deadline):
            self.stdout.write(_line(day))


def _line(day: ExplainedDay) -> str:
    hours = f"{day.opens:%H:%M}–{day.closes:%H:%M}" if day.opens and day.closes else ""
    why = " · ".join(text for text in (day.reason_text, day.name, day.source) if text)
    paused = f" [–{day.paused_minutes} min]" if day.paused_minutes else ""
    return f"{day.on:%Y-%m-%d} {day.weekday:<9} {hours:<11} {day.part:<14} {why}{paused}"


def _facts(
    deadline: Deadline, agency: Agency | None, known_on: date | None, version: CalendarVersion
) -> dict[str, Any]:
    return {
        "received": deadline.received.isoformat(),
        "due": deadline.due.isoformat(),
        "day_zero": deadline.day_zero.isoformat(),
        "agency": agency.code if agency else None,
        "zone": str(deadline.due.tzinfo),
        "as_known_on": known_on.isoformat() if known_on else None,
        "calendar_version": version.number,
        "credit_minutes": deadline.credit_minutes,
        "credit_days": deadline.credit_days,
        "warn_80_percent": warn_after(deadline, 80).isoformat(),
        "provisional": deadline.provisional,
        "years_without_decree": list(deadline.years_without_decree),
        "warnings": cautions(deadline),
        "days": [_day_facts(day) for day in explain(deadline)],
    }


def _day_facts(day: ExplainedDay) -> dict[str, Any]:
    return {
        "date": day.on.isoformat(),
        "role": day.role,
        "number": day.number,
        "reason": day.reason,
        "text": day.reason_text,
        "name": day.name,
        "source": day.source,
        "opens": day.opens.isoformat() if day.opens else None,
        "closes": day.closes.isoformat() if day.closes else None,
        "paused_minutes": day.paused_minutes,
        "provisional": day.provisional,
    }
