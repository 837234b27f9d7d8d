"""What an open form is counted by, what its network tells, and the page that asks for a moment.

The page holds everything that was typed. With scripts the browser works for about a second and sends the form by
itself; without, the visitor waits a little and presses the button. Nothing is asked of a person but patience.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.addresses import client_address, network_of
from core.proofs import (
    CHALLENGE_FIELD,
    PROOF_FIELD,
    Challenge,
    is_paid,
    kept_fields,
    new_challenge,
    read_challenge,
)
from surveys.errors import ProofRequired, TooManyPosts
from surveys.limits import WINDOW, Kind
from surveys.models import Channel
from surveys.quality import STAFF, TRAP
from surveys.selectors.networks import is_in_office
from surveys.services.limits import Guard
from surveys.tokens import FormToken

from .places import Place, spoken

TRAP_FIELD = "website"
GUARD_FIELDS = frozenset({CHALLENGE_FIELD, PROOF_FIELD, TRAP_FIELD})

# Anybody may answer there; elsewhere a device, an officer or a civil servant is known to us.
OPEN_CHANNELS = frozenset({Channel.QR, Channel.LINK})

Posted = Mapping[str, Sequence[str]]


def guard_of(request: HttpRequest, place: Place, token: FormToken, posted: Posted, now: datetime) -> Guard | None:
    """Counted by place, form and network, never by what tells people apart; None where somebody is signed in."""
    if place.channel not in OPEN_CHANNELS:
        return None
    by = {Kind.POINT: str(place.point_id)} if place.point_id else {Kind.LINK: "all"}
    by[Kind.NONCE] = token.key.hex
    if client_address(request) is not None:
        by[Kind.NETWORK] = network_of(request)
    challenge = _challenge_in(posted, token, now)
    return Guard(by, is_proven=is_paid(challenge, _first(posted, PROOF_FIELD), now))


def seen_flags(request: HttpRequest, place: Place, posted: Posted) -> list[str]:
    """What only the page can tell for the quality report; an answer is never dropped for it."""
    signs = {
        TRAP: any(posted.get(TRAP_FIELD, ())),
        STAFF: place.channel in OPEN_CHANNELS and is_in_office(client_address(request), place.survey.agency),
    }
    return [code for code, shows in signs.items() if shows]


def one_moment(
    request: HttpRequest, place: Place, *, token: FormToken, posted: Posted, error: ProofRequired, now: datetime
) -> HttpResponse:
    """The form again, as it was typed, behind a little work or a wait."""
    challenge = None if isinstance(error, TooManyPosts) else _challenge_in(posted, token, now)
    if challenge is None and not isinstance(error, TooManyPosts):
        challenge = new_challenge(token.bound, excess=error.excess, now=now)
    wait = challenge.seconds_left(now) if challenge else int(WINDOW.total_seconds())
    context: dict[str, Any] = {
        "place": place,
        "action": spoken(place.form_url),
        "survey_title": place.text("title"),
        "agency": place.survey.agency,
        "challenge": challenge,
        "seconds": wait,
        "fields": kept_fields(posted.items()),
    }
    response = render(request, "surveys/one_moment.html", context, status=429)
    response["Retry-After"] = str(wait)
    return response


def _challenge_in(posted: Posted, token: FormToken, now: datetime) -> Challenge | None:
    text = _first(posted, CHALLENGE_FIELD)
    return read_challenge(text, token.bound, now) if text else None


def _first(posted: Posted, name: str) -> str:
    return next(iter(posted.get(name, ())), "")
