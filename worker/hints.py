"""`POST /hint`: a ticket system says that something changed, and the next poll comes at once. Nothing else is believed.

Who hints is known by a signature, or by a secret that is sent as it is; the body is signed, bounded and never read.
Hints that come while one waits are that one; whatever comes, polls that are brought forward keep `apart`.
"""

import base64
import binascii
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from http import HTTPStatus

import structlog

from connectors.secret import Secret
from worker.case import Clock

PATH = "/hint"
TIME, SIGNATURE = "X-Duo-Worker-Time", "X-Duo-Worker-Signature"
WINDOW = timedelta(minutes=5)
"""How far the time that was signed may be off: a hint that is played again later says nothing."""
MOST = 64 * 1024
"""Bytes of a body."""
APART = timedelta(seconds=5)
TOLD_EVERY = timedelta(minutes=1)
WEAK = "needs 32 characters or more, without spaces, of plain ASCII"

log = structlog.get_logger()


@dataclass(frozen=True)
class Door:
    """Who may hint: whoever signs with `key`, or sends `token`; None: nobody does so."""

    key: Secret | None
    token: Secret | None
    clock: Clock

    def opens(self, headers: Message, body: bytes) -> bool:
        """Whether the call is one of theirs."""
        return self._is_signed(headers, body) or self._has_token(headers)

    def _is_signed(self, headers: Message, body: bytes) -> bool:
        at = headers.get(TIME, "")
        if self.key is None or not re.fullmatch(r"[0-9]{1,12}", at):
            return False
        made = hmac.new(self.key.reveal().encode(), f"{at}.".encode() + body, hashlib.sha256).digest()
        is_ours = hmac.compare_digest(base64.b64encode(made), headers.get(SIGNATURE, "").encode())
        return is_ours and abs(self.clock().timestamp() - int(at)) <= WINDOW.total_seconds()

    def _has_token(self, headers: Message) -> bool:
        sent = _sent(headers.get("Authorization", ""))
        return self.token is not None and hmac.compare_digest(self.token.reveal().encode(), sent)


def _sent(authorization: str) -> bytes:
    """The secret of a Bearer header, or the password of a Basic one whatever its user name."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return rest.strip().encode() if scheme.lower() == "bearer" else b""
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


class Hints:
    """What was hinted at and no poll has followed yet. Safe to share between threads."""

    def __init__(self, apart: timedelta = APART, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._apart = apart.total_seconds()
        self._seconds = seconds
        self._lock = threading.Lock()
        self._mine: Callable[[], bool] = _nobodys
        self._waiting = 0
        self._polling = False
        self._polled_at = self._told_at = float("-inf")
        self._untold = 0
        self.counts = {"taken": 0, "refused": 0, "not my turn": 0}

    @contextmanager
    def followed_by(self, mine: Callable[[], bool]) -> Iterator[None]:
        """While the block runs somebody polls, if it is their turn."""
        self._mine = mine
        try:
            yield
        finally:
            self._mine = _nobodys

    def take(self) -> bool:
        """One has come; False where this worker doesn't poll, and so forgets it."""
        is_mine = self._mine()
        with self._lock:
            self.counts["taken" if is_mine else "not my turn"] += 1
            self._waiting += is_mine
        return is_mine

    def refuse(self) -> None:
        """One has come from somebody who may not; said once in a while, however many there are."""
        now = self._seconds()
        with self._lock:
            self.counts["refused"] += 1
            self._untold += 1
            if now - self._told_at < TOLD_EVERY.total_seconds():
                return
            untold, self._untold, self._told_at = self._untold, 0, now
        log.warning("hints_refused", hints=untold)

    def due(self) -> bool:
        """Whether a poll is to come now because of a hint: once in `apart` at most, and never while one is on."""
        now = self._seconds()
        with self._lock:
            if not self._waiting or self._polling or now - self._polled_at < self._apart or not self._mine():
                return False
            self._polled_at = now
            return True

    @contextmanager
    def followed(self) -> Iterator[None]:
        """A poll, whyever it comes: it serves what was hinted at before it began."""
        with self._lock:
            served, self._waiting, self._polling, self._polled_at = self._waiting, 0, True, self._seconds()
        if served:
            log.info("hints_followed", hints=served)
        try:
            yield
        finally:
            self._polling = False


def heard(door: Door, hints: Hints, headers: Message, read: Callable[[int], bytes]) -> HTTPStatus:
    """What is answered to `POST /hint`, whose body `read` gives. Who may not hint isn't told why.

    Raises:
        TimeoutError, ConnectionError: The body doesn't come.
    """
    length = headers.get("Content-Length", "")
    if not re.fullmatch(r"[0-9]{1,12}", length):
        return HTTPStatus.LENGTH_REQUIRED
    if int(length) > MOST:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    body = read(int(length))
    if len(body) < int(length) or not door.opens(headers, body):
        hints.refuse()
        return HTTPStatus.UNAUTHORIZED
    return HTTPStatus.ACCEPTED if hints.take() else HTTPStatus.SERVICE_UNAVAILABLE


def is_hard_to_guess(secret: Secret) -> bool:
    """Whether it is long enough, and passes through a header as it is; WEAK says so otherwise."""
    return re.fullmatch(r"[!-~]{32,1024}", secret.reveal()) is not None


def _nobodys() -> bool:
    return False
