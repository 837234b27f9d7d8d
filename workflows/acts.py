"""What may be done with a case without moving it, in one table beside the moves (``moves.py``).

Covers of each act in which states it is possible, who may do it, how far a region may change that, and what must hold
beside the role. ``permissions.may_act`` asks it together with the region's rules, ``docs/keadaan-aduan.md`` shows it.
Leaves out what an act does: that is its service.

The limits of a region are these. The reporter's own right to write and to hide is nobody's to take. Of identities and
of the public list the administrator always has the say; an agency never opens who wanted to stay unknown, and does not
choose what is published of its own work. Who is measured by a deadline never extends it: that is for the head or the
administrator. What protects somebody (hiding, taking down, naming a conflict, erasing) is as the code has it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workflows.moves import ADMIN, CLOCK, DESK, HEAD, HIM, OFFICE
from workflows.states import Status

S = Status


class Act(TextChoices):
    """What is done without a change of status."""

    MESSAGE = "message", _("Message")
    NOTE = "note", _("Internal note")
    ASSIGN = "assign", _("Assign to an officer")
    EXTEND = "extend", _("Extend the deadline")
    RECLASSIFY = "reclassify", _("Correct class or topic")
    REVEAL = "reveal", _("Reveal the identity")
    PUBLISH = "publish", _("Publish the case")
    WITHDRAW = "withdraw", _("Take out of the public list")
    HIDE = "hide", _("Hide the name or the content")
    CONFLICT = "conflict", _("Name a conflict of interest")
    ERASE = "erase", _("Erase the reporter's data")


class Proviso(TextChoices):
    """What must hold beside the role, or whom it shuts out."""

    WHOLE = "whole", _("not at a part of a case")
    UNSPLIT = "unsplit", _("not while it is split")
    HELD = "held", _("while an agency has it")
    SHOWN = "shown", _("not when the content is hidden")
    NAMED = "named", _("the agency not when the name is hidden")
    OWN_PART = "own_part", _("at a part its agency only")


PROVISOS: dict[str, tuple[Proviso, ...]] = {
    Act.MESSAGE: (Proviso.OWN_PART,),
    Act.ASSIGN: (Proviso.HELD,),
    Act.EXTEND: (Proviso.WHOLE,),
    # Parts were forwarded under the class the case had; take the split back first.
    Act.RECLASSIFY: (Proviso.WHOLE, Proviso.UNSPLIT),
    # A part knows no reporter: whoever works on it asks the desk, which opens the identity at the whole case.
    Act.REVEAL: (Proviso.WHOLE, Proviso.NAMED),
    Act.PUBLISH: (Proviso.WHOLE, Proviso.SHOWN),
    Act.HIDE: (Proviso.WHOLE,),
    Act.CONFLICT: (Proviso.WHOLE,),
    Act.ERASE: (Proviso.WHOLE,),
}


@dataclass(frozen=True, slots=True)
class ActRow:
    """One row of the table: an act in these states, as the code ships it."""

    act: Act
    states: tuple[Status, ...]
    roles: frozenset[str]
    # Roles a region may add.
    wider: frozenset[str] = frozenset()
    # Roles a region may not take away; where these are all there are, the row is locked.
    kept: frozenset[str] = frozenset()
    may_switch_off: bool = False

    @property
    def is_locked(self) -> bool:
        return not self.may_switch_off and self.roles | self.wider == self.kept


AT_DESK = (S.RECEIVED, S.VERIFIED, S.IN_REVIEW)
WORKED_ON = (S.FORWARDED, S.IN_PROGRESS, S.ON_HOLD)
# An agency may have it, or had it last.
WITH_AGENCY = (S.NEEDS_INFO, *WORKED_ON, S.FOLLOWED_UP, S.CLOSED)
WITHOUT_AGENCY = (*AT_DESK, S.REFERRED_OUT, S.DUPLICATE, S.REJECTED)
WORKING = DESK | OFFICE | HEAD

A = ActRow
ACTS = (
    A(Act.MESSAGE, AT_DESK, DESK | HIM, kept=HIM),
    A(Act.MESSAGE, (S.NEEDS_INFO, *WORKED_ON, S.FOLLOWED_UP), WORKING | HIM, kept=HIM),
    # After the end the reporter writes, and the desk reacts by a review; a region may let the office answer by words.
    A(Act.MESSAGE, (S.CLOSED,), HIM, WORKING, kept=HIM),
    A(Act.MESSAGE, (S.REFERRED_OUT, S.DUPLICATE, S.REJECTED), HIM, DESK, kept=HIM),
    # The desk files what came from unknown senders as a note.
    A(Act.NOTE, WITHOUT_AGENCY, DESK, kept=DESK),
    A(Act.NOTE, WITH_AGENCY, WORKING, kept=DESK),
    A(Act.ASSIGN, (S.NEEDS_INFO, *WORKED_ON), WORKING, may_switch_off=True),
    # Whoever extends a deadline is its approver: the head of the agency that holds the case, or an administrator.
    A(Act.EXTEND, AT_DESK, ADMIN, kept=ADMIN, may_switch_off=True),
    A(Act.EXTEND, (S.NEEDS_INFO, *WORKED_ON), HEAD | ADMIN, may_switch_off=True),
    # The class decides the limit, so like an extension it is never an officer's.
    A(Act.RECLASSIFY, AT_DESK, DESK),
    A(Act.RECLASSIFY, (S.NEEDS_INFO, *WORKED_ON), DESK, HEAD, may_switch_off=True),
    A(Act.REVEAL, WITHOUT_AGENCY, DESK, kept=ADMIN),
    A(Act.REVEAL, WITH_AGENCY, WORKING, kept=ADMIN),
    A(Act.PUBLISH, (S.VERIFIED, *WORKED_ON, S.FOLLOWED_UP, S.IN_REVIEW, S.REFERRED_OUT), DESK, kept=ADMIN,
      may_switch_off=True),
    # A finished case may always be published; whether before is the region's choice.
    A(Act.PUBLISH, (S.CLOSED,), DESK, kept=ADMIN),
    A(Act.WITHDRAW, tuple(S), DESK, kept=DESK),
    A(Act.HIDE, tuple(S), DESK | HIM, kept=DESK | HIM),
    A(Act.CONFLICT, tuple(S), DESK, kept=DESK),
    A(Act.ERASE, tuple(S), ADMIN | CLOCK, kept=ADMIN | CLOCK),
)  # fmt: skip


def acts() -> Iterator[tuple[str, ActRow, Status]]:
    """Every act in every state, with the key under which a region may change it."""
    return ((f"{row.act}:{state}", row, state) for row in ACTS for state in row.states)


ACT = {key: row for key, row, _state in acts()}
