"""Plain sentences for editors: what a change does, what stands against publishing."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.branching import Fault, Problem
from surveys.changes import Change, Grade, Kind

GRADES = {
    Grade.REFUSED: gettext_lazy("Refused while there are answers"),
    Grade.MEANING: gettext_lazy("Changes what is asked: a new version begins"),
    Grade.WORDING: gettext_lazy("Changes words or presentation only: answers go on in one line"),
}

_CHANGES = {
    Kind.REWORDED: gettext_lazy(
        "“%(label)s” now reads “%(after)s”. It stays the same question; both wordings are kept."
    ),
    Kind.TRANSLATED: gettext_lazy("“%(label)s”: a translation was added, changed or removed."),
    Kind.CHOICE_REWORDED: gettext_lazy(
        "“%(label)s”: the answer “%(before)s” now reads “%(after)s”. It stays the same."
    ),
    Kind.REORDERED: gettext_lazy("The questions stand in another order."),
    Kind.CHOICES_REORDERED: gettext_lazy("“%(label)s”: the answers stand in another order."),
    Kind.OFFICIAL_REWORDED: gettext_lazy("Official question “%(label)s” has other words. Code, scale and weight stay."),
    Kind.PRESENTATION: gettext_lazy("Layout, languages, recordings or the label of the comment changed."),
    Kind.SECTIONS: gettext_lazy("The texts between the questions changed."),
    Kind.REASONS: gettext_lazy("“%(label)s”: asking for the reason of a low score changed."),
    Kind.ADDED_OPTIONAL: gettext_lazy("New question “%(label)s”. Earlier answers count as “not asked”."),
    Kind.ADDED_REQUIRED: gettext_lazy(
        "New question “%(label)s” that must be answered. Forms opened earlier are still accepted without it."
    ),
    Kind.RESTORED: gettext_lazy("“%(label)s” is asked again, together with its earlier answers."),
    Kind.RETIRED: gettext_lazy("“%(label)s” is no longer asked. Its answers stay in results and exports."),
    Kind.CHOICE_ADDED: gettext_lazy("“%(label)s”: new answer “%(after)s”. The others keep their codes."),
    Kind.CHOICE_RETIRED: gettext_lazy("“%(label)s”: “%(before)s” is no longer offered. Answers with it stay counted."),
    Kind.NOW_REQUIRED: gettext_lazy("“%(label)s” must be answered from now on. Earlier blanks stay valid."),
    Kind.NOW_OPTIONAL: gettext_lazy("“%(label)s” may be left open from now on."),
    Kind.LIMITS: gettext_lazy("“%(label)s”: other limits (%(before)s → %(after)s). Stored answers stay as they are."),
    Kind.SCALE: gettext_lazy(
        "“%(label)s”: another scale (%(before)s → %(after)s). Answers before and after are never averaged together."
    ),
    Kind.CONDITION: gettext_lazy("“%(label)s” is asked under another condition."),
    Kind.PROFILE: gettext_lazy("The questions about the respondent changed."),
    Kind.COMMENT: gettext_lazy("The suggestion field was added or removed. Earlier suggestions stay."),
    Kind.INSTRUMENT: gettext_lazy("Another instrument with the same elements: %(after)s. Trends show a break."),
    Kind.TYPE: gettext_lazy(
        "“%(label)s” would become another type of question. Remove it and add a new one: its answers stay, apart."
    ),
    Kind.CODE: gettext_lazy("“%(label)s” was published under the code %(before)s; it keeps that code."),
    Kind.OFFICIAL_SCALE: gettext_lazy(
        "The scale of the official elements cannot change (%(before)s → %(after)s). Make a new survey for the other "
        "instrument and unpublish this one; its answers stay."
    ),
    Kind.OFFICIAL_ELEMENTS: gettext_lazy(
        "The other instrument has other elements. Make a new survey for it and unpublish this one; its answers stay."
    ),
    Kind.RETENTION: gettext_lazy(
        "Answers were given under a shorter time (%(before)s months); it cannot be prolonged."
    ),
}

_PROBLEMS = {
    Fault.UNKNOWN_QUESTION: gettext_lazy("The question this depends on (%(detail)s) is not in this form."),
    Fault.LATER_QUESTION: gettext_lazy("“%(detail)s” comes later; a condition can only look back."),
    Fault.NOT_CHOOSABLE: gettext_lazy(
        "The answers to “%(detail)s” cannot be listed; choose a question with answers to pick."
    ),
    Fault.UNKNOWN_CHOICE: gettext_lazy("“%(detail)s” does not offer these answers: %(codes)s."),
    Fault.NO_CHOICE: gettext_lazy("Choose the answers to “%(detail)s” after which this is asked."),
    Fault.UNREACHABLE: gettext_lazy("Nobody can reach this question: no answer above leads to it."),
    Fault.UNREACHABLE_REQUIRED: gettext_lazy("This question must be answered, but no answer above leads to it."),
    Fault.OFFICIAL_CONDITIONAL: gettext_lazy("An official question is always asked."),
    Fault.CODE_TWICE: gettext_lazy("The code %(detail)s is used twice in this form."),
    Fault.EMPTY_LABEL: gettext_lazy("Please write the question in Indonesian."),
    Fault.SIGNS_ONLY: gettext_lazy("“%(detail)s” has no letters; please use words."),
    Fault.TOO_LONG: gettext_lazy("This text has more than 300 characters; citizens would not read it."),
    Fault.FORBIDDEN_REQUEST: gettext_lazy(
        "This seems to ask for “%(detail)s”. Surveys are anonymous: do not collect identity numbers, passwords or "
        "accounts."
    ),
}

_WHAT_IS_MISSING = {
    "label": gettext_lazy("question"),
    "help": gettext_lazy("explanation"),
    "choice": gettext_lazy("answers"),
    "point": gettext_lazy("words of the scale"),
    "audio": gettext_lazy("recording"),
}


def change_sentence(change: Change) -> str:
    words = {"label": change.label or _("no text yet"), "before": change.before, "after": change.after}
    return str(_CHANGES[change.kind]) % words


def problem_sentence(problem: Problem) -> str:
    return str(_PROBLEMS[problem.fault]) % {"detail": problem.detail, "codes": problem.codes}


def missing_word(what: str) -> str:
    return str(_WHAT_IS_MISSING[what])


def damaged_sentence() -> str:
    return _("A published version was altered outside the system. Nothing can be published until it is mended.")
