"""Uploads are judged by content: what is kept, what is refused, and what a kept photo no longer says."""

import io
import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.pictures import LONGEST_SIDE
from tests.workflows.factories import FILED_AT
from workflows.services.files import discard_stale_uploads, keep_upload
from workflows.uploads import check_file

LIMIT = 5 * 1024 * 1024
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind="JPEG", size=(80, 50), mode="RGB", **save):
    content = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else (10, 200, 30, 90)[: len(mode)]).save(content, kind, **save)
    return content.getvalue()


def with_place():
    image = Image.new("RGB", (80, 50))
    exif = image.getexif()
    exif[0x010F] = "MerekPonsel"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (7.0, 2.0, 3.0)
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif, comment=b"rahasia")
    return content.getvalue()


def bomb():
    """A PNG header that promises 60,000 by 60,000 pixels."""
    header = b"IHDR" + (60000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + picture("PNG")[33:]


def check(content, limit=LIMIT):
    return check_file(io.BytesIO(content), len(content), limit)


@pytest.mark.parametrize(
    ("content", "kept_as"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("JPEG", mode="L"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("PNG", mode="RGBA"), "image/png"),
        (picture("WEBP"), "image/jpeg"),
        (b"%PDF-1.7 ... %%EOF\n", "application/pdf"),
    ],
)
def test_photos_and_pdfs_are_kept(content, kept_as):
    assert check(content).content_type == kept_as


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (HTML, "type"),
        (SVG, "type"),
        (b"MZ\x90\x00", "type"),
        (b"PK\x03\x04 dokumen", "type"),
        (b"GIF89a" + HTML, "type"),
        (picture("GIF", mode="L"), "type"),
        (picture("BMP"), "type"),
        (picture("TIFF"), "type"),
        (picture("JPEG")[:200], "type"),
        (b"\xff\xd8\xff\xe0" + HTML, "type"),
        (HTML + b"%PDF-1.7 %%EOF", "type"),
        (b"%PDF-1.7 terpotong", "broken"),
        (bomb(), "bomb"),
        (b"%PDF-" + b"0" * LIMIT, "too_large"),
    ],
)
def test_everything_else_is_refused_with_a_reason(content, code):
    with pytest.raises(ValidationError) as refused:
        check(content)
    assert refused.value.code == code


def test_a_photo_loses_place_camera_and_comment_but_not_its_orientation():
    kept = check(with_place()).content
    image = Image.open(io.BytesIO(kept))
    assert not image.getexif()
    assert b"MerekPonsel" not in kept
    assert b"rahasia" not in kept
    assert image.size == (50, 80)


def test_nothing_hidden_behind_a_photo_survives():
    kept = check(picture("JPEG") + HTML + b"PK\x03\x04").content
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept


def test_a_large_photo_becomes_small_enough_to_send():
    kept = Image.open(io.BytesIO(check(picture(size=(5000, 3000))).content))
    assert max(kept.size) == LONGEST_SIDE


@pytest.mark.django_db
def test_the_stored_name_says_nothing_and_unfinished_files_go_after_a_day():

    file = SimpleUploadedFile("../../ktp-sulastri.jpg", picture())
    kept = keep_upload(form_key="f", file=file, now=FILED_AT)
    assert "sulastri" not in kept.name
    assert storages["private"].exists(kept.name)
    assert discard_stale_uploads(FILED_AT + timedelta(hours=23)) == 0
    assert discard_stale_uploads(FILED_AT + timedelta(hours=25)) == 1
    assert not storages["private"].exists(kept.name)
