"""The page of proofs names tests that exist, for every row of the checklist; and the rows that no other file has."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.cms.factories import make_site
from tests.workflows.factories import FILED_AT, make_complaint
from workflows.models import Complaint
from workflows.services.dossier import dossier_zip
from workflows.states import Status

ROOT = Path(__file__).parents[2]
ROWS = {
    *(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 15, 16, 17, 18, 19, 22, 23, 24, 25, 27, 28, 29, 31, 32, 33, 34, 35, 36),
    *(37, 38, 39, 41, 42, 43, 45, 46, 47, 48, 49, 50, 51, 52, 53, 55, 56, 58, 60),
}
# Would fail the page if it were read as its language: unknown, and files beyond its folder.
TYPST = '#panic("dibaca") #read("/etc/passwd") #image("https://evil.example/x.png") #include "x.typ" <a> @b $ ` \\ /* ]'


def test_every_row_is_proved_by_tests_that_exist():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named, known = set(re.findall(r"`(test_\w+)`", page)), set(re.findall(r"def (test_\w+)\(", sources))
    assert {int(row) for row in re.findall(r"^\| A(\d+) \|", page, re.M)} == ROWS
    assert named - known == set()


def test_a17_reset_links_live_a_day():
    assert settings.PASSWORD_RESET_TIMEOUT <= 24 * 60 * 60


@pytest.mark.django_db
def test_a33_text_in_a_dossier_is_text(region):
    cache.clear()
    make_site(region)
    case = make_complaint(Status.FOLLOWED_UP, region=region, title=TYPST[:120], body=TYPST, place=TYPST)
    assert dossier_zip(Complaint.objects.get(pk=case.pk), FILED_AT)
