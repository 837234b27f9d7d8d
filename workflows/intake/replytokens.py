"""The token in the address an answer goes to: bound to one case and one person, impossible to guess.

``aduan+k3f.9c…@example.go.id``: the case's number in base 36 and 96 bits of a keyed hash over case and address. Only
hexadecimal and lower case, because mail servers may change the case of an address.
"""

from __future__ import annotations

import re

from core.sealing import keyed_hashes

PURPOSE = "workflows.mail.reply"
HASH_LENGTH = 24
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
TOKEN = re.compile(rf"\+([0-9a-z]{{1,12}})\.([0-9a-f]{{{HASH_LENGTH}}})@")


def reply_address(desk: str, complaint_id: int, person: str) -> str:
    """Where the person's answers about this case go."""
    local, _at, domain = desk.partition("@")
    return f"{local}+{_base36(complaint_id)}.{_hashes(complaint_id, person)[0]}@{domain}"


def find_token(addresses: tuple[str, ...]) -> tuple[int, str] | None:
    """The case and hash of the first address that carries a token."""
    for address in addresses:
        found = TOKEN.search(address)
        if found:
            return int(found[1], 36), found[2]
    return None


def is_genuine(complaint_id: int, person: str, given: str) -> bool:
    """Whether we made this hash for this case and this person."""
    return bool(person) and given in _hashes(complaint_id, person)


def _hashes(complaint_id: int, person: str) -> list[str]:
    whole = keyed_hashes(PURPOSE, f"{complaint_id}:{person.strip().lower()}")
    return [digest[:HASH_LENGTH] for digest in whole]


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = DIGITS[rest] + text
    return text or "0"
