"""Pushes: made with everything said explicitly and compared with what came of it, found again, expired, audited.

The server replaces values it doesn't like without a word, so the answer is compared field by field. A push is never
read: the answer would hold the payload. Sources: Password Pusher facts §3 to §5.
"""

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, NoReturn

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable
from connectors.gate import Gate
from connectors.password_pusher import answers
from connectors.password_pusher.answers import Push, Version, View
from connectors.password_pusher.session import NOT_FOUND, SYSTEM, Session
from connectors.secret import Secret

MINIMUM: Final = "2.14.3"
LAST_PAGE: Final = 200  # the server's own limit, at 50 rows a page


class PasswordPusher:
    """Pushes of one owner on one server, which must be `MINIMUM` or newer. Safe to share between threads."""

    def __init__(
        self, url: str, *, token: Secret, ca_file: str, timeout: timedelta, gate: Gate, stop: threading.Event
    ) -> None:
        self._session = Session(url, token=token, ca_file=ca_file, timeout=timeout, gate=gate, stop=stop)

    def create(
        self, payload: Secret, *, passphrase: Secret | None, name: str, note: str, days: int, views: int
    ) -> Push:
        """A new push with a retrieval step, which viewers can't delete; `note` is what `find` finds it by.

        There is no idempotency: after `Uncertain` a push may be alive, and `find` tells. Where the server made
        something else than was asked, that is expired at once and `Refused` names what differs.
        """
        asked: dict[str, object] = {
            "expire_after_days": days,
            "expire_after_views": views,
            "retrieval_step": True,
            "deletable_by_viewer": False,
            "name": name,
            "note": note,
            "passphrase": passphrase.reveal() if passphrase else "",
        }
        row = self._v2("POST", "pushes", {"push": {"kind": "text", "payload": payload.reveal(), **asked}})
        push = answers.push("POST", row)
        if differing := answers.differing(row, {"expired": False, **asked}, push):
            self._refuse(push, differing)
        return push

    def find(self, note: str) -> Push | None:
        """The push that is alive and carries exactly this note; None if none does.

        One that `create` was not answered for may be other than was asked: compare `days` and `views`.
        """
        if not note:
            raise ValueError("a push without a note can't be told from another")
        pushes = [answers.push("GET", row) for row in self._pages("pushes/active") if row.get("note") == note]
        found = {push.token.reveal(): push for push in pushes}
        if len(found) > 1:
            raise Refused(SYSTEM, "note", "several pushes carry the note of one")
        push = next(iter(found.values()), None)
        if push and not answers.opens(push):
            raise Refused(SYSTEM, "html_url", "the link of a push isn't https:// with its token in it")
        return push

    def expire(self, token: Secret) -> None:
        """End the push now; one that has ended, or that the server has forgotten, is as wanted."""
        try:
            row = self._session.write("DELETE", f"pushes/{answers.fit(token)}")
        except Refused as error:
            if error.code == NOT_FOUND:
                return
            raise
        answers.expired(row)

    def audit(self, token: Secret) -> tuple[View, ...]:
        """What happened to the push, in the server's order; empty where the server has forgotten it."""
        try:
            return tuple(answers.view(row) for row in self._pages(f"pushes/{answers.fit(token)}/audit", "logs"))
        except Refused as error:
            if error.code == NOT_FOUND:
                return ()
            raise

    def version(self) -> Version:
        """What the server is; `Misconfigured` where it is too old to have this API."""
        return answers.version(self._v2("GET", "version"))

    def sign_in(self) -> None:
        """Nothing, if the token is accepted: the version is told to anybody. `Misconfigured` if it isn't."""
        answers.rows(self._v2("GET", "pushes/active?page=1"), None)

    def _refuse(self, push: Push, differing: Sequence[str]) -> NoReturn:
        made = f"the server made a push with another {', '.join(differing)} than was asked for"
        try:
            self.expire(push.token)
        except ConnectorError as error:
            raise Refused(SYSTEM, "differs", f"{made}, and it could not be expired: expire it there") from error
        raise Refused(SYSTEM, "differs", f"{made}; it was expired at once")

    def _v2(self, method: str, path: str, what: object = None) -> Any:
        """An endpoint that every server has that is new enough."""
        try:
            return self._session.get(path) if method == "GET" else self._session.write(method, path, what)
        except Refused as error:
            if error.code != NOT_FOUND:
                raise
            raise Misconfigured(SYSTEM, f"no API v2 at `url`: {MINIMUM} or newer is needed") from error

    def _pages(self, path: str, key: str | None = None) -> Iterator[dict[str, Any]]:
        """The rows of all pages: until one is empty, because a short one needn't be the last."""
        before: list[Any] = []
        for page in range(1, LAST_PAGE + 1):
            rows = answers.rows(self._session.get(f"{path}?page={page}"), key)
            if not rows:
                return
            if rows == before:
                raise Unavailable(SYSTEM, f"page {page} repeats the one before")
            yield from rows
            before = rows
        raise Unavailable(SYSTEM, "there are more pages than the server lets us read")
