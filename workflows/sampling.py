"""Which closed cases somebody else looks at again, drawn by lot.

Covers the draw: a case is drawn when the hash of its closing event, read as a number, falls into the share that held
at that moment. The hash covers words salted at random, so nobody can steer or foresee the draw before a case is
closed; and the share stands in the same event, so anybody with the event can draw again and must get the same answer.
Leaves out cases that are looked at whatever the draw says: those answered with a repeated text (``services.drawing``).
"""

# Under this name the closing event keeps the share that held.
SHARE = "sample"
# Per cent; never none at all, so that nobody can count on not being looked at.
LEAST_SHARE, USUAL_SHARE, WHOLE_SHARE = 1, 5, 100
_HASH_BITS = 256


def is_drawn(event_hash: str, percent: int) -> bool:
    """Whether the event with this SHA-256 in hexadecimal is among ``percent`` of a hundred."""
    return int(event_hash, 16) * WHOLE_SHARE < percent << _HASH_BITS
