"""Documents by Typst: texts reach a template as data, never as source, and no file outside its folder can be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


def compiled(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template with these texts and numbers; the same on every machine."""
    document: bytes = typst.compile(  # type: ignore[type-var]  # its stub wants a path; bytes are the source itself
        template.read_bytes(),
        root=str(template.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    return document
