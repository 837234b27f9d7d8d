"""The sentence beside a field for each fault, and the refusals a view turns into messages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from surveys.answers import Fault
from surveys.papersheets import DayFault

FAULT_MESSAGES = {
    Fault.REQUIRED: _("Please answer this question."),
    Fault.OFF_SCALE: _("Please choose one of the answers shown."),
    Fault.UNKNOWN_FIELD: _("The form contained a field that is not part of this survey."),
    Fault.REPEATED: _("Please choose one answer only."),
    Fault.TOO_LONG: _("This text is too long."),
    Fault.NOT_A_CHOICE: _("Please choose one of the answers shown."),
    Fault.NOT_A_NUMBER: _("Please enter a number."),
    Fault.OUT_OF_RANGE: _("This number is outside the allowed range."),
    Fault.NOT_A_DATE: _("Please enter a date."),
    Fault.NOT_A_PHOTO: _("Please attach the photo again."),
}

DAY_MESSAGES = {
    DayFault.FUTURE: _("This day has not come yet."),
    DayFault.BEFORE_PRINT: _("This version was printed later."),
    DayFault.TOO_OLD: _("This day is too long ago for new answers."),
}


class SurveyClosed(Exception):
    """The survey does not take answers."""


class WrongPlace(ValueError):
    """Service point, service and survey do not belong together."""


class AlreadyAnswered(Exception):
    """The person took part in this internal survey in this period."""


class ProofRequired(Exception):
    """Many more answers than usual arrive: this one has to cost a moment. ``excess`` is how many times the usual."""

    def __init__(self, excess: float):
        super().__init__(f"{excess:.1f} times the usual")
        self.excess = excess


class TooManyPosts(ProofRequired):
    """More than any crowd can send; not taken now."""


class PublishingRefused(ValueError):
    """The draft must not become the questionnaire in use; ``sentences`` say why."""

    def __init__(self, sentences: Sequence[str]):
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


class DamagedVersion(PublishingRefused):
    """A published questionnaire was changed behind our back."""


class BadPaperDay(ValueError):
    """The day of a batch of paper forms cannot be; ``fault`` says why."""

    def __init__(self, fault: DayFault):
        super().__init__(fault.value)
        self.fault = fault


class BatchClosed(Exception):
    """The sheets of this batch have become answers."""


class BatchUnfinished(Exception):
    """Sheets wait to be typed a second time, or to be settled."""


class EmptySheet(ValueError):
    """Nothing was typed."""


class NotYourSheet(Exception):
    """Somebody else's entry, or one that a second person has seen."""


class SheetTaken(Exception):
    """Another sheet has this number; ``free`` is the next one."""

    def __init__(self, free: int):
        super().__init__(str(free))
        self.free = free
