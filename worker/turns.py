"""Whose turn it is to do what must be done by one worker at a time: ticks, and handing out what is due.

One lease row, renewed all the time by whoever has it; nobody else polls meanwhile, however slow a poll is. When its
holder is gone another worker has it within ten seconds.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from worker.ledger import leases
from worker.ledger.database import Ledger

NAME = "ticks"
LEASE = timedelta(seconds=6)
ASKED_EVERY = timedelta(seconds=1)
"""With the lease and the beat of the service's loop less than ten seconds; and twice the beat, with a slow look at what
is due, is less than the lease."""


class Turn:
    """One worker's part in it. `mine` may be asked by any thread, `keep` and `let_go` are the service's."""

    def __init__(self, ledger: Ledger, owner: str) -> None:
        self._ledger = ledger
        self._owner = owner
        self._until = 0.0
        self._ask_at = 0.0

    def mine(self) -> bool:
        """Whether it is this worker's; not for longer than the ledger says, told by a clock that nobody sets."""
        return time.monotonic() < self._until

    def only(self, work: Callable[[], object]) -> Callable[[], None]:
        """`work`, left out while it is another worker's."""

        def in_turn() -> None:
            if self.mine():
                work()

        return in_turn

    def keep(self) -> bool:
        """Renew it or try to take it, when that is due; True where it has just become this worker's.

        Raises:
            LedgerError: The ledger can't be asked; unless it can soon, the turn ends.
        """
        now, before = time.monotonic(), self.mine()
        if now < self._ask_at:
            return False
        self._ask_at = now + ASKED_EVERY.total_seconds()
        held = leases.hold(self._ledger, NAME, owner=self._owner, lease=LEASE)
        self._until = now + LEASE.total_seconds() if held else 0.0
        return held and not before

    def let_go(self) -> None:
        """It is free for others at once.

        Raises:
            LedgerError: It is free when its lease has ended.
        """
        self._until = 0.0
        leases.let_go(self._ledger, NAME, owner=self._owner)
