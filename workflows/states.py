"""The words a case is described with: statuses, classes, channels, actions and reasons.

Codes are English and stored; labels are for staff. What a citizen reads stands in ``PUBLIC_STATUS``, because six
words are enough there (docs/glossary.md). Leaves out which moves are allowed: that is ``models/machine.py``.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    RECEIVED = "received", _("Received")
    NEEDS_INFO = "needs_info", _("Waiting for the reporter")
    VERIFIED = "verified", _("Verified")
    FORWARDED = "forwarded", _("Forwarded")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    FOLLOWED_UP = "followed_up", _("Followed up")
    CLOSED = "closed", _("Closed")
    IN_REVIEW = "in_review", _("In review")
    REFERRED_OUT = "referred_out", _("Referred to another body")
    DUPLICATE = "duplicate", _("Merged as duplicate")
    REJECTED = "rejected", _("Rejected")


# The total clock runs, or stands still while the reporter is asked.
OPEN_STATUSES = (
    Status.RECEIVED,
    Status.NEEDS_INFO,
    Status.VERIFIED,
    Status.FORWARDED,
    Status.IN_PROGRESS,
    Status.ON_HOLD,
    Status.IN_REVIEW,
)
DESK_STATUSES = (Status.RECEIVED, Status.VERIFIED)
AGENCY_STATUSES = (Status.FORWARDED, Status.IN_PROGRESS, Status.ON_HOLD)
REPORTER_STATUSES = (Status.NEEDS_INFO, Status.FOLLOWED_UP)
ANSWERED_STATUSES = (Status.FOLLOWED_UP, Status.CLOSED)
# Not yet checked by anybody, or nothing that is the government's business.
NEVER_PUBLIC = (Status.RECEIVED, Status.NEEDS_INFO, Status.REJECTED, Status.DUPLICATE)
FINAL_STATUSES = (Status.CLOSED, Status.REFERRED_OUT, Status.DUPLICATE, Status.REJECTED)

PUBLIC_STATUS = {
    Status.RECEIVED: _("Received"),
    Status.NEEDS_INFO: _("Waiting for you"),
    Status.VERIFIED: _("Received"),
    Status.FORWARDED: _("Forwarded"),
    Status.IN_PROGRESS: _("In progress"),
    Status.ON_HOLD: _("In progress"),
    Status.FOLLOWED_UP: _("Followed up"),
    Status.CLOSED: _("Finished"),
    Status.IN_REVIEW: _("Under review"),
    Status.REFERRED_OUT: _("Referred"),
    Status.DUPLICATE: _("Merged"),
    Status.REJECTED: _("Cannot be processed"),
}


class Klass(TextChoices):
    """The classes of SP4N-LAPOR!; whether a complaint needs an inspection is a separate flag."""

    COMPLAINT = "complaint", _("Complaint")
    ASPIRATION = "aspiration", _("Suggestion")
    INFORMATION_REQUEST = "information_request", _("Request for information")


class Channel(TextChoices):
    WEB = "web", _("Website")
    QR = "qr", _("QR code at a service point")
    COUNTER = "counter", _("Counter")
    LETTER = "letter", _("Letter")
    PHONE = "phone", _("Phone")
    SOCIAL = "social", _("Social media")
    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", "SMS"
    SP4N = "sp4n", _("SP4N-LAPOR!")


class Share(TextChoices):
    """What a case is to others: by itself, split among agencies, or one agency's part of such a case."""

    SINGLE = "", "–"
    WHOLE = "whole", _("Split among agencies")
    PART = "part", _("Part of a case")


# Whoever wrote this way reads the answers there, and answers them there.
MESSAGE_CHANNELS = (Channel.EMAIL, Channel.WHATSAPP, Channel.SMS)


