"""Where a batch of paper forms stands."""

from __future__ import annotations

from typing import Any

from core.models import User
from surveys.agreement import Agreement
from surveys.models import PaperBatch, PaperSheet
from surveys.papersheets import agreement_by_field, agreement_of_all, differing, sheets_to_check


def batch_details(batch: PaperBatch, user: User) -> dict[str, Any]:
    """Counts, who typed, and what is left to do before the batch can be closed; one query."""
    people = ("first_by", "second_by", "settled_by")
    sheets = list(batch.sheets.select_related(*people).order_by("number"))
    waiting, open_differences = unchecked(batch, sheets), unsettled(batch, sheets)
    return {
        "sheets": sheets,
        "waiting": len(waiting),
        "waiting_for_me": next_of(waiting, sheets, user) is not None,
        "differences": open_differences,
        "may_close": bool(sheets) and not waiting and not open_differences,
        "agreement": batch.agreement if batch.is_closed else agreement_figures(batch, sheets),
        "typists": sorted({str(sheet.first_by) for sheet in sheets if sheet.first_by}),
    }


def next_to_check(batch: PaperBatch, user: User) -> int | None:
    """The sheet this person should type a second time now; one query."""
    sheets = list(batch.sheets.order_by("number"))
    return next_of(unchecked(batch, sheets), sheets, user)


def next_of(waiting: list[int], sheets: list[PaperSheet], user: User) -> int | None:
    own = {sheet.number for sheet in sheets if sheet.first_by_id == user.pk}
    return next((number for number in waiting if number not in own), None)


def unchecked(batch: PaperBatch, sheets: list[PaperSheet]) -> list[int]:
    """Sheets somebody else still has to type, in the order to do them."""
    drawn = sheets_to_check(batch.key, [sheet.number for sheet in sheets], share=batch.check_share)
    done = {sheet.number for sheet in sheets if sheet.second_at is not None}
    return [number for number in drawn if number not in done][: max(len(drawn) - len(done), 0)]


def unsettled(batch: PaperBatch, sheets: list[PaperSheet]) -> list[int]:
    """Sheets whose two entries differ and about which nobody has decided."""
    definition = batch.version.definition
    return [
        sheet.number
        for sheet in sheets
        if sheet.second_at is not None and sheet.settled_at is None and differing(definition, sheet.first, sheet.second)
    ]


def agreement_figures(batch: PaperBatch, sheets: list[PaperSheet]) -> dict[str, Any]:
    """How well the two entries agree, as kept on a closed batch: numbers only, nothing that was typed."""
    definition = batch.version.definition
    entries = [(sheet.first, sheet.second) for sheet in sheets if sheet.second_at is not None]
    by_field, whole = agreement_by_field(definition, entries), agreement_of_all(definition, entries)
    return {
        "sheets": len(sheets),
        "checked": len(entries),
        "differing": sum(bool(differing(definition, first, second)) for first, second in entries),
        "all": _row(whole),
        "fields": [[name, *_row(row)] for name, row in by_field.items()] if entries else [],
    }


def _row(found: Agreement) -> list[Any]:
    """Compared, agreed, percent and kappa; None where nothing can be said."""
    percent = None if found.share is None else f"{float(found.share * 100):.1f}"
    kappa = None if found.kappa is None else f"{float(found.kappa):.3f}"
    return [found.compared, found.agreed, percent, kappa]
