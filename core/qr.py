"""QR codes as compact drawings: one path for SVG, one-bit pixels for PNG.

Covers: text in, drawing out, with the quiet zone of four modules that scanners need (ISO/IEC 18004).
Leaves out: which address stands in the code, and captions.

A run of dark modules in a row becomes one rectangle of the path; that is an eighth of the size of one element per
module. Level M restores 15 % of damage and keeps the modules large enough for old phones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import groupby

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
PIXELS_PER_MODULE = 24

Matrix = Sequence[Sequence[bool]]


def matrix(text: str) -> Matrix:
    """Dark modules by row, quiet zone included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def svg_path(rows: Matrix) -> str:
    """Path data on a grid of one unit per module."""
    return "".join(f"M{x} {y}h{width}v1h-{width}z" for x, y, width in _runs(rows))


def _runs(rows: Matrix) -> Iterator[tuple[int, int, int]]:
    for y, row in enumerate(rows):
        x = 0
        for dark, modules in groupby(row):
            width = len(list(modules))
            if dark:
                yield x, y, width
            x += width


def svg(text: str) -> bytes:
    """A standalone file, black on white whatever the theme: a scanner needs the contrast."""
    rows = matrix(text)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{svg_path(rows)}"/></svg>'
    ).encode()


def png(text: str, *, scale: int = PIXELS_PER_MODULE) -> bytes:
    """A one-bit image, ``scale`` pixels per module: sharp at any printed size."""
    rows = matrix(text)
    image = Image.new("1", (len(rows), len(rows)))
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    image = image.resize((len(rows) * scale, len(rows) * scale), Image.Resampling.NEAREST)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
