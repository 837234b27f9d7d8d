"""Filing over HTTP beside the peer: each behind a server with two workers of four threads, asked by eight, in turns."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from functools import partial

from django.conf import settings
from django.urls import reverse

from bench.desk import WORDS, Desk
from bench.lives import SECRET, product
from bench.serving import Ask, Rate, Server, post_bytes, rate
from tests.postgres import free_port

SECONDS = 4
TICKET = {"queue": "1", "title": "Jalan berlubang", "body": WORDS, "priority": "3",
          "submitter_email": "sulastri@example.org"}  # fmt: skip


def filings_per_second(desk: Desk, peer: AbstractContextManager[Server] | None, rounds: int) -> dict[str, list[Rate]]:
    """Every report comes from a browser that has never been here; both keep their guards against foreign forms."""
    ours = f"{settings.CSRF_COOKIE_NAME}={SECRET}"
    address, theirs = reverse("workflows:complaint_new"), {**TICKET, "csrfmiddlewaretoken": SECRET}
    with ExitStack() as stack:
        asked: dict[str, tuple[Server, Ask]] = {
            "file, HTTP": (
                stack.enter_context(product(free_port())),
                lambda: post_bytes(address, {**desk.form(), "csrfmiddlewaretoken": SECRET}, ours),
            )
        }
        if peer:
            ask = partial(post_bytes, "/tickets/submit/", theirs, f"csrftoken={SECRET}")
            asked["peer: file, HTTP"] = (stack.enter_context(peer), ask)
        turns = [{name: rate(*asking, SECONDS) for name, asking in asked.items()} for _ in range(rounds)]
    return {name: [turn[name] for turn in turns] for name in asked}
