"""The journeys' own instruments measure what they say."""

import pytest
from django.http import HttpResponse
from django.urls import path

from cms.urls import urlpatterns as site_urls

pytestmark = pytest.mark.urls(__name__)

# The empty icon keeps browsers from asking for /favicon.ico, which a first visit would or would not count.
STYLED = (
    "<!doctype html><html lang=id><head><title>T</title><link rel=icon href=data:,>{head}</head>"
    "<body><main><h1>T</h1>{body}</main></body></html>"
)


def _page(head="", body=""):
    return lambda request: HttpResponse(STYLED.format(head=head, body=body))


urlpatterns = [
    path("polos/", _page()),
    path("tanpa-nama/", _page(body="<img src=data:image/gif;base64,R0lGODlhAQABAAAAACw=><form><input name=a></form>")),
    path("berat/", _page(body="<p>" + "isi " * 5000)),
    *site_urls,
]


def test_a_clean_page_has_no_violation(phone, assert_accessible):
    phone.goto("/polos/")
    assert_accessible(phone)


def test_an_unlabelled_field_and_an_image_without_text_are_violations(phone, assert_accessible):
    phone.goto("/tanpa-nama/")
    with pytest.raises(AssertionError, match=r"(?s)image-alt.*label"):
        assert_accessible(phone)


def test_the_wire_counts_what_was_sent(wire_size, site_url):
    wire = wire_size("/polos/")
    assert wire.sizes.keys() >= {f"{site_url}/polos/"}
    assert 100 < wire.total < 2000
    assert wire_size("/berat/").without("/berat/").total == 0


def test_a_page_without_javascript_still_loads(phone_without_javascript):
    phone_without_javascript.goto("/polos/")
    assert phone_without_javascript.get_by_role("heading").inner_text() == "T"
