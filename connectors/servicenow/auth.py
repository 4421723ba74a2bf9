"""Who we are to ServiceNow: the three ways to say it, and the token of the two that need one (ServiceNow facts §6)."""

import threading
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from connectors.secret import Secret


@dataclass(frozen=True)
class ClientCredentials:
    """OAuth without a person's password; calls run as the user tied to the OAuth application."""

    client_id: str
    client_secret: Secret


@dataclass(frozen=True)
class PasswordGrant:
    """OAuth with the account's password; the account must be allowed interactive login."""

    client_id: str
    client_secret: Secret
    username: str
    password: Secret


@dataclass(frozen=True)
class Basic:
    """Name and password with every call; newer instances need a role for it."""

    username: str
    password: Secret


TokenCredentials = ClientCredentials | PasswordGrant
Credentials = TokenCredentials | Basic


@dataclass(frozen=True)
class Token:
    """An access token and for how many seconds it is good."""

    text: Secret
    lasts: float


def grant(credentials: TokenCredentials) -> dict[str, str]:
    """The form that asks for a token. Its values are in clear: send it, keep it nowhere."""
    form = {"client_id": credentials.client_id, "client_secret": credentials.client_secret.reveal()}
    match credentials:
        case ClientCredentials():
            return {"grant_type": "client_credentials", **form}
        case PasswordGrant():
            password = credentials.password.reveal()
            return {"grant_type": "password", "username": credentials.username, "password": password, **form}
        case _:
            assert_never(credentials)


class Signature(Protocol):
    """What goes into the `Authorization` header of every call."""

    def header(self) -> str:
        """The header's value, in clear. May fetch it, and raises what fetching raises."""

    def renew(self, refused: str) -> bool:
        """After a 401 to `refused`: whether another value may do better."""


class Fixed:
    """Name and password: always the same, and a second try could lock the account."""

    def __init__(self, credentials: Basic) -> None:
        self._credentials = credentials

    def header(self) -> str:
        """The header of basic authentication."""
        pair = f"{self._credentials.username}:{self._credentials.password.reveal()}"
        return f"Basic {b64encode(pair.encode()).decode()}"

    def renew(self, refused: str) -> bool:  # noqa: ARG002 - the other signature needs it
        """No other value is to be had."""
        return False


class Bearer:
    """A token, fetched where there is none or its time is over. Safe between threads.

    A token asked for within another's life is that other one with less time left, so none is fetched early.
    """

    def __init__(self, fetch: Callable[[], Token], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._header = Secret("")
        self._ends = float("-inf")

    def header(self) -> str:
        """The header with the token."""
        with self._lock:
            asked_at = self._clock()
            if asked_at >= self._ends:
                token = self._fetch()
                self._header, self._ends = Secret(f"Bearer {token.text.reveal()}"), asked_at + token.lasts
            return self._header.reveal()

    def renew(self, refused: str) -> bool:
        """Another token may do, once: the one at hand if it isn't the refused one, else a new one."""
        with self._lock:
            if refused == self._header.reveal():
                self._ends = float("-inf")
        return True
