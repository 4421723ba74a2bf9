"""One Duo account: everything it holds, its clock and its chance."""

import json
import random
import string
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from connectors.sandbox.duo.applications import Application, applications
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.log import Log
from connectors.sandbox.duo.phone_book import PhoneBook
from connectors.sandbox.duo.records import (
    BypassCode,
    Credential,
    EnrollmentMail,
    Group,
    Json,
    Phone,
    Text,
    User,
    VerificationPush,
)
from connectors.sandbox.duo.switches import Grant, Switches
from connectors.sandbox.duo.user_book import UserBook

ID_LETTERS: Final = string.ascii_uppercase + string.digits
LINK_LETTERS: Final = string.ascii_letters + string.digits

T = TypeVar("T")


class Account:
    """State only; not safe to share between threads by itself: whoever holds it holds one lock (`Duo`)."""

    def __init__(self, clock: Callable[[], datetime], *, seed: int) -> None:
        self.now = clock
        self.chance = random.Random(f"duo {seed}")  # of its own, or its codes may lie within other systems' ids
        self.switches = Switches()
        self.grants = {Grant.READ_RESOURCE, Grant.WRITE_RESOURCE, Grant.READ_LOG}
        self.key = self.new_id("DA")
        self.users = UserBook()
        self.phones = PhoneBook()
        self.groups: dict[str, Group] = {}
        self.codes: dict[str, BypassCode] = {}
        self.credentials: dict[str, Credential] = {}
        self.lockouts: dict[str, datetime] = {}  # users whose lock-out ends by itself, and when
        self.pushes: dict[str, VerificationPush] = {}
        self.applications: dict[str, Application] = applications()
        self.texts: list[Text] = []
        self.mails: list[EnrollmentMail] = []
        self.authentication_log = Log()
        self.telephony_log = Log()
        self.administrator_log = Log()

    def new_id(self, prefix: str) -> str:
        """An id of Duo's form: two letters and 18 more (§1)."""
        return prefix + "".join(self.chance.choices(ID_LETTERS, k=18))

    def new_uuid(self) -> str:
        """A transaction id, as logs carry them."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def new_link_token(self) -> str:
        """The end of an activation link: 20 letters and digits (§5)."""
        return "".join(self.chance.choices(LINK_LETTERS, k=20))

    def user(self, user_id: str) -> User:
        """The user of an id in a path; 40401 where there is none (§3)."""
        return _found(self.users.get(user_id))

    def phone(self, phone_id: str) -> Phone:
        """The phone of an id in a path; 40401 where there is none."""
        return _found(self.phones.get(phone_id))

    def record(self, action: str, name: str, description: Json, *, actor: str = "") -> None:
        """A row of the administrator log; no `actor` stands for the API application (§8)."""
        now = self.now()
        row: Json = {
            "timestamp": int(now.timestamp()),
            "username": actor or self.switches.api_actor,
            "action": action,
            "object": name,
            "description": json.dumps(description),
        }
        self.administrator_log.add(now, self.new_uuid(), row)


def _found(record: T | None) -> T:
    if record is None:
        raise Failure(40401)
    return record
