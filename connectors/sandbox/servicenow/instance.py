"""The instance that everything works on, and whose hand does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.schema import Schema
from connectors.sandbox.servicenow.records.store import Record, Store
from connectors.sandbox.servicenow.switches import Switches


@dataclass
class Instance:
    """The parts that requests share. `switches` may be replaced at any time, under the stand-in's lock."""

    clock: Callable[[], datetime]
    schema: Schema
    store: Store
    switches: Switches

    def now(self) -> str:
        """The present second as the instance keeps times."""
        return dates.stamp(self.clock())


@dataclass(frozen=True)
class Caller:
    """An authenticated user with their roles; `zone` is the one in which they see and type times."""

    user: Record
    roles: frozenset[str]
    zone: tzinfo

    @property
    def user_name(self) -> str:
        """What records and journal entries carry as their author."""
        return self.user.values["user_name"]

    @property
    def is_admin(self) -> bool:
        """Whether role checks don't apply."""
        return "admin" in self.roles


@dataclass(frozen=True)
class Hand:
    """Who writes, and when: what sys_created_by, sys_updated_on and the like are filled from."""

    user_id: str
    user_name: str
    at: str
