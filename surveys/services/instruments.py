"""Loading instruments. A version that has been used is never changed, only superseded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from surveys.definition import canonical
from surveys.models import Element, Instrument, InstrumentVersion

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
        instrument, _ = Instrument.objects.update_or_create(code=row["code"], defaults={"name": row["name"]})
        for version in row["versions"]:
            outcomes[_load_version(instrument, version)].append(version["code"])
    return Loaded(**{name: tuple(codes) for name, codes in outcomes.items()})


def _load_version(instrument: Instrument, row: Mapping[str, Any]) -> str:
    stored = InstrumentVersion.objects.select_for_update().filter(code=row["code"]).first()
    if stored is None:
        version = InstrumentVersion(instrument=instrument, code=row["code"])
        _write(version, row)
        return "created"
    if canonical(as_data(stored)) == canonical(dict(row)):
        return "unchanged"
    if stored.is_locked:
        return "refused"
    _write(stored, row)
    return "updated"


def _write(version: InstrumentVersion, row: Mapping[str, Any]) -> None:
    for name in _VERSION_FIELDS:
        setattr(version, name, row[name])
    version.full_clean(validate_unique=False)
    version.save()
    version.elements.all().delete()
    elements = [
        Element(version=version, code=item["code"], **{name: item[name] for name in _ELEMENT_FIELDS})
        for item in row["elements"]
    ]
    Element.objects.bulk_create(elements)


def as_data(version: InstrumentVersion) -> dict[str, Any]:
    """The version in the shape of ``fixtures/instruments.json``."""
    elements = version.elements.order_by("questionnaire_order")
    return {
        "code": version.code,
        **{name: getattr(version, name) for name in _VERSION_FIELDS},
        "elements": [
            {"code": element.code, **{name: getattr(element, name) for name in _ELEMENT_FIELDS}} for element in elements
        ],
    }
