"""What the tenant keeps: users, groups, tickets with their feeds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

NOBODY: Final = "00000000-0000-0000-0000-000000000000"
COMMENT, STATUS, EDIT, CREATED = 1, 2, 3, 4  # UpdateType (§3.4)


@dataclass
class User:
    """A person or service account; `user_name` is what the district calls them (the MEID, in ExternalID)."""

    uid: str
    user_name: str
    fields: dict[str, str] = field(default_factory=dict)  # by TeamDynamix's names
    attributes: dict[int, str] = field(default_factory=dict)
    type_id: int = 1  # 9: service account
    is_active: bool = True
    password: str = field(default="", repr=False)


@dataclass
class Group:
    """A group of the whole tenant."""

    id: int
    name: str
    members: list[str] = field(default_factory=list)  # UIDs


@dataclass
class Entry:
    """One line of a feed."""

    id: int
    uid: str
    at: datetime
    body: str
    kind: int
    private: bool = False
    rich: bool = False
    notified: tuple[str, ...] = ()
    replies: list["Entry"] = field(default_factory=list)


@dataclass
class Ticket:
    """One ticket of one application."""

    id: int
    app: int
    form: int
    title: str
    status: int
    requestor: str  # UID
    created_by: str  # UID
    created: datetime
    modified: datetime
    modified_by: str
    description: str = ""
    responsible: str = NOBODY
    group: int = 0
    goes_off_hold: datetime | None = None
    completed: datetime | None = None
    completed_by: str = NOBODY
    attributes: dict[int, str] = field(default_factory=dict)
    notify: list[tuple[str, str]] = field(default_factory=list)  # (name, address)
    feed: list[Entry] = field(default_factory=list)


class Refusal(Exception):
    """An answer that is an error: its status and `Message`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
