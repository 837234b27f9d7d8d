"""Run an import: first as a preview that writes nothing, then for good, all rows or none."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from core.exchange.reading import Table
from core.exchange.resources import LINE, RegionResource

NEW, CHANGED, UNCHANGED, ERROR = "new", "changed", "unchanged", "error"
STATES = {
    RowResult.IMPORT_TYPE_NEW: NEW,
    RowResult.IMPORT_TYPE_UPDATE: CHANGED,
    RowResult.IMPORT_TYPE_SKIP: UNCHANGED,
}


@dataclass(frozen=True)
class Change:
    """One column of one row, before and after."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RowReport:
    """What happens, or happened, to one row of the file."""

    line: int
    state: str
    code: str
    name: str
    changes: list[Change] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ImportReport:
    """All rows in the order of the file."""

    rows: list[RowReport]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {state: self.count(state) for state in (NEW, CHANGED, UNCHANGED, ERROR)}

    @property
    def ok(self) -> bool:
        return not self.count(ERROR)

    @property
    def writes(self) -> bool:
        return self.ok and bool(self.count(NEW) + self.count(CHANGED))


def run_import(resource: RegionResource, table: Table, *, dry_run: bool) -> ImportReport:
    """Import the table. With any faulty row, or as a dry run, nothing is kept.

    Raises ``UploadRefused`` when the columns are wrong.
    """
    result = resource.import_data(
        resource.dataset(table),
        dry_run=dry_run,
        raise_errors=False,
        use_transactions=True,
        rollback_on_validation_errors=True,
    )
    if result.base_errors:
        raise result.base_errors[0].error
    return ImportReport(sorted((_row_report(resource, row) for row in _rows(result)), key=lambda row: row.line))


def _rows(result: Result) -> list[RowResult]:
    return list(result.rows)


def _row_report(resource: RegionResource, row: RowResult) -> RowReport:
    values = row.row_values
    state = STATES.get(row.import_type, ERROR)
    return RowReport(
        line=int(values[LINE]),
        state=state,
        code=values.get("code", ""),
        name=values.get("name", ""),
        changes=_changes(resource, row) if state == CHANGED else [],
        errors=_errors(row) if state == ERROR else [],
    )


def _changes(resource: RegionResource, row: RowResult) -> list[Change]:
    pairs = [
        (column.column_name, str(column.export(row.original)), str(column.export(row.instance)))
        for column in resource.get_import_fields()
    ]
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


def _errors(row: RowResult) -> list[str]:
    if row.validation_error:
        return _messages(row.validation_error)
    return [message for error in row.errors for message in _messages(error.error)]


def _messages(error: Exception) -> list[str]:
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return [_labelled(name, text) for name, texts in error.message_dict.items() for text in texts]
        return list(error.messages)
    if isinstance(error, ValueError):
        return [str(error)]
    return [_("This row could not be read.")]


def _labelled(name: str, text: str) -> str:
    return text if name == "__all__" else f"{name}: {text}"
