"""One push and its audit log."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

AUDIT_ROWS: Final = 2000

AuditKind = Literal[
    "creation", "view", "failed_view", "expire", "failed_passphrase", "admin_view", "owner_view", "edit"
]


@dataclass(frozen=True)
class AuditRow:
    """Something that happened to a push."""

    kind: AuditKind
    at: datetime
    ip: str
    user_agent: str = ""
    referrer: str = ""


@dataclass
class Push:
    """A push as the server keeps it. Change it only under the server's lock.

    `owner` is a user's name, None for an anonymous push; `deletable_by_viewer` is None for a link (facts §4).
    """

    url_token: str
    owner: str | None
    kind: str
    payload: str | None
    passphrase: str | None
    name: str
    note: str
    expire_after_days: int
    expire_after_views: int
    retrieval_step: bool
    deletable_by_viewer: bool | None
    created_at: datetime
    updated_at: datetime
    expired_on: datetime | None = None
    audit: list[AuditRow] = field(default_factory=list)

    @property
    def expired(self) -> bool:
        return self.expired_on is not None

    @property
    def deleted(self) -> bool:
        """Whether somebody expired it by hand."""
        return any(row.kind == "expire" for row in self.audit)

    @property
    def views_remaining(self) -> int:
        used = sum(row.kind in ("view", "failed_view") for row in self.audit)
        return max(self.expire_after_views - used, 0)

    def days_remaining(self, now: datetime) -> int:
        return max(self.expire_after_days - (now - self.created_at).days, 0)

    def expire(self, now: datetime) -> None:
        """Payload and passphrase are gone for good."""
        self.payload = self.passphrase = None
        self.expired_on = self.updated_at = now

    def expire_if_due(self, now: datetime) -> None:
        """What every access and the two-hourly job do first."""
        if not self.expired and not (self.days_remaining(now) and self.views_remaining):
            self.expire(now)

    def log(self, row: AuditRow) -> bool:
        """Add one audit row; False where the log is full (facts §5: 2000 rows)."""
        if len(self.audit) >= AUDIT_ROWS:
            return False
        self.audit.append(row)
        return True

    def belongs_to(self, user: str | None) -> bool:
        return self.owner is not None and self.owner == user
