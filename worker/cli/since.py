"""`--since`: how far a command looks back."""

from datetime import datetime

from worker.cli.ending import BadUse
from worker.settings import duration


def before(now: datetime, text: str) -> datetime:
    """The moment that lies `text`, such as 30d, before `now`.

    Raises:
        BadUse: It is no such span.
    """
    try:
        return now - duration.parse(text)
    except ValueError as wrong:
        raise BadUse(f"--since {text!r} is no span; write a whole number and s, m, h or d, such as 30d") from wrong
