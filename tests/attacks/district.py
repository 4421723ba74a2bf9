"""A district under attack: one worker on one sandbox, fresh people for every attack, and a count of what came of it."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any, Final

from connectors.sandbox.people import AREA_CODES, DISTRICT, KINDS, Person
from connectors.sandbox.servicenow.acts.filing import Filed
from connectors.sandbox.world import Sandbox
from tests.faults.stage import Stage, stage
from tests.rig import DUO_MOBILE, IDENTITY
from worker.fresh import FreshTickets
from worker.ledger import requests, steps
from worker.ledger.rows import Request, StepRow
from worker.once import once

MINUTE: Final = timedelta(minutes=1)
ATTACKERS_NUMBER: Final = "+16025560666"
ATTACKERS_ADDRESS: Final = "mallory@evil.example.net"
FIRST_NUMBER: Final = 3000
SMS_METHOD: Final = "photo-id-in-person"


@dataclass(frozen=True)
class Given:
    """What anybody was given since a moment: the sum of it is what an attacker could have got."""

    codes: int = 0
    texts: tuple[str, ...] = ()  # to which numbers
    enrollment_mails: tuple[str, ...] = ()  # to which addresses
    links: tuple[str, ...] = ()  # to which addresses a link was mailed
    changed: tuple[str, ...] = ()  # whose Duo records are other than before


NOTHING: Final = Given()


@dataclass(frozen=True)
class _Seen:
    made: int  # codes by the worker
    codes: frozenset[str]  # alive, whosever
    texts: int
    enrollment_mails: int
    mails: int
    pushes: int
    users: Mapping[str, Any]


@dataclass
class District:
    """One installation; `begin` clears it for the next attack, whose people nobody else knows."""

    stage: Stage
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(FIRST_NUMBER))
    ids: dict[str, str] = field(default_factory=dict)  # of the people at the help site, by user name
    _seen: _Seen | None = None

    @property
    def sandbox(self) -> Sandbox:
        return self.stage.sandbox

    def begin(self) -> None:
        """Nothing is known of anybody, and whatever is given from now on is counted."""
        self.stage.begin(proven=True)
        self.count_anew()

    def count_anew(self) -> None:
        """What is given is counted from now on."""
        self._seen = self._see()

    def person(self, kind: str, **differs: Any) -> Person:
        """Somebody new of a kind; `differs` are fields of theirs, those of their Duo profile as `duo_…`."""
        place = next(self.numbers)
        name = f"person{place:05}"
        number = f"+1{AREA_CODES[place % len(AREA_CODES)]}555{place // len(AREA_CODES):04}"
        second = f"{name}@mail.example.net" if kind == "personal_address" else ""
        person = Person(name, "Pat", f"Number{place}", f"{name}@{DISTRICT}", second, number, kind=kind)
        duo = KINDS[kind](person)
        in_duo = {key.removeprefix("duo_"): value for key, value in differs.items() if key.startswith("duo_")}
        own = {key: value for key, value in differs.items() if not key.startswith("duo_")}
        person = replace(person, duo=replace(duo, **in_duo) if duo else None, **own)
        self.ids[person.user_name] = self.sandbox.servicenow.add_person(person)
        self.sandbox.duo.add_person(person)
        self.count_anew()
        return person

    def file(
        self, person: Person, *, device: str = DUO_MOBILE, number: str = "", preferred: str = "", **more: Any
    ) -> Filed:
        """A request for `person`; `opener` None: whoever has their password."""
        answers = {
            "device_type": device,
            "mobile_number": number,
            "phone_os": "iPhone",
            "preferred_method": preferred,
        }
        filed = self.sandbox.servicenow.file_request(person, answers, **more)
        self.stage.tickets.append(filed.task.number)
        return filed

    def verify(self, filed: Filed, by: str = IDENTITY) -> None:
        """A work note of whoever it is, a minute later."""
        self.stage.clock.pass_(MINUTE)
        self.sandbox.servicenow.work_note(filed.task.number, by, f"#verified {SMS_METHOD}")

    def once(self, *, after: timedelta = MINUTE) -> list[str]:
        """Later, one full pass of the worker."""
        self.stage.clock.pass_(after)
        self.sandbox.duo.limits.clear()
        return once(self.stage.shop)

    def restart(self) -> None:
        """The worker as after a restart: it remembers nothing of any ticket."""
        shop = self.stage.shop
        fresh = FreshTickets(shop.worker.systems.tickets, self.stage.clock)
        worker, polling = replace(shop.worker, tickets=fresh), replace(shop.polling, fresh=fresh)
        self.stage.shop = replace(shop, worker=worker, polling=polling)

    def request(self, filed: Filed) -> Request:
        with self.stage.ledger.reading() as connection:
            found = requests.by_ticket(connection, "servicenow", filed.task.sys_id)
        assert found is not None, f"the ledger doesn't know {filed.task.number}"
        return found

    def outcome(self, filed: Filed) -> tuple[str, str]:
        """State and row."""
        request = self.request(filed)
        return str(request.state), request.rule_row

    def is_known(self, filed: Filed) -> bool:
        """Whether the ledger has it at all."""
        with self.stage.ledger.reading() as connection:
            return requests.by_ticket(connection, "servicenow", filed.task.sys_id) is not None

    def steps(self, filed: Filed) -> list[StepRow]:
        return list(steps.of(self.stage.ledger, self.request(filed).id))

    def ticket(self, filed: Filed) -> Mapping[str, Any]:
        return self.sandbox.servicenow.ticket(filed.task.number)

    def notes(self, filed: Filed) -> str:
        """All that the worker wrote on the ticket."""
        journal = self.sandbox.servicenow.journal(filed.task.number)
        return "\n".join(entry.text for entry in journal if entry.author == "duo.worker")

    def given(self) -> Given:
        """Since `begin`, or since the last of the people came."""
        before, now = self._before, self._see()
        return Given(
            codes=now.made - before.made,
            texts=tuple(text.number for text in self.sandbox.duo.texts[before.texts :] if text.kind == "activation"),
            enrollment_mails=tuple(mail.to for mail in self.sandbox.duo.enrollment_mails[before.enrollment_mails :]),
            links=tuple(
                to
                for mail in self.sandbox.mail.messages[before.mails :]
                if "/p/" in mail.plain
                for to in mail.recipients
            ),
            changed=tuple(sorted(name for name in now.users if now.users[name] != before.users.get(name))),
        )

    def alive(self) -> Counter[str]:
        """What can still be used of all that the worker gave: codes and pushes."""
        before = self._before
        pushes = [push for push in self.sandbox.password_pusher.pushes[before.pushes :] if not push.expired]
        codes = [code for code in self.sandbox.duo.all_codes() if code.bypass_code_id not in before.codes]
        return Counter(codes=len(codes), pushes=len(pushes)) - Counter()

    def save_ledger(self) -> None:
        """A back-up of the ledger as it is now, as sqlite3's own back-up makes one."""
        self._copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self._ledger_file)) as source, closing(sqlite3.connect(self._copy)) as target:
            source.backup(target)

    def restore_ledger(self) -> None:
        """Put the last back-up in the ledger's place while the worker is down, and start the worker again."""
        self.stage.ledger.engine.dispose()
        for ending in ("-wal", "-shm"):
            self._ledger_file.with_name(self._ledger_file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self._copy, self._ledger_file)
        self.restart()

    def edit_ledger(self, statement: str, *values: object) -> int:
        """Somebody with another program changes the ledger; how many rows were changed."""
        with closing(sqlite3.connect(self._ledger_file)) as connection, connection:
            return connection.execute(statement, values).rowcount

    @property
    def _ledger_file(self) -> Path:
        return self.folder / "var" / "duo-worker.db"

    @property
    def _before(self) -> _Seen:
        assert self._seen is not None
        return self._seen

    @property
    def _copy(self) -> Path:
        return self.folder / "back-up.db"

    def _see(self) -> _Seen:
        sandbox = self.sandbox
        users = {name: _lasting(sandbox.duo.user(name)) for name in (*sandbox.people, *self.ids)}
        made = [call for call in sandbox.calls.select("duo", "POST") if call.path.endswith("/bypass_codes")]
        return _Seen(
            made=len([call for call in made if call.status == HTTPStatus.OK]),
            codes=frozenset(code.bypass_code_id for code in sandbox.duo.all_codes()),
            texts=len(sandbox.duo.texts),
            enrollment_mails=len(sandbox.duo.enrollment_mails),
            mails=len(sandbox.mail.messages),
            pushes=len(sandbox.password_pusher.pushes),
            users=users,
        )


def _lasting(user: Mapping[str, Any] | None) -> Any:
    """A user's record, less what logging in changes."""
    return {name: value for name, value in (user or {}).items() if name not in ("last_login", "bypass_codes")}


@contextmanager
def district(folder: Path, changes: Mapping[str, Mapping[str, Any]] | None = None) -> Iterator[District]:
    """A sandbox, a ledger and a worker; `changes` are configuration keys by table."""
    with stage(folder, {name: dict(keys) for name, keys in (changes or {}).items()} or {"worker": {}}) as made:
        yield District(made, folder)
