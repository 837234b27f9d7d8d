"""Changes to calendars. Every one leaves a revision, which is the calendar's new version."""

import json
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.models import User
from workflows.calendar import WEEKDAYS
from workflows.models import CalendarDay, CalendarLayer, CalendarRevision, WorkingHours, WorkingWindow

Json = Mapping[str, Any]

LAYER_NAMES = {"national": "Libur nasional", "joint_leave": "Cuti bersama"}


def record_revision(*, subject: str, actor: User | None = None) -> CalendarRevision:
    """Move the calendars to a new version. Call it in the transaction that changed them."""
    return CalendarRevision.objects.create(at=timezone.now(), actor=actor, subject=subject[:250])


@transaction.atomic
def load_calendars(folder: Path | None = None) -> dict[str, int]:
    """Load holidays and office hours from the fixtures; what staff entered is left as it is.

    Returns how many rows changed, by kind. Loading twice changes nothing and makes no new version.
    """
    folder = folder or Path(settings.FIXTURES_ROOT)
    hours = _read(folder / "working_hours.json")
    holidays = _read(folder / "holidays.json")
    changed = {
        "days": _load_days(holidays),
        "ramadan": sum(_load_ramadan(row) for row in hours["ramadan"]),
        "hours": sum(_load_hours(profile) for profile in hours["profiles"]),
    }
    if any(changed.values()):
        record_revision(subject="Reference calendars")
    return changed


def _load_days(content: Json) -> int:
    """One layer per year and kind; each day keeps the decree that added or removed it."""
    decrees = {decree["id"]: decree for decree in content["decrees"]}
    layers: dict[tuple[int, str], CalendarLayer] = {}
    stored = CalendarDay.objects.filter(layer__region__isnull=True).select_related("layer")
    known = {(row.layer.kind, row.on, row.added_on): row for row in stored}
    changed, fresh = 0, []
    for row in content["days"]:
        day, added_on = date.fromisoformat(row["date"]), date.fromisoformat(row["added_on"])
        if stored_day := known.get((row["layer"], day, added_on)):
            changed += _remove_day(stored_day, row, decrees)
            continue
        key = day.year, row["layer"]
        layers[key] = layers.get(key) or _layer(decrees, *key)
        fresh.append(_day(layers[key], row, decrees))
    return changed + len(CalendarDay.objects.bulk_create(fresh))


def _remove_day(day: CalendarDay, row: Json, decrees: Mapping[str, Json]) -> bool:
    """Take a day back when the fixtures have learnt of a decree since the last load."""
    if not row["removed_on"] or day.removed_on:
        return False
    day.removed_on, day.removed_by = row["removed_on"], decree_title(decrees[row["removed_by"]])
    day.save(update_fields=["removed_on", "removed_by"])
    return True


def _layer(decrees: Mapping[str, Json], year: int, kind: str) -> CalendarLayer:
    stored = CalendarLayer.objects.filter(region__isnull=True, year=year, kind=kind).order_by("pk").first()
    if stored:
        return stored
    original = next(row for row in decrees.values() if row["year"] == year and row["kind"] == "original")
    return CalendarLayer.objects.create(
        year=year,
        kind=kind,
        name=LAYER_NAMES[kind],
        source=decree_title(original),
        source_url=next((url for url in original["sources"] if "/" in url[len("https://") :]), ""),
        decided_on=original["date"],
        known_from=original["date"],
    )


def _day(layer: CalendarLayer, row: Json, decrees: Mapping[str, Json]) -> CalendarDay:
    removed_by = decrees.get(row["removed_by"]) if row["removed_by"] else None
    return CalendarDay(
        layer=layer,
        on=row["date"],
        name=row["name"],
        added_on=row["added_on"],
        added_by=decree_title(decrees[row["added_by"]]),
        removed_on=row["removed_on"],
        removed_by=decree_title(removed_by) if removed_by else "",
    )


def decree_title(decree: Json) -> str:
    """Name a joint decree the way staff cite it; the ministries' numbers, then the day of signing."""
    kind = "Perubahan SKB 3 Menteri" if decree["amends"] else "SKB 3 Menteri"
    return f"{kind} {', '.join(decree['numbers'])} ({decree['date']})"


def _load_ramadan(row: Json) -> bool:
    kind = CalendarLayer.Kind.RAMADAN
    if CalendarLayer.objects.filter(region__isnull=True, year=row["year"], kind=kind).exists():
        return False
    CalendarLayer.objects.create(
        year=row["year"],
        kind=kind,
        name=row["name"],
        first_day=row["from"],
        last_day=row["to"],
        source=row["source"],
        decided_on=row["known_from"],
        known_from=row["known_from"],
        provisional=row["provisional"],
    )
    return True


def _load_hours(profile: Json) -> bool:
    defaults = {name: profile[name] for name in ("name", "working_week", "source")}
    hours, created = WorkingHours.objects.get_or_create(code=profile["code"], defaults=defaults)
    if created:
        WorkingWindow.objects.bulk_create(_window_rows(hours, profile))
    return created


def _window_rows(hours: WorkingHours, profile: Json) -> list[WorkingWindow]:
    return [
        WorkingWindow(
            hours=hours,
            season=season,
            weekday=WEEKDAYS.index(day),
            opens_at=time.fromisoformat(opens),
            closes_at=time.fromisoformat(closes),
        )
        for season in WorkingWindow.Season.values
        for day, windows in profile[season].items()
        for opens, closes in windows
    ]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
