"""The secret code of a case: sixteen characters a person can copy from a screen to paper and back.

Covers making, normalising and grouping. Crockford's alphabet (no I, L, O, U), so look-alikes are forgiven; 80 bits,
more than the 64 that guessing must face. Leaves out how the code is stored (a keyed hash) and compared.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
GROUP = 4
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "–": "", ".": ""})


def code_from(random_bytes: bytes) -> str:
    """A grouped code from at least ten random bytes, e.g. ``7KQM-3XPD-9RTB-2ZAW``."""
    if len(random_bytes) * 8 < LENGTH * 5:
        raise ValueError("a secret code needs ten random bytes")
    value = int.from_bytes(random_bytes[:10], "big")
    return grouped("".join(ALPHABET[(value >> (5 * place)) & 31] for place in range(LENGTH)))


def normalise(text: str) -> str:
    """What a person typed, as it is hashed: upper case, no separators, look-alikes resolved."""
    return text[: LENGTH * 3].strip().upper().translate(_LOOKALIKES)


def grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))
