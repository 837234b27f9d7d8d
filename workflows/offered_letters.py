"""Which messages of the complaint desk a region may word by itself, and what each may name.

Leaves out the alarms to administrators (a changed log, a date that differs, identities opened too often, messages that
wait): whoever words the letters must not be able to reword what tells on them.
"""

from django.utils.translation import gettext_lazy as _

from core.letters import Editable, Passage, offer

NUMBER = {"reference": "BKL-2026-000123"}
TRACK = "workflows:track"

DUE = {"due": "2026-11-30"}
MOVED = {**DUE, "before": "2026-11-23"}
LINES = [
    {"reference": NUMBER["reference"], "due": "2026-11-30 16.00", "late": False},
    {"reference": "BKL-2026-000118", "due": "2026-11-20 16.00", "late": True},
]
DIGEST = Passage("list", "emails/lists/deadline_digest.txt", {"lines": LINES})
TO_CASE = ("complaints:case", ("reference", NUMBER["reference"]))

LETTERS = (
    Editable("complaint_received", _("Report received"), {**NUMBER, **DUE}, TRACK),
    Editable("complaint_question", _("Question to the reporter"), NUMBER, TRACK),
    Editable("complaint_moved", _("The case has moved"), NUMBER, TRACK),
    Editable("complaint_message", _("Message of an officer"), NUMBER, TRACK),
    Editable("complaint_answered", _("The office has answered"), NUMBER, TRACK),
    Editable("complaint_closed", _("Case closed"), NUMBER, TRACK),
    Editable("complaint_followed", _("News of the earlier report a case follows"), NUMBER, TRACK),
    Editable("complaint_published", _("Case in the public list"), NUMBER, TRACK),
    Editable("complaint_extended", _("More time is needed"), {**NUMBER, **DUE}, TRACK),
    Editable("complaint_reclassified", _("Another date by another class or topic"), {**NUMBER, **MOVED}, TRACK),
    Editable("calendar_changed", _("Another date by a new calendar"), {**NUMBER, **MOVED, "document": "–"}, TRACK),
    Editable("follow_confirm", _("Does somebody want to follow a case?"), NUMBER, "workflows:follow_confirm",
             ("token", "…")),
    Editable("follow_news", _("News for who follows a case"), NUMBER, "workflows:follow",
             ("reference", NUMBER["reference"])),
    Editable("case_forwarded", _("Case forwarded to an office"), NUMBER, *TO_CASE),
    Editable("case_reporter_wrote", _("The reporter has written"), NUMBER, *TO_CASE),
    Editable("case_taken_back", _("Case taken back from an office"), NUMBER, *TO_CASE),
    Editable("case_mentioned", _("Somebody is mentioned in a note"), NUMBER, *TO_CASE),
    Editable("case_to_arbiter", _("Case for the arbiter"), NUMBER, *TO_CASE),
    Editable("deadline_digest", _("Cases near their date or past it"), {"number": len(LINES), "day": "2026-11-23"},
             "complaints:queue", passage=DIGEST),
    Editable("pause_pattern", _("A case paused many times in a day"), NUMBER, "complaints:deadline",
             ("reference", NUMBER["reference"])),
)  # fmt: skip


def offer_letters() -> None:
    for letter in LETTERS:
        offer(letter)
