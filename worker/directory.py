"""Who is in which group: Duo's groups with their status, and the ticket system's staff.

Read at start and every 15 minutes, kept in the ledger between, because a request can't afford to ask for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from pydantic import AwareDatetime, TypeAdapter

from connectors.duo import groups as duo_groups
from connectors.duo.model import Group
from connectors.duo.transport import Admin
from connectors.errors import Misconfigured

FRESH_FOR = timedelta(hours=2)
NONE_ON_PURPOSE = ("-",)

MembersOf = Callable[[Sequence[str]], Mapping[str, frozenset[str]]]
"""User names by group name at the ticket system; raises `Misconfigured` for a group that doesn't exist."""


@dataclass(frozen=True)
class Directory:
    """One reading. Duo's names are exact; user names are kept and asked for without regard to case."""

    duo_groups: Mapping[str, str]  # Duo group's name → status
    privileged: frozenset[str]  # names of Duo groups
    members: Mapping[str, frozenset[str]]  # ticket system's group → user names, case-folded
    read_at: AwareDatetime

    def fresh(self, now: datetime) -> bool:
        """Whether it may still be relied on; older than two hours it holds what needs it."""
        return now - self.read_at <= FRESH_FOR

    def is_active(self, group: Group) -> bool:
        """Whether membership leaves a user's own status alone.

        A group that this reading doesn't know (new, or renamed since) isn't taken for active.
        """
        said = {group.status or "active", self.duo_groups.get(group.name, "")}
        return said == {"active"}

    def is_member(self, user_name: str, groups: Collection[str]) -> bool:
        """Whether the ticket system has `user_name` in any of `groups`; an empty name is in none."""
        name = user_name.casefold()
        return name != "" and any(name in self.members.get(group, ()) for group in groups)

    def to_json(self) -> str:
        return _JSON.dump_json(self).decode()


_JSON = TypeAdapter(Directory)


def from_json(text: str) -> Directory:
    """What `to_json` gave; anything else raises ValueError."""
    return _JSON.validate_json(text)


def read(
    admin: Admin, members: MembersOf, *, privileged: Sequence[str], staff: Sequence[str], now: datetime
) -> Directory:
    """A new reading: Duo's groups, and the members of `staff` (`identity_groups` and `service_desk_groups`).

    Raises:
        Misconfigured: A name in `privileged` is no Duo group (a misspelt one would leave its people unprotected;
            `["-"]` says on purpose that there are none), or a name in `staff` is no group of the ticket system.
    """
    statuses = _statuses(duo_groups.listing(admin))
    return Directory(
        duo_groups=statuses,
        privileged=_privileged(privileged, statuses),
        members=_folded(members(tuple(dict.fromkeys(staff)))) if staff else {},
        read_at=now,
    )


def _statuses(groups: Sequence[Group]) -> dict[str, str]:
    """Of two groups with one name, the one that isn't active counts."""
    return {group.name: group.status for group in sorted(groups, key=lambda group: group.status != "active")}


def _privileged(names: Sequence[str], existing: Collection[str]) -> frozenset[str]:
    if tuple(names) == NONE_ON_PURPOSE:
        return frozenset()
    for name in names:
        if name not in existing:
            raise Misconfigured("duo", f'[duo] privileged_groups: Duo has no group "{name}"{_nearest(name, existing)}')
    return frozenset(names)


def _nearest(name: str, existing: Collection[str]) -> str:
    by_fold = {other.casefold(): other for other in existing}
    near = get_close_matches(name.casefold(), by_fold, n=1)
    return f'; the nearest is "{by_fold[near[0]]}"' if near else ""


def _folded(members: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {group: frozenset(name.casefold() for name in names) for group, names in members.items()}
