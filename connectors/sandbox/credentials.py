"""What a worker signs in with at the stand-ins: made up, shaped like the real ones, the same for the same seed."""

import base64
import random
import string
from dataclasses import dataclass, field
from typing import Final

from connectors.sandbox import servicenow, teamdynamix

UPPER: Final = string.ascii_uppercase + string.digits
MIXED: Final = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Credentials:
    """One set for all systems; `ledger_key` is a line for the worker's key file."""

    servicenow: servicenow.Credentials
    teamdynamix: teamdynamix.Credentials
    duo_integration_key: str
    duo_secret_key: str = field(repr=False)
    password_pusher_token: str = field(repr=False)
    ledger_key: str = field(repr=False)


def draw(servicenow: servicenow.Credentials, teamdynamix: teamdynamix.Credentials, seed: int) -> Credentials:
    """The ticket systems' own, and the others drawn."""
    chance = random.Random(f"credentials {seed}")
    return Credentials(
        servicenow=servicenow,
        teamdynamix=teamdynamix,
        duo_integration_key="DI" + _letters(chance, UPPER, 18),
        duo_secret_key=_letters(chance, MIXED, 40),
        password_pusher_token=_letters(chance, MIXED, 20),
        ledger_key=base64.urlsafe_b64encode(chance.randbytes(32)).decode(),
    )


def _letters(chance: random.Random, letters: str, count: int) -> str:
    return "".join(chance.choices(letters, k=count))
