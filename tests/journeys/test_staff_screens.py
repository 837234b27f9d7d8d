"""Every staff screen of the complaint desk that no journey shows: accessible, and no wider than a phone."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.sealing import seal
from tests.cms.factories import make_site
from tests.workflows.factories import make_complaint
from workflows.models import Category, ComplaintDesk, HeldEntry, InboundMessage, SlaPolicy
from workflows.services import proposals, replies, routing, rules
from workflows.services.calendars import load_calendars
from workflows.services.categories import load_categories
from workflows.services.intake.gateways import make_gateway
from workflows.services.policies import load_sla_policies

WORDS = {"title": "Tanya", "text": "Kapan selesai?", "sender": "a@contoh.example", "channel": "email", "reference": ""}
DECREE = {"title": "Hari jadi", "source": "Keputusan Bupati 7/2026", "source_url": "", "known_from": date(2026, 5, 4)}
DAY = {"on": "2026-05-19", "name": "Hari jadi", "kind": "local", "change": "add"}
LISTS = ("calendar_changes", "calendar_layers", "working_hours", "time_limits", "reminder_rules", "complaint_topics")


@pytest.fixture
def desk(site_url, region, agency, service, verifier, officer, agency_head, regional_admin):
    make_site(region)
    load_calendars()
    load_sla_policies()
    load_categories()
    return ComplaintDesk.objects.create(region=region, prefix="BKL", coordinator=agency)


@pytest.fixture
def addresses(desk, region, agency, regional_admin, verifier):
    """Something on every screen, and where the screens are."""
    case, referred = make_complaint("in_progress").reference, make_complaint("referred_out").reference
    rules.start_draft(region=region, actor=regional_admin)
    rows = [{"agency": agency.pk, "words": ["jalan", "lubang"]}]
    routing.save_draft(region=region, actor=regional_admin, rows=rows, note="Awal")
    version = routing.publish_draft(region=region, actor=regional_admin)
    reply = replies.save_template(
        actor=regional_admin, region=region, office=None, name="Jalan", body="Jalan di {tempat} sudah diperbaiki."
    )
    numbers = {"kind": "whatsapp", "name": "WhatsApp", "slug": "wa", "daily_limit": 100}
    make_gateway(region=region, actor=regional_admin, **numbers)
    message, entry = waiting(region, verifier)
    return [
        *(reverse(f"{name}:index") for name in LISTS),
        *(reverse(f"complaints:{name}") for name in ("states", "returns", "handover", "replies", "new_reply")),
        *(reverse(f"complaints:{name}") for name in ("indicators", "samples", "sp4n", "sp4n_import")),
        *(reverse(f"complaints:{name}", args=[case]) for name in ("deadline", "similar")),
        *(reverse(f"intake:{name}") for name in ("inbox", "held", "gateways", "routing", "routing_edit")),
        *(reverse(f"privacy:{name}") for name in ("proofs", "letters", "messages")),
        *(reverse("deadlines:new_change", args=[kind]) for kind in ("days", "hours", "ramadan", "week", "zone")),
        reverse("complaints:rules", args=[region.pk]),
        reverse("complaints:reply", args=[reply.pk]),
        reverse("complaints:referral", args=[referred]),
        reverse("intake:routing_version", args=[version.pk]),
        reverse("intake:inbox_message", args=[message.pk]),
        reverse("intake:held_entry", args=[entry.pk]),
        reverse("intake:questions", args=[Category.objects.first().pk]),
        reverse("privacy:case", args=[case]),
        reverse("privacy:letter", args=["complaint_received"]),
        reverse("deadlines:set_up"),
        reverse("deadlines:limit", args=[SlaPolicy.objects.first().pk]),
        reverse("deadlines:change", args=[decree(region, verifier).pk]),
        reverse("time_limits:add"),
    ]


def waiting(region, person):
    """A message nobody could place, and an entry dated back too far."""
    now = timezone.now()
    content = seal(json.dumps({**WORDS, "identity": ["Siti", "", "a@contoh.example"]}))
    held = {"source": "mail", "external_hash": "x", "outcome": "held", "reason": "unverified"}
    message = InboundMessage.objects.create(region=region, received_at=now, content_sealed=content, **held)
    draft = seal(json.dumps({"token": "x", "draft": {"title": "Lampu jalan mati", "body": "Sudah dua minggu."}}))
    moments = {"received_at": now - timedelta(days=40), "entered_at": now, "entered_by": person}
    entry = HeldEntry.objects.create(region=region, channel="letter", reason="x", payload_sealed=draft, **moments)
    return message, entry


def decree(region, person):
    document = {**DECREE, "decided_on": date(2026, 5, 4)}
    change = proposals.propose_change(
        kind="days", content={"days": [DAY]}, document=document, actor=person, region=region
    )
    return proposals.count_preview(change.pk, timezone.now())


# What runs past the right edge and stands in nothing of its own that scrolls. Wagtail's main hides what overflows it,
# so the width of the document says nothing.
PAST_THE_EDGE = """
() => [...document.querySelectorAll("#main *")].filter((element) => {
  const box = element.getBoundingClientRect();
  if (!box.width || box.right <= document.documentElement.clientWidth + 1) return false;
  if (getComputedStyle(element).position === "fixed") return false;
  for (let around = element.parentElement; around && around.id !== "main"; around = around.parentElement) {
    if (getComputedStyle(around).overflowX !== "visible") return false;
  }
  return true;
}).map((element) => element.outerHTML.slice(0, 120))
"""


@pytest.mark.slow
@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_every_screen_is_accessible_and_fits(
    width, request, addresses, regional_admin, sign_in, assert_accessible, look
):
    page = sign_in(request.getfixturevalue(width), regional_admin)
    # On a wide screen only the lists have what the phone does not show: a second search.
    for address in addresses if width == "phone" else addresses[: len(LISTS)]:
        assert page.goto(address).status == 200, address
        assert_accessible(page)
        assert not page.evaluate(PAST_THE_EDGE), address
        look(page, "meja" + address.replace("/", "-"))


def test_an_officer_works_by_keyboard_and_never_loses_the_place(desk, officer, sign_in, desktop):
    case = make_complaint("in_progress")
    page = sign_in(desktop, officer)
    focused = page.locator(":focus")
    page.goto(reverse("complaints:queue") + "?tab=open&mine=&q=jalan")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('complaints:case', args=[case.reference])}")
    for words, place in (("", "[aria-invalid=true]:focus"), ("Sudah ditelepon.", "[data-start]:focus")):
        page.keyboard.press("n")
        page.keyboard.type(words)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(place).wait_for()
        page.keyboard.press("Tab")
    page.keyboard.press("u")
    page.locator("[data-case] a:focus").wait_for()
    assert focused.inner_text() == case.title
    # The filters are kept, what was searched for is not.
    assert page.url.endswith("?tab=open&mine=")
