"""Recordings: is this file what its name says? Judged by its first bytes. They are kept as they are and only played."""

from __future__ import annotations

# What browsers play and phones record.
TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "webm": "audio/webm",
}
# Bytes; several minutes of speech.
MAXIMUM_SOUND = 3 * 1024 * 1024
# How much of a file ``sound_suffix`` needs.
HEAD = 64


def sound_suffix(head: bytes) -> str:
    """The suffix (a key of ``TYPES``) that fits the first bytes of a file; empty when it is no recording."""
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:HEAD]:
        return "webm"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "m4a"
    # An ID3 tag, or a frame of MPEG audio layer III.
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    return ""
