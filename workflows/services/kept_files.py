"""Files that wait between an upload and its confirmation, and what stays of messages and entries that became a case.

Exports of complaints are written to whoever asks and never kept; a table from the national system lies here for two
hours. One that names an erased reporter is deleted with the rest: the desk uploads it again.
"""

import io
import zipfile
from collections.abc import Iterator

from django.core.files.storage import storages
from django.db.models import QuerySet

from core.exchange.pending import FOLDER
from core.exchange.reading import MAX_BYTES
from workflows.models import Complaint, HeldEntry, InboundMessage

# Of a packed table everything together; beyond it the file is not unpacked (``read_table`` refuses it too).
MOST_UNPACKED = 20 * MAX_BYTES


def files_naming(names: tuple[str, ...]) -> list[str]:
    """Waiting files in which one of these stands, in whatever case."""
    wanted = [name.casefold().encode() for name in names]
    return [path for path in _waiting() if wanted and any(name in _content(path) for name in wanted)]


def delete_files_naming(names: tuple[str, ...]) -> int:
    found = files_naming(names)
    for path in found:
        storages["private"].delete(path)
    return len(found)


def forget_arrival(complaint: Complaint) -> int:
    """Wipe the sender's fingerprint and whatever is still sealed of what came in; how many rows."""
    came, typed = _traces(complaint)
    return came.update(sender_hash="", content_sealed="") + typed.update(payload_sealed="")


def arrivals_left(complaint: Complaint) -> int:
    came, typed = _traces(complaint)
    return came.count() + typed.count()


def _traces(complaint: Complaint) -> tuple[QuerySet[InboundMessage], QuerySet[HeldEntry]]:
    came = InboundMessage.objects.filter(complaint=complaint).exclude(sender_hash="", content_sealed="")
    return came, HeldEntry.objects.filter(complaint=complaint).exclude(payload_sealed="")


def _waiting() -> Iterator[str]:
    storage = storages["private"]
    if storage.exists(FOLDER):
        yield from (f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1])


def _content(path: str) -> bytes:
    """The bytes of a file in lower case; those of a spreadsheet unpacked."""
    with storages["private"].open(path) as file:
        content = file.read()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode(errors="replace").casefold().encode()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            return content
        parts = [packed.read(part) for part in packed.infolist()]
    return b"".join(parts).decode(errors="replace").casefold().encode()
