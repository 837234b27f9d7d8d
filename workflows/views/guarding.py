"""What a report costs while more arrive from one network than usual: a little work of the browser, or a short wait.

The page holds everything that was typed; files wait under the form's key. With scripts the browser works for about a
second and sends the form by itself; without, the visitor waits a little and presses the button.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.proofs import CHALLENGE_FIELD, PROOF_FIELD, Challenge, is_paid, kept_fields, new_challenge, read_challenge
from workflows.models import PendingUpload


@dataclass
class FilingGuard:
    """One form that was sent. ``form_key`` is what makes a form sent twice one case, so a proof buys one case."""

    request: HttpRequest
    form_key: str
    now: datetime

    @property
    def bound(self) -> tuple[str, str]:
        return "complaints", self.form_key

    @cached_property
    def challenge(self) -> Challenge | None:
        """What the sender was asked to pay with, where this form was sent before."""
        text = self.request.POST.get(CHALLENGE_FIELD, "")
        return read_challenge(text, self.bound, self.now) if text else None

    @property
    def is_proven(self) -> bool:
        return is_paid(self.challenge, self.request.POST.get(PROOF_FIELD, ""), self.now)

    def one_moment(self, excess: float, kept: Sequence[PendingUpload]) -> HttpResponse:
        """The form again, as it was typed, behind a challenge; the one given before stays, so that waiting counts."""
        challenge = self.challenge or new_challenge(self.bound, excess=excess, now=self.now)
        seconds = challenge.seconds_left(self.now)
        fields = kept_fields(self.request.POST.lists(), "csrfmiddlewaretoken")
        context = {"challenge": challenge, "seconds": seconds, "fields": fields, "kept": kept}
        response = render(self.request, "workflows/one_moment.html", context, status=429)
        response["Retry-After"] = str(seconds)
        return response