class Action(TextChoices):
    """What an event records; every status change has exactly one, and some events change no status."""

    FILED = "filed", _("Complaint received")
    VERIFIED = "verified", _("Checked and accepted")
    INFO_REQUESTED = "info_requested", _("More information asked for")
    INFO_GIVEN = "info_given", _("Information given")
    WAIT_ENDED = "wait_ended", _("Waiting time ended")
    FORWARDED = "forwarded", _("Forwarded to an agency")
    ACCEPTED = "accepted", _("Accepted by the agency")
    RETURNED = "returned", _("Returned to the coordinator")
    TAKEN_BACK = "taken_back", _("Taken back by the complaint desk")
    HELD = "held", _("Put on hold")
    RESUMED = "resumed", _("Work resumed")
    FOLLOWED_UP = "followed_up", _("Answered by the agency")
    CONFIRMED = "confirmed", _("Confirmed by the reporter")
    NOT_SOLVED = "not_solved", _("Reporter says: not solved")
    CLOSED = "closed", _("Closed by an officer")
    CLOSED_BY_SILENCE = "closed_by_silence", _("Closed without an answer from the reporter")
    REOPENED = "reopened", _("Reopened by the reporter")
    REVIEW_STARTED = "review_started", _("Review started")
    REFERRED_OUT = "referred_out", _("Referred to another body")
    MARKED_DUPLICATE = "marked_duplicate", _("Merged with an earlier complaint")
    UNMERGED = "unmerged", _("Merge taken back")
    SPLIT = "split", _("Split among several agencies")
    UNSPLIT = "unsplit", _("Split taken back")
    PART_ANSWERED = "part_answered", _("One of the agencies has answered")
    PARTS_ANSWERED = "parts_answered", _("All agencies have answered")
    MERGED_BACK = "merged_back", _("Part taken back")
    PART_ENDED = "part_ended", _("Ended with the whole case")
    REJECTED = "rejected", _("Not processed")
    MESSAGE = "message", _("Message")
    NOTE = "note", _("Internal note")
    ASSIGNED = "assigned", _("Assigned to an officer")
    RECLASSIFIED = "reclassified", _("Class or category corrected")
    EXTENDED = "extended", _("Deadline extended")
    REBASED = "rebased", _("Counted under a newer limit")
    CALENDAR_CHANGED = "calendar_changed", _("Deadline moved by a new calendar")
    IMPORTED = "imported", _("Taken over from SP4N-LAPOR!")
    ENTERED_IN_SP4N = "entered_in_sp4n", _("Entered in SP4N-LAPOR!")
    RATED = "rated", _("Rated by the reporter")
    PRIVACY_CHANGED = "privacy_changed", _("More privacy for the reporter")
    PUBLISHED = "published", _("Published in the public list")
    WITHDRAWN = "withdrawn", _("Taken out of the public list")
    CONFLICT_NAMED = "conflict_named", _("Conflict of interest named")
    SAMPLE_CHECKED = "sample_checked", _("Looked at again by lot")
    ERASED = "erased", _("Reporter's data erased")


class Reason(TextChoices):
    """Why a case was rejected, referred, returned, put on hold or closed: the official codes."""

    NOT_GOVERNMENT = "not_government", _("Not about government work")
    TOO_GENERAL = "too_general", _("Too general to act on")
    ABUSIVE = "abusive", _("Insulting or unlawful content")
    IN_COURT = "in_court", _("Already before a court")
    NO_ANSWER = "no_answer", _("Asked for information, none came")
    OTHER_GOVERNMENT = "other_government", _("Matter of another government or body")
    LAW_ENFORCEMENT = "law_enforcement", _("Matter for law enforcement")
    NOT_OURS = "not_ours", _("Not this agency's task")
    INCOMPLETE = "incomplete", _("Information is missing")
    BUDGET = "budget", _("Waiting for budget")
    WEATHER = "weather", _("Waiting for weather or season")
    TAKEN_BACK = "taken_back", _("Taken back by the complaint desk")
    THIRD_PARTY = "third_party", _("Waiting for a third party")
    REMEDIED = "remedied", _("The problem was solved")
    EXPLAINED = "explained", _("The question was answered")
    NOT_UPHELD = "not_upheld", _("Examined, not found true")
    AGREED = "agreed", _("Agreed with the reporter")
    OTHER = "other", _("Other reason")


class ClosedBy(TextChoices):
    """Counted apart: a case closed by silence is not a satisfied reporter."""

    REPORTER = "reporter", _("Reporter")
    SILENCE = "silence", _("Silence of the reporter")
    OFFICER = "officer", _("Officer")
    EXTERNAL = "external", _("In SP4N-LAPOR!")


class Outcome(TextChoices):
    MET = "met", _("In time")
    MISSED = "missed", _("Late")
    NOT_MEASURED = "not_measured", _("Not measured")


# Among how many agencies a case is split.
FEWEST_PARTS, MOST_PARTS = 2, 4
# Nobody returned these: the reporter was silent, or the desk took the case back.
NO_RETURNS = (Reason.NO_ANSWER, Reason.TAKEN_BACK)
# Two "not ours" returns are enough: then an arbiter decides, and the decision binds.
RETURNS_BEFORE_ARBITER = 2
