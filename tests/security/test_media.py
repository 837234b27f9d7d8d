"""What is served from the uploads: photos written anew, and nothing else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    return Image.objects.create(title="Loket", file=get_test_image_file())


def test_a_photo_of_a_page_is_shown_without_a_web_server_in_front(client, photo):
    rendition = photo.get_rendition("width-100")

    answer = client.get(rendition.url)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_the_original_with_its_hidden_data_is_not_served(client, photo):
    assert client.get(photo.file.url).status_code == 404


@pytest.mark.parametrize(
    "name", ["documents/surat.pdf", "images/logo.svg", "images/halaman.html", "images/tanpa-akhiran", "surat.png"]
)
def test_nothing_but_renditions_is_served(client, name):
    default_storage.save(name, ContentFile(b"isi"))

    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../suara.sqlite3", "images/../../private/a.png", "images/..%2f..%2fa.png", "images/%00.png", "images/a.png"],
)
def test_no_path_leads_out_of_the_uploads(client, path):
    assert client.get(f"/media/{path}").status_code == 404
