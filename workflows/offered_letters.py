"""Which messages of the complaint desk a region may word by itself, and what each may name."""

from django.utils.translation import gettext_lazy as _

from core.letters import Editable, offer

NUMBER = {"reference": "BKL-2026-000123"}
TRACK = "workflows:track"

LETTERS = (
    Editable("complaint_received", _("Report received"), {**NUMBER, "due": "2026-11-30"}, TRACK),
    Editable("complaint_question", _("Question to the reporter"), NUMBER, TRACK),
    Editable("complaint_moved", _("The case has moved"), NUMBER, TRACK),
    Editable("complaint_message", _("Message of an officer"), NUMBER, TRACK),
    Editable("complaint_answered", _("The office has answered"), NUMBER, TRACK),
    Editable("complaint_closed", _("Case closed"), NUMBER, TRACK),
    Editable("complaint_published", _("Case in the public list"), NUMBER, TRACK),
    Editable("case_forwarded", _("Case forwarded to an office"), NUMBER, "wagtailadmin_home"),
)


def offer_letters() -> None:
    for letter in LETTERS:
        offer(letter)
