"""Import survey forms from a CSV or XLSX file; see ``surveys/services/imports.py`` for the rules."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.importing import DAY, ColumnMap, WrongColumns
from surveys.importtexts import ROW_FAULT_MESSAGES, TROUBLE_MESSAGES
from surveys.models import Survey
from surveys.services.imports import ImportReport, NotPublished, import_responses
from surveys.sheets import MAXIMUM_BYTES, UnreadableFile

SHOWN = 50
NOTHING_WRITTEN, SOME_REFUSED = 1, 2


class Command(BaseCommand):
    help = (
        "Import forms (CSV or XLSX) into a survey. Columns: the element codes of the survey's instrument; optional "
        "submitted_on, service_code, service_name or institution, row. Nothing is written when any row is refused, "
        "unless --skip-invalid is given; rows imported before are reported as duplicates and left alone. "
        "Exit code 0: all well, 1: nothing written, 2: written without the refused rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", required=True, metavar="SLUG")
        parser.add_argument(
            "--map",
            type=Path,
            help="JSON file: columns (our name to the file's), defaults (our name to a value), date_format (strptime)",
        )
        parser.add_argument("--date", type=date.fromisoformat, help="day of forms in a file without submitted_on")
        parser.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
        parser.add_argument("--skip-invalid", action="store_true", help="write the good rows, report the others")
        parser.add_argument("--allow-incomplete", action="store_true", help="accept forms with open elements")

    # In one language with its options and with the errors of every command.
    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        survey = _survey(options["survey"])
        report = _import(survey, options)
        self._print(report)
        if report.refusals:
            rows = len(report.rejected_lines)
            if report.written:
                raise CommandError(_("%(rows)s rows were refused.") % {"rows": rows}, returncode=SOME_REFUSED)
            raise CommandError(
                _("Nothing was written: %(rows)s rows were refused. Mend them, or leave them out with --skip-invalid.")
                % {"rows": rows},
                returncode=NOTHING_WRITTEN,
            )

    def _print(self, report: ImportReport) -> None:
        if report.is_dry_run:
            self.stdout.write(_("Dry run: nothing is written."))
        counts = [
            (_("Rows read"), report.rows),
            (_("Accepted"), report.accepted),
            (_("of these incomplete"), report.incomplete),
            (_("Refused"), len(report.rejected_lines)),
            (_("Duplicates (already imported)"), len(report.duplicates)),
            (_("New services"), len(report.new_services)),
        ]
        for label, count in counts:
            self.stdout.write(f"{label}: {count}")
        self._list(_("New services"), report.new_services)
        self._list(_("Columns not used"), report.ignored_columns)
        self._list(_("Duplicates (already imported)"), map(_line, report.duplicates))
        self._list(_("Refused"), map(_refusal, report.refusals))

    def _list(self, title: str, lines: Iterable[str]) -> None:
        found = list(lines)
        if not found:
            return
        self.stdout.write(f"\n{title}:")
        for line in found[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(found) > SHOWN:
            self.stdout.write("  " + _("… and %(count)s more") % {"count": len(found) - SHOWN})


def _line(number: int) -> str:
    return _("line %(line)s") % {"line": number}


def _refusal(refusal: Any) -> str:
    reason = ROW_FAULT_MESSAGES[refusal.fault]
    return f"{_line(refusal.line)}, {refusal.column or '–'}: {reason}: “{refusal.value}”"


def _survey(slug: str) -> Survey:
    survey = Survey.objects.select_related("service", "agency").filter(slug=slug).first()
    if survey is None:
        known = ", ".join(Survey.objects.order_by("slug").values_list("slug", flat=True)[:SHOWN]) or "–"
        raise CommandError(_("There is no survey “%(slug)s”. Known: %(known)s") % {"slug": slug, "known": known})
    return survey


def _import(survey: Survey, options: dict[str, Any]) -> ImportReport:
    try:
        return import_responses(
            survey=survey,
            content=_content(options["file"]),
            names=_map(options["map"], options["date"]),
            now=timezone.now(),
            dry_run=options["dry_run"],
            skip_invalid=options["skip_invalid"],
            accept_incomplete=options["allow_incomplete"],
        )
    except UnreadableFile as error:
        place = f" ({_line(error.line)})" if error.line else ""
        raise CommandError(f"{TROUBLE_MESSAGES[error.trouble]}{place}") from error
    except WrongColumns as error:
        raise CommandError(_columns(error, survey)) from error
    except NotPublished as error:
        raise CommandError(_("The survey has no published questionnaire yet.")) from error


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise CommandError(_("The file cannot be opened: %(path)s") % {"path": path}) from error


def _map(path: Path | None, day: date | None) -> ColumnMap:
    given = _map_file(path) if path is not None else {}
    defaults = {**given.get("defaults", {}), **({DAY: day.isoformat()} if day else {})}
    return ColumnMap(given.get("columns", {}), defaults, given.get("date_format", ""))


def _map_file(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(_content(path))
    except ValueError as error:
        raise CommandError(_("The map is not valid JSON: %(error)s") % {"error": error}) from error
    if not _is_map(given):
        raise CommandError(_("The map must hold “columns” and “defaults”, each from names to texts."))
    return given


def _is_map(given: Any) -> bool:
    if not isinstance(given, dict) or not isinstance(given.get("date_format", ""), str):
        return False
    parts = [given.get(name, {}) for name in ("columns", "defaults")]
    return all(isinstance(part, dict) and all(isinstance(text, str) for text in part.values()) for part in parts)


def _columns(error: WrongColumns, survey: Survey) -> str:
    lines = [
        _("The columns do not fit the survey “%(survey)s” (%(instrument)s).")
        % {"survey": survey.slug, "instrument": survey.instrument_version.code},
        _("Expected: %(columns)s") % {"columns": ", ".join(error.expected)},
        _("Found: %(columns)s") % {"columns": ", ".join(error.found)},
    ]
    if error.missing:
        lines.append(_("Missing: %(columns)s") % {"columns": ", ".join(error.missing)})
    if error.repeated:
        lines.append(_("More than once: %(columns)s") % {"columns": ", ".join(error.repeated)})
    return "\n".join(lines)
