"""Which of a user's bypass codes is ours: Duo's answer to making one holds no id, but its life is one we chose.

Source: Duo Admin API facts §4; design: `valid_secs` differs for every attempt of a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.duo.model import BypassCode

PROBE = "fingerprint_probe"
"""The mark that `check --probe-user` leaves when Duo's listing shows lives exactly as they were asked for."""

PROBED = "code_probed"
"""The event that goes before its code: whom it is for, its life, when; so that the audit knows the code."""

TOLERANCE = timedelta(seconds=3)
SKEW = timedelta(minutes=2)
"""How far Duo's clock may be behind ours: a code made for an intent was made after it, on Duo's clock."""


@dataclass(frozen=True)
class Fingerprint:
    """What is known of a code that an attempt made or may have made."""

    user_id: str
    life: timedelta
    at: datetime

    @classmethod
    def of(cls, intent: Mapping[str, Any]) -> "Fingerprint":
        """From what the journal says an attempt was about to do."""
        return cls(
            str(intent["user_id"]),
            timedelta(seconds=int(intent["valid_secs"])),
            datetime.fromisoformat(str(intent["at"])),
        )


def matching(listed: Iterable[BypassCode], sought: Fingerprint) -> list[BypassCode]:
    """The codes made since the intent whose life is the intended one."""
    return [
        code
        for code in listed
        if code.expiration is not None
        and code.created >= sought.at - SKEW
        and abs(code.expiration - code.created - sought.life) <= TOLERANCE
    ]


def near(listed: Iterable[BypassCode], sought: Fingerprint, *, known: Sequence[Fingerprint]) -> list[BypassCode]:
    """Codes that an application made about the time of the intent, with another life: one of them may be ours.

    A code that another of the `known` attempts made is that one's, however close it was made.
    """
    about_then = [code for code in listed if abs(code.created - sought.at) <= SKEW and not code.admin_email]
    return [code for code in about_then if not any(matching([code], each) for each in known)]
