"""What the server answers, as values (Password Pusher facts §5)."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connectors.errors import Refused
from connectors.password_pusher.session import SYSTEM, lost
from connectors.quoted import quoted
from connectors.secret import Secret

URL_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{6,64}")
LINK: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True)
class Push:
    """A push that is alive. `token` and `link` open it, so they are secrets too.

    `days`, `views`, `retrieval_step` and `deletable_by_viewer` are what the server says they are.
    """

    token: Secret
    link: Secret
    days: int
    views: int
    retrieval_step: bool
    deletable_by_viewer: bool
    expires_at: datetime | None  # by age; None where the answer has no time of creation


@dataclass(frozen=True)
class View:
    """One line of a push's audit log. Kinds: creation, view, failed_view, expire, failed_passphrase and more."""

    kind: str
    at: datetime
    ip: str


@dataclass(frozen=True)
class Version:
    """What the server calls itself."""

    application: str
    api: str


def push(method: str, row: Any) -> Push:
    """A push as the server tells of it; `lost` where that leaves out what any push has."""
    match row:
        case {
            "url_token": str(token),
            "html_url": str(link),
            "expire_after_days": int(days),
            "expire_after_views": int(views),
        } if URL_TOKEN.fullmatch(token):
            return Push(
                token=Secret(token),
                link=Secret(link),
                days=days,
                views=views,
                retrieval_step=row.get("retrieval_step") is True,
                deletable_by_viewer=row.get("deletable_by_viewer") is not False,
                expires_at=_expiry(row.get("created_at"), days),
            )
        case _:
            raise lost(method, "a push can't be read")


def differing(row: Mapping[str, Any], asked: Mapping[str, object], push: Push) -> list[str]:
    """The fields whose value isn't what was asked; to a text, null is as good as empty."""
    told = {name: row.get(name) or "" if isinstance(value, str) else row.get(name) for name, value in asked.items()}
    return [name for name, value in asked.items() if told[name] != value] + ([] if opens(push) else ["html_url"])


def opens(push: Push) -> bool:
    """Whether the link can be given to a person: https, to this push, to the step before it if it has one."""
    end = f"/p/{push.token.reveal()}" + ("/r" if push.retrieval_step else "")
    link = push.link.reveal()
    return bool(LINK.fullmatch(link)) and link.endswith(end)


def rows(answer: Any, key: str | None) -> list[dict[str, Any]]:
    rows = answer.get(key) if key and isinstance(answer, dict) else answer
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise lost("GET", "a list can't be read")
    return rows


def view(row: Mapping[str, Any]) -> View:
    at = _time(row.get("created_at"))
    if at is None or not isinstance(row.get("kind"), str):
        raise lost("GET", "an audit log can't be read")
    return View(kind=row["kind"], at=at, ip=_address(row.get("ip")))


def version(answer: Any) -> Version:
    if not isinstance(answer, dict):
        raise lost("GET", "the version can't be read")
    return Version(quoted(answer.get("application_version")), quoted(answer.get("api_version")))


def expired(answer: Any) -> None:
    """Nothing, if the answer to a DELETE says that it was done."""
    if not isinstance(answer, dict) or answer.get("expired") is not True:
        raise lost("DELETE", "the push isn't called expired")


def fit(token: Secret) -> str:
    """The token, which is fit for a path."""
    if not URL_TOKEN.fullmatch(token.reveal()):
        raise Refused(SYSTEM, "token", "what should be a push's token isn't")
    return token.reveal()


def _address(said: object) -> str:
    try:
        return str(ipaddress.ip_address(said)) if isinstance(said, str) else ""
    except ValueError:
        return ""


def _expiry(created: object, days: int) -> datetime | None:
    at = _time(created)
    return at + timedelta(days=days) if at and 0 < days < 10_000 else None


def _time(stamp: object) -> datetime | None:
    """An ISO time as UTC; None where it isn't one."""
    try:
        at = datetime.fromisoformat(stamp) if isinstance(stamp, str) else None
    except ValueError:
        return None
    return at and (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
