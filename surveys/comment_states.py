"""How far the work on a comment is: new, in progress, done; and which move leads where."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    DONE = "done"


# Done may be taken up again: a second look is no mistake. Nothing becomes new again.
MOVES: dict[State, tuple[State, ...]] = {
    State.NEW: (State.IN_PROGRESS, State.DONE),
    State.IN_PROGRESS: (State.DONE,),
    State.DONE: (State.IN_PROGRESS,),
}


def may_move(before: State, after: State) -> bool:
    return after in MOVES[before]
