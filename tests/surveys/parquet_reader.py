"""Reads back what ``surveys.exporting.parquet`` writes, from the format's own description (not from our writer)."""

import gzip
import struct


class _Thrift:
    """Compact protocol: structs as {field id: value}."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value = shift = 0
        while True:
            part = self.byte()
            value |= (part & 0x7F) << shift
            if part < 0x80:
                return value
            shift += 7

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind in (4, 5, 6):
            raw = self.varint()
            return (raw >> 1) ^ -(raw & 1)
        if kind == 8:
            size = self.varint()
            self.at += size
            return self.data[self.at - size : self.at]
        if kind == 9:
            head = self.byte()
            size = head >> 4 if head >> 4 != 15 else self.varint()
            return [self.value(head & 15) for _ in range(size)]
        assert kind == 12, kind
        return self.struct()

    def struct(self):
        fields, last = {}, 0
        while head := self.byte():
            last = last + (head >> 4) if head >> 4 else (self.varint() >> 1)
            fields[last] = self.value(head & 15)
        return fields


def read_parquet(data):
    """({column: values}, {metadata key: text})."""
    assert data[:4] == data[-4:] == b"PAR1"
    size = int.from_bytes(data[-8:-4], "little")
    footer = _Thrift(data, len(data) - 8 - size).struct()
    names = [element[4].decode() for element in footer[2][1:]]
    table = {name: [] for name in names}
    for group in footer[4]:
        for chunk in group[1]:
            meta = chunk[3]
            table[meta[3][0].decode()] += _column(data, meta)
    assert all(len(values) == footer[3] for values in table.values())
    return table, {pair[1].decode(): pair[2].decode() for pair in footer.get(5, [])}


def _column(data, meta):
    thrift = _Thrift(data, meta[9])
    header = thrift.struct()
    page = gzip.decompress(data[thrift.at : thrift.at + header[3]])
    assert len(page) == header[2]
    rows = header[5][1]
    size = int.from_bytes(page[:4], "little")
    present = _levels(_Thrift(page, 4), rows)
    values = iter(_plain(meta[1], page[4 + size :], sum(present)))
    return [next(values) if filled else None for filled in present]


def _levels(thrift, rows):
    head = thrift.varint()
    if not head & 1:
        assert head >> 1 == rows
        return [thrift.byte()] * rows
    bits = [thrift.byte() for _ in range(head >> 1)]
    return [bits[n // 8] >> n % 8 & 1 for n in range(rows)]


def _plain(kind, page, count):
    if kind == 0:
        return [bool(page[n // 8] >> n % 8 & 1) for n in range(count)]
    if kind in (1, 2):
        return struct.unpack(f"<{count}{'i' if kind == 1 else 'q'}", page)
    values, at = [], 0
    for _ in range(count):
        size = int.from_bytes(page[at : at + 4], "little")
        values.append(page[at + 4 : at + 4 + size].decode())
        at += 4 + size
    return values
