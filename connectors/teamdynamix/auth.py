"""Who we are to TeamDynamix: the ways to say it, and the token that each of them gets (TeamDynamix facts §2.2)."""

import base64
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from connectors.errors import Unavailable
from connectors.secret import Secret
from connectors.teamdynamix.failures import SYSTEM

EARLY: Final = 300.0  # seconds before its end at which a token is replaced
HOUR: Final = 3600.0


@dataclass(frozen=True)
class ServiceAccount:
    """A service account's, or a person's, TeamDynamix password."""

    username: str
    password: Secret


@dataclass(frozen=True)
class AdministratorKey:
    """The organisation's BEID and web services key: broad, so only where there is no service account."""

    beid: str
    web_services_key: Secret


@dataclass(frozen=True)
class Gateway:
    """OAuth client credentials of the institution's own API gateway in front of TeamDynamix."""

    token_url: str
    client_id: str
    client_secret: Secret


Credentials = ServiceAccount | AdministratorKey | Gateway


@dataclass(frozen=True)
class Token:
    """A bearer token and for how many seconds it is good."""

    text: Secret
    lasts: float


def of_jwt(body: bytes) -> Token:
    """The token of a sign-in's answer, bare or as a JSON string; its life is what the JWT itself says."""
    text = body.decode(errors="replace").strip().strip('"')
    if text.count(".") != 2 or not text.isascii() or not text.isprintable():
        raise Unavailable(SYSTEM, "the answer to the sign-in holds no token")
    return Token(Secret(text), _life(text.split(".")[1]))


def _life(claims: str) -> float:
    try:
        found: Any = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return float(found["exp"] - found.get("nbf", found.get("iat", 0)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return HOUR


class Bearer:
    """The token in force. Safe to share between threads: one of them signs in, the others wait for it."""

    def __init__(self, sign_in: Callable[[], Token]) -> None:
        self._sign_in = sign_in
        self._lock = threading.Lock()
        self._text = Secret("")
        self._ends = float("-inf")

    def header(self) -> str:
        """The Authorization header."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self._renew()
            return f"Bearer {self._text.reveal()}"

    def renew(self, refused: str) -> None:
        """Sign in anew, unless another thread did since `refused` was sent."""
        with self._lock:
            if refused == f"Bearer {self._text.reveal()}":
                self._renew()

    def _renew(self) -> None:
        token = self._sign_in()
        self._text = token.text
        self._ends = time.monotonic() + max(token.lasts - EARLY, min(token.lasts, 1.0))
