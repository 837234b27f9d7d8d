"""Loading and copying instruments. A version that has been used is never changed, only superseded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.models import Region
from surveys.definition import canonical
from surveys.models import Element, Instrument, InstrumentVersion
from surveys.slots import slots_for

_VERSION_FIELDS = (
    "name",
    "regulation",
    "year",
    "weight_rule",
    "rounding_rule",
    "scale_min",
    "scale_max",
    "bands",
)
# Where a text comes from and whether it is offered: may be corrected on a version in use.
_NOTE_FIELDS = ("is_offered", "certainty", "source")
_ELEMENT_FIELDS = (
    "slot",
    "name",
    "name_en",
    "question",
    "options",
    "list_order",
    "questionnaire_order",
)


@dataclass(frozen=True)
class Loaded:
    """Version codes by what happened to them; ``refused`` differ from a version already in use."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@transaction.atomic
def load_instruments(*, instruments: Iterable[Mapping[str, Any]]) -> Loaded:
    """Create or correct instrument versions; loading the same data again changes nothing."""
    outcomes: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": [], "refused": []}
    for row in instruments:
        kept = {"name": row["name"], "is_official": row.get("is_official", False)}
        instrument, _ = Instrument.objects.update_or_create(code=row["code"], defaults=kept)
        for version in row["versions"]:
            outcomes[_load_version(instrument, version)].append(version["code"])
    return Loaded(**{name: tuple(codes) for name, codes in outcomes.items()})


def _load_version(instrument: Instrument, row: Mapping[str, Any]) -> str:
    stored = InstrumentVersion.objects.select_for_update().filter(code=row["code"]).first()
    if stored is None:
        _write(InstrumentVersion(instrument=instrument, code=row["code"]), row)
        return "created"
    if canonical(as_data(stored)) == canonical(_meaning(row)):
        return "updated" if _note(stored, row) else "unchanged"
    if stored.is_locked:
        return "refused"
    _write(stored, row)
    return "updated"


def _note(version: InstrumentVersion, row: Mapping[str, Any]) -> bool:
    """Correct what no figure depends on; whether anything changed."""
    notes = {name: row[name] for name in _NOTE_FIELDS if name in row and getattr(version, name) != row[name]}
    for name, value in notes.items():
        setattr(version, name, value)
    if notes:
        version.save(update_fields=list(notes))
    return bool(notes)


def _write(version: InstrumentVersion, row: Mapping[str, Any]) -> None:
    for name in (*_VERSION_FIELDS, *(name for name in _NOTE_FIELDS if name in row)):
        setattr(version, name, row[name])
    version.full_clean(validate_unique=False)
    version.save()
    version.elements.all().delete()
    _add_elements(version, row["elements"])


def _add_elements(version: InstrumentVersion, rows: Iterable[Mapping[str, Any]]) -> None:
    elements = [
        Element(
            version=version,
            code=row["code"],
            weight=row.get("weight"),
            **{name: row[name] for name in _ELEMENT_FIELDS},
        )
        for row in rows
    ]
    Element.objects.bulk_create(elements)


@transaction.atomic
def new_version(*, source: InstrumentVersion, code: str, name: str, region: Region | None) -> InstrumentVersion:
    """A draft with the content of ``source``: what is in use is superseded, never changed.

    The draft belongs to ``region``; None makes one for the whole country. It is not offered until somebody says so.
    """
    row = as_data(source)
    draft = InstrumentVersion(
        instrument=source.instrument,
        code=code,
        region=region,
        based_on=source,
        is_offered=False,
        certainty=source.certainty,
        source=source.source,
        **{field: row[field] for field in _VERSION_FIELDS if field != "name"},
        name=name,
    )
    draft.save()
    _add_elements(draft, row["elements"])
    return draft


def family_slots(instrument: Instrument, *, without: InstrumentVersion | None = None) -> dict[str, int]:
    """Column of every element code that any version of the instrument has; one query."""
    rows = Element.objects.filter(version__instrument=instrument)
    if without is not None and without.pk:
        rows = rows.exclude(version=without)
    return dict(rows.values_list("code", "slot"))


def place_elements(*, version: InstrumentVersion, elements: Iterable[Element]) -> None:
    """Give each element of a draft its column; raises SlotConflict where two codes cannot meet."""
    found = list(elements)
    slots = slots_for([element.code for element in found], family_slots(version.instrument, without=version))
    for element in found:
        element.slot = slots[element.code]


def _meaning(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the file without its notes."""
    return {name: value for name, value in row.items() if name not in _NOTE_FIELDS}


def as_data(version: InstrumentVersion) -> dict[str, Any]:
    """What the version means, in the shape of ``fixtures/instruments.json``."""
    elements = version.elements.order_by("questionnaire_order")
    return {
        "code": version.code,
        **{name: getattr(version, name) for name in _VERSION_FIELDS},
        "elements": [_element_data(element) for element in elements],
    }


def _element_data(element: Element) -> dict[str, Any]:
    data = {"code": element.code, **{name: getattr(element, name) for name in _ELEMENT_FIELDS}}
    return data if element.weight is None else {**data, "weight": str(element.weight)}
