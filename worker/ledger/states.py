"""The seven states of a request and the moves between them; the database refuses every other move."""

from enum import StrEnum


class State(StrEnum):
    """Where a request stands. What it waits for stands beside it (`due_at`, `waits_for`)."""

    NEW = "new"  # not decided
    ACTING = "acting"  # decided, steps under way
    AWAITING = "awaiting"  # delivered, Duo is watched
    CLOSED = "closed"
    HELD = "held"  # a person has it
    UNSURE = "unsure"  # held, and something may be alive that can't be told
    REFUSED = "refused"


MOVES: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.ACTING, State.HELD, State.UNSURE, State.REFUSED, State.CLOSED}),
    State.ACTING: frozenset({State.AWAITING, State.HELD, State.UNSURE, State.REFUSED, State.CLOSED}),
    State.AWAITING: frozenset({State.ACTING, State.HELD, State.UNSURE, State.REFUSED, State.CLOSED}),
    State.HELD: frozenset({State.NEW, State.UNSURE, State.CLOSED}),
    State.UNSURE: frozenset({State.NEW, State.HELD, State.CLOSED}),
    State.REFUSED: frozenset({State.NEW, State.UNSURE, State.CLOSED}),
    State.CLOSED: frozenset({State.NEW, State.UNSURE}),  # new: its ticket was reopened
}

BUSY = (State.ACTING, State.AWAITING, State.UNSURE)
"""States of which a person may have one request at a time."""

WITH_A_PERSON = (State.HELD, State.UNSURE, State.REFUSED)
"""States from which `retry` and `release` lead back to `new`."""


class ForbiddenMove(Exception):
    """A state was to be written that the table of moves doesn't allow: a bug."""


def check_move(before: State, after: State) -> None:
    """Raises `ForbiddenMove` unless `before` may become `after`; staying is always allowed."""
    if before is not after and after not in MOVES[before]:
        raise ForbiddenMove(f"{before} can't become {after}")
