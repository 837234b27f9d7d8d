"""Text travels compressed, pictures as they are."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.middleware import CompressTextMiddleware

BODY = b"isi " * 500


@pytest.fixture
def answer():
    def send(content_type):
        middleware = CompressTextMiddleware(lambda request: HttpResponse(BODY, content_type=content_type))
        return middleware(RequestFactory().get("/", headers={"Accept-Encoding": "gzip"}))

    return send


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json", "image/svg+xml"])
def test_text_is_compressed(answer, content_type):
    response = answer(content_type)
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == BODY


@pytest.mark.parametrize("content_type", ["image/png", "application/pdf", "application/zip"])
def test_pictures_and_documents_are_left_as_they_are(answer, content_type):
    response = answer(content_type)
    assert "Content-Encoding" not in response
    assert response.content == BODY
