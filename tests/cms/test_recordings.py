"""Recordings of questions: judged by content, sent in parts, kept in the agency's own collection."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document

from core.services import sync_roles
from core.sounds import MAXIMUM_SOUND, sound_suffix
from tests.cms.factories import make_section, make_site

HEADS = {
    "ogg": b"OggS\x00\x02" + b"\0" * 40,
    "webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 20,
    "wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 30,
    "m4a": b"\0\0\0\x1cftypM4A \0\0\0\0" + b"\0" * 30,
    "mp3": b"ID3\x04\0\0\0\0\0\0" + b"\0" * 30,
}
OTHERS = [
    b"",
    b"<svg onload=alert(1)>",
    b"%PDF-1.7",
    b"\xff\xd8\xff\xe0JFIF",
    b"RIFF\0\0\0\0WEBPVP8 ",
    b"MZ\x90\0",
    b"\xff",
]


@pytest.mark.parametrize(("suffix", "head"), HEADS.items())
def test_a_recording_is_known_by_its_first_bytes(suffix, head):
    assert sound_suffix(head) == suffix


def test_a_bare_mp3_frame_is_known_too():
    assert sound_suffix(b"\xff\xfb\x90\x64" + b"\0" * 20) == "mp3"


@pytest.mark.parametrize("head", OTHERS)
def test_anything_else_is_no_recording(head):
    assert sound_suffix(head) == ""


@pytest.fixture
def section(db, agency):
    make_site(agency.region)
    section = make_section(agency)
    sync_roles()
    return section


def record(client, content, name="rekaman-jv.ogg", title="Cepat? (jv)"):
    return client.post(reverse("survey_recording"), {"file": SimpleUploadedFile(name, content), "title": title})


def test_an_editor_records_into_the_own_collection(client, section, editor, agency):
    client.force_login(editor)
    answer = record(client, HEADS["ogg"])
    assert answer.status_code == 201
    document = Document.objects.get()
    assert (answer.json()["id"], document.title, document.uploaded_by_user) == (document.pk, "Cepat? (jv)", editor)
    assert document.collection.depth > 1


@pytest.mark.parametrize("content", [b"<script>", HEADS["wav"], HEADS["ogg"] + b"\0" * MAXIMUM_SOUND])
def test_what_is_no_recording_or_too_large_is_refused_with_a_sentence(client, section, editor, content):
    client.force_login(editor)
    answer = record(client, content)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Document.objects.exists()


def test_who_may_not_add_documents_may_not_record(client, section, auditor, citizen):
    client.force_login(auditor)
    assert record(client, HEADS["ogg"]).status_code == 403
    client.logout()
    assert record(client, HEADS["ogg"]).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("", 200, HEADS["ogg"]),
        ("bytes=0-1", 206, b"Og"),
        ("bytes=4-", 206, HEADS["ogg"][4:]),
        ("bytes=-2", 206, b"\0\0"),
        ("bytes=2-99999", 206, HEADS["ogg"][2:]),
        ("bytes=99999-", 416, b""),
        ("lines=1-2", 200, HEADS["ogg"]),
    ],
)
def test_a_phone_gets_the_part_it_asks_for(client, asked, status, content):
    document = Document.objects.create(title="Suara", file=ContentFile(HEADS["ogg"], "suara.ogg"))
    response = client.get(document.url, headers={"Range": asked} if asked else {})
    assert (response.status_code, b"".join(response)) == (status, content)
    if status != 416:
        assert response["Content-Type"] == "audio/ogg"
        assert response["Accept-Ranges"] == "bytes"
