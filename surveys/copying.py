"""Copies of questions: new identifiers, the same words, and where they came from.

Covers: questions of a page that was copied, and of a library set put into a survey. Leaves out answers: they are
never copied. Works on the stored form of the stream (``type``, ``id``, ``value``).

A new id is worked out from the owner and the old id, so that a page and each of its drafts get the same ones.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID, uuid5

Row = dict[str, Any]


def copied(rows: Sequence[Row], owner: UUID) -> tuple[list[Row], dict[str, str]]:
    """Copies under ids of ``owner``, and the id each came from by its new id. Conditions name codes, which stay."""
    copies = [deepcopy(row) | {"id": new_id(owner, row["id"])} for row in rows]
    return copies, {copy["id"]: row["id"] for copy, row in zip(copies, rows, strict=True)}


def new_id(owner: UUID, old: str) -> str:
    return str(uuid5(owner, old))


def recoded(rows: Sequence[Row], taken: Collection[str]) -> list[Row]:
    """The rows with codes that are free in their new survey; conditions among them follow."""
    used = {code.lower() for code in taken}
    renamed: dict[str, str] = {}
    result = []
    for row in rows:
        copy = deepcopy(row)
        code = copy["value"].get("code") or ""
        if code.lower() in used:
            copy["value"]["code"] = renamed[code.lower()] = free_code(used)
        used.add(copy["value"]["code"].lower() if code else "")
        _follow(copy["value"], renamed)
        result.append(copy)
    return result


def free_code(used: Collection[str]) -> str:
    return next(code for number in range(1, 10_000) if (code := f"p{number}") not in used)


def _follow(value: Row, renamed: dict[str, str]) -> None:
    condition = value.get("show_if") or {}
    named = (condition.get("question") or "").lower()
    if named in renamed:
        condition["question"] = renamed[named]
