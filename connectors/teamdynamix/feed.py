"""A ticket's feed: what was said and changed, by whom, and saying something (TeamDynamix facts §3.4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Final

from connectors.teamdynamix.fields import Values, at, number, objects, text, uid
from connectors.teamdynamix.session import Tenant

COMMENT: Final = 1
STATUS: Final = 2
CREATED: Final = 4

_BREAK: Final = re.compile(r"<br\s*/?>|</p>|</div>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Entry:
    """One line of the feed. `author` is a UID by TeamDynamix's own record; `kind` its UpdateType."""

    id: int
    at: datetime
    author: str
    kind: int
    private: bool
    text: str


@dataclass(frozen=True)
class Post:
    """What to say. `status` 0: the status stays. `notify` are addresses that are mailed; nobody if none."""

    comment: str
    private: bool
    status: int = 0
    notify: tuple[str, ...] = ()


def entries(tenant: Tenant, app: int, ticket_id: int) -> tuple[Entry, ...]:
    """The whole feed, oldest first, replies among it. One call, and one for each line whose replies it leaves out."""
    found = objects(tenant.get(f"{app}/tickets/{ticket_id}/feed"))
    read = [entry for values in found for entry in _with_replies(tenant, values)]
    return tuple(sorted(read, key=lambda entry: (entry.at, entry.id)))


def post(tenant: Tenant, app: int, ticket_id: int, what: Post) -> None:
    """Say it, once. Not to be repeated: two of the same are two."""
    body = {
        "NewStatusID": what.status,
        "CascadeStatus": False,
        "Comments": what.comment,
        "Notify": list(what.notify),
        "IsPrivate": what.private,
        "IsRichHtml": False,
        "IsCommunication": False,
    }
    tenant.write("POST", f"{app}/tickets/{ticket_id}/feed", body)


def plain(body: str) -> str:
    """A body as text: breaks as new lines, no tags, entities resolved."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", body))).strip()


def _with_replies(tenant: Tenant, values: Values) -> Iterator[Entry]:
    yield _entry(values, private=False)
    replies = objects(values.get("Replies"))
    if number(values, "RepliesCount") > len(replies):
        whole = tenant.get(f"feed/{number(values, 'ID')}")
        replies = objects(whole.get("Replies")) if isinstance(whole, dict) else ()
    private = values.get("IsPrivate") is True
    yield from (_entry(reply, private=private) for reply in replies)


def _entry(values: Values, *, private: bool) -> Entry:
    """A reply is as private as what it answers; it is a comment, whatever type it bears."""
    return Entry(
        id=number(values, "ID"),
        at=at(values, "CreatedDate"),
        author=uid(values, "CreatedUid"),
        kind=number(values, "UpdateType") or COMMENT,
        private=private or values.get("IsPrivate") is True,
        text=plain(text(values, "Body")),
    )
