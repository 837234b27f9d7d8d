"""Asking for a file of answers, writing it, and deleting it when its time is over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from wagtail.log_actions import log

from core.models import User
from surveys.exporting.layout import Layout, Row
from surveys.exporting.writers import csv_pieces, jsonl_pieces, write_parquet, write_xlsx
from surveys.models import AnswerExport
from surveys.selectors.exports import Selection, export_layout, export_rows

KEPT = timedelta(days=7)
# A database write now and then; often enough for a bar that moves.
PROGRESS_EVERY = 10_000
STREAMED = frozenset({AnswerExport.Format.CSV, AnswerExport.Format.JSONL})


def record_export(
    *, selection: Selection, kind: str, reason: str, user: User, now: datetime, texts: bool = False
) -> AnswerExport:
    """Note who takes which answers out, with what people wrote or without, and why, before the first of them leaves."""
    export = AnswerExport.objects.create(
        survey=selection.survey,
        format=kind,
        first=selection.first,
        last=selection.last,
        channel=selection.channel,
        point_id=selection.point_id,
        has_texts=texts,
        reason=reason,
        requested_by=user,
        requested_at=now,
    )
    days = [day.isoformat() if day else None for day in (selection.first, selection.last)]
    data = {"format": kind, "reason": reason, "export": export.pk, "texts": texts, "days": days}
    log(selection.survey, "surveys.export", user=user, data=data)
    return export


def pieces(export: AnswerExport) -> Iterator[bytes]:
    """A CSV or JSON Lines file as it is read."""
    layout = export_layout(export.survey, texts=export.has_texts)
    make = csv_pieces if export.format == AnswerExport.Format.CSV else jsonl_pieces
    return make(layout.columns, export_rows(layout, _selection(export).answers(export.requested_by)))


def _selection(export: AnswerExport) -> Selection:
    return Selection(export.survey, export.first, export.last, export.channel, export.point_id)


def write_file(*, export_id: int, now: datetime) -> None:
    """Write a requested file; once it is ready, calling this again changes nothing."""
    joined = AnswerExport.objects.select_related("survey__agency__region", "requested_by")
    export = joined.filter(pk=export_id).first()
    if export is None or not export.is_underway:
        return
    AnswerExport.objects.filter(pk=export.pk).update(state=AnswerExport.State.WRITING, rows_done=0)
    try:
        with TemporaryFile() as file:
            _write(export, file)
            _keep(export, file, now)
    except Exception:
        AnswerExport.objects.filter(pk=export.pk).update(state=AnswerExport.State.FAILED)
        raise


def _write(export: AnswerExport, file: BinaryIO) -> None:
    layout = export_layout(export.survey, texts=export.has_texts)
    rows = _counted(export, export_rows(layout, _selection(export).answers(export.requested_by)))
    _WRITERS[export.format](file, layout, rows)


def _pieces_to(make: Any) -> Any:
    def write(file: BinaryIO, layout: Layout, rows: Iterable[Row]) -> None:
        file.writelines(make(layout.columns, rows))

    return write


_WRITERS = {
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "csv": _pieces_to(csv_pieces),
    "jsonl": _pieces_to(jsonl_pieces),
}


def _counted(export: AnswerExport, rows: Iterable[Row]) -> Iterator[Row]:
    count = 0
    for count, row in enumerate(rows, start=1):
        yield row
        if count % PROGRESS_EVERY == 0:
            _tell(export, count)
    export.rows_done = count


def _tell(export: AnswerExport, count: int) -> None:
    """Through a connection of its own: the one that reads holds its state of the database until it is done."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    table = AnswerExport._meta.db_table
    # Only a bar; the file matters more.
    with suppress(DatabaseError), other.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET rows_done = %s WHERE id = %s", [count, export.pk])  # noqa: S608  our names
    other.close()


def _keep(export: AnswerExport, file: BinaryIO, now: datetime) -> None:
    size = file.tell()
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    name = storages["private"].save(f"exports/{uuid4().hex}.{export.format}", File(file))
    AnswerExport.objects.filter(pk=export.pk).update(
        state=AnswerExport.State.READY,
        rows_done=export.rows_done,
        file=name,
        size=size,
        sha256=digest,
        expires_at=now + KEPT,
    )


def sweep_exports(now: datetime) -> int:
    """Delete the files whose time is over; how many. The rows stay: they say who took what."""
    count = 0
    for export in AnswerExport.objects.filter(state=AnswerExport.State.READY, expires_at__lt=now).exclude(file=""):
        storages["private"].delete(export.file)
        export.state, export.file = AnswerExport.State.EXPIRED, ""
        export.save(update_fields=["state", "file"])
        count += 1
    return count
