"""QR codes of posters and devices; drawn by the core, which complaint receipts use too."""

from core.qr import matrix, png, svg, svg_path

__all__ = ["matrix", "png", "svg", "svg_path"]
