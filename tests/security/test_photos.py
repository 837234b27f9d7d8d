"""A photo that was tampered with is kept or refused; it never fails the server."""

import io
import random

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from workflows.uploads import check_file


def photo(kind):
    notes = Image.Exif()
    notes[0x0112], notes[0x010E], notes[0x8825] = 6, "x" * 50, {1: "N", 2: (1.0, 2.0, 3.0)}
    written = io.BytesIO()
    Image.linear_gradient("L").resize((60, 40)).convert("RGB").save(written, kind, exif=notes)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.filterwarnings("ignore")
def test_no_damage_in_the_head_of_a_photo_fails_the_check(kind):
    chance, sound, kept = random.Random(1), photo(kind), 0
    for _attempt in range(1500):
        damaged = bytearray(sound)
        for _byte in range(chance.randint(1, 8)):
            damaged[chance.randrange(min(len(sound), 260))] = chance.randrange(256)
        try:
            kept += check_file(io.BytesIO(bytes(damaged)), len(damaged), 2**20).size > 0
        except ValidationError:
            continue
    assert kept
