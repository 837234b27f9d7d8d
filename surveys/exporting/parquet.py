"""A Parquet file, written row group by row group.

Covers: flat tables of text, whole numbers, yes/no, days and moments, every cell optional; gzip pages; metadata.
Leaves out: nesting, dictionaries and statistics.

The one library for this weighs 55 MB packed, more than a small office's server should carry for one download; the
format's plain encoding is a page of code (parquet.thrift of apache/parquet-format).
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, BinaryIO

MAGIC = b"PAR1"
GZIP, PLAIN, RLE = 2, 0, 3
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


class Type(Enum):
    """Physical type and how it is to be read (``converted_type``)."""

    BOOLEAN = (0, None)
    INTEGER = (1, None)
    DAY = (1, 6)  # days since 1970-01-01
    MOMENT = (2, 10)  # microseconds since 1970-01-01 UTC
    TEXT = (6, 0)


class ParquetWriter:
    """Call ``write`` with the values of some rows, column by column, then ``close``."""

    def __init__(self, file: BinaryIO, columns: Sequence[tuple[str, Type]], metadata: Mapping[str, str] | None = None):
        self.file, self.columns, self.metadata = file, columns, metadata or {}
        self.offset, self.rows, self.groups = 0, 0, []
        self._put(MAGIC)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """One row group; None is an empty cell."""
        rows = len(columns[0]) if columns else 0
        if not rows:
            return
        start = self.offset
        chunks = [self._chunk(name, kind, values) for (name, kind), values in zip(self.columns, columns, strict=True)]
        group = [(1, _LIST, (_STRUCT, chunks)), (2, _I64, self.offset - start), (3, _I64, rows)]
        self.groups.append(group)
        self.rows += rows

    def close(self) -> None:
        schema = [[(3, _I32, 0), (4, _BINARY, b"answers"), (5, _I32, len(self.columns))]]
        schema += [_schema(name, kind) for name, kind in self.columns]
        pairs = [[(1, _BINARY, key.encode()), (2, _BINARY, text.encode())] for key, text in self.metadata.items()]
        footer = _struct([
            (1, _I32, 1),
            (2, _LIST, (_STRUCT, schema)),
            (3, _I64, self.rows),
            (4, _LIST, (_STRUCT, self.groups)),
            (5, _LIST, (_STRUCT, pairs)),
            (6, _BINARY, b"Suara Layanan"),
        ])  # fmt: skip
        self._put(footer + len(footer).to_bytes(4, "little") + MAGIC)

    def _chunk(self, name: str, kind: Type, values: Sequence[Any]) -> list[tuple[int, int, Any]]:
        page = _page(kind, values)
        packed = _gzip(page)
        sizes = [(1, _I32, len(values)), (2, _I32, PLAIN), (3, _I32, RLE), (4, _I32, RLE)]
        header = _struct([(1, _I32, 0), (2, _I32, len(page)), (3, _I32, len(packed)), (5, _STRUCT, sizes)])
        offset = self.offset
        self._put(header + packed)
        described = [
            (1, _I32, kind.value[0]),
            (2, _LIST, (_I32, [PLAIN, RLE])),
            (3, _LIST, (_BINARY, [name.encode()])),
            (4, _I32, GZIP),
            (5, _I64, len(values)),
            (6, _I64, len(header) + len(page)),
            (7, _I64, len(header) + len(packed)),
            (9, _I64, offset),
        ]
        return [(2, _I64, offset), (3, _STRUCT, described)]

    def _put(self, part: bytes) -> None:
        self.file.write(part)
        self.offset += len(part)


def _schema(name: str, kind: Type) -> list[tuple[int, int, Any]]:
    physical, converted = kind.value
    fields = [(1, _I32, physical), (3, _I32, 1), (4, _BINARY, name.encode())]
    return fields if converted is None else [*fields, (6, _I32, converted)]


def _page(kind: Type, values: Sequence[Any]) -> bytes:
    levels = _levels([value is not None for value in values])
    present = [value for value in values if value is not None]
    return len(levels).to_bytes(4, "little") + levels + _plain(kind, present)


def _levels(present: list[bool]) -> bytes:
    """Which cells are filled: one run when all or none are, single bits otherwise."""
    if all(present) or not any(present):
        return _varint(len(present) << 1) + bytes([present[0]])
    return _varint((-(-len(present) // 8) << 1) | 1) + _bits(present)


def _bits(flags: Iterable[bool]) -> bytes:
    """Eight to a byte, the first in the lowest bit."""
    text = "".join("1" if flag else "0" for flag in flags)[::-1]
    return int(text, 2).to_bytes(-(-len(text) // 8), "little") if text else b""


def _plain(kind: Type, values: list[Any]) -> bytes:
    if kind is Type.TEXT:
        # Codes and names repeat; each is encoded once.
        known = {value: _text(value) for value in set(values)}
        return b"".join([known[value] for value in values])
    if kind is Type.BOOLEAN:
        return _bits(values)
    # Little-endian like every machine we run on.
    return array("q" if kind is Type.MOMENT else "i", values).tobytes()


def _text(value: str) -> bytes:
    part = value.encode()
    return len(part).to_bytes(4, "little") + part


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


# --- Thrift's compact protocol, as far as the headers need it ---------------------------------


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _value(kind: int, value: Any) -> bytes:
    if kind in (_I32, _I64):
        return _varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if kind == _BINARY:
        return _varint(len(value)) + value
    if kind == _STRUCT:
        return _struct(value)
    inner, items = value
    size = len(items)
    head = bytes([size << 4 | inner]) if size < 15 else bytes([0xF0 | inner]) + _varint(size)
    return head + b"".join(_value(inner, item) for item in items)


def _struct(fields: Iterable[tuple[int, int, Any]]) -> bytes:
    out, last = bytearray(), 0
    for number, kind, value in fields:
        out += bytes([(number - last) << 4 | kind]) + _value(kind, value)
        last = number
    return bytes(out) + b"\x00"
