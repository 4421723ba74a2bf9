"""What every outward call passes first: the budget of the system it goes to."""

from collections.abc import Callable

from connectors.errors import Unavailable

# Waits for a slot, or raises `Unavailable` before anything is sent. Called once for each request or mail.
Gate = Callable[[], None]
# The same for one of Duo's logs, by its name, such as "telephony"; it never waits.
LogGate = Callable[[str], None]


class BudgetSpent(Unavailable):
    """Our own budget of calls is used up for now; the other side said nothing."""


def free() -> None:
    """A gate without a limit."""


def free_log(_name: str) -> None:
    """The same for logs."""
