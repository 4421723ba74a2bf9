"""All pushes of the server, and what happens to one: made, viewed, expired. Every method wants the server's lock."""

import base64
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from connectors.sandbox.password_pusher.create import Wanted
from connectors.sandbox.password_pusher.push import AuditKind, AuditRow, Push
from connectors.sandbox.password_pusher.throttle import Windows
from connectors.sandbox.password_pusher.visitor import Visitor

EXPIRE_JOB: Final = timedelta(hours=2)
ATTEMPTS: Final = 5


class Store:
    """Pushes by token, oldest first."""

    def __init__(self, clock: Callable[[], datetime], chance: random.Random) -> None:
        self._clock = clock
        self._chance = chance
        self._pushes: dict[str, Push] = {}
        self._attempts = Windows(timedelta(minutes=1))
        self._job_due = clock() + EXPIRE_JOB

    def __iter__(self) -> Iterator[Push]:
        return iter(self._pushes.values())

    def get(self, token: str) -> Push | None:
        return self._pushes.get(token)

    def run_expire_job(self) -> None:
        """The server's recurring job, if its time has come: until then a lapsed push stands among the active."""
        now = self._clock()
        if now < self._job_due:
            return
        self._job_due = now + EXPIRE_JOB
        for push in self:
            push.expire_if_due(now)

    def make(self, wanted: Wanted, visitor: Visitor) -> Push:
        """A new push under a fresh token: 8 to 14 random bytes, lower-cased (facts §5)."""
        now = self._clock()
        random_bytes = self._chance.randbytes(self._chance.randint(8, 14))
        token = base64.urlsafe_b64encode(random_bytes).decode().rstrip("=").lower()
        push = Push(
            url_token=token,
            owner=visitor.user,
            kind=wanted.kind,
            payload=wanted.payload,
            passphrase=wanted.passphrase,
            name=wanted.name,
            note=wanted.note,
            expire_after_days=wanted.days,
            expire_after_views=wanted.views,
            retrieval_step=wanted.retrieval_step,
            deletable_by_viewer=wanted.deletable_by_viewer,
            created_at=now,
            updated_at=now,
        )
        self._pushes[token] = push
        self.log(push, "creation", visitor)
        return push

    def view(self, push: Push, visitor: Visitor) -> None:
        """Count one retrieval; the owner's doesn't count (facts §5).

        Once the audit log is full none can be counted, so the push is expired rather than shown.
        """
        kind: AuditKind = "owner_view" if push.belongs_to(visitor.user) else "view"
        logged = self.log(push, "failed_view" if push.expired else kind, visitor)
        if not logged and kind == "view":
            push.expire(self._clock())

    def may_try_passphrase(self, push: Push) -> bool:
        """Counts one try, right or wrong, from anywhere: five a minute and push (facts §6)."""
        return self._attempts.count(push.url_token, self._clock()) <= ATTEMPTS

    def log(self, push: Push, kind: AuditKind, visitor: Visitor) -> bool:
        row = AuditRow(kind, self._clock(), visitor.ip, visitor.user_agent[:255], visitor.referrer[:255])
        return push.log(row)
