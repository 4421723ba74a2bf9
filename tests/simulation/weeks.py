"""Weeks in minutes: the clock goes from one moment at which something happens to the next."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from connectors.sandbox.people import Person, people
from tests.rig import Rig
from tests.simulation.behaviours import BEHAVIOURS, Behaviour, Life, Step
from worker.ledger import requests, views
from worker.ledger.columns import EPOCH
from worker.ledger.schema import events
from worker.ledger.schema import requests as rows
from worker.ledger.states import State
from worker.log_watch import watch_log
from worker.once import work_off
from worker.poll import poll
from worker.reconcile import reconcile

DAY = timedelta(days=1)
TAIL = timedelta(days=8, hours=6)
"""Longer than any request lasts: who files last has an end too."""
HOUR = timedelta(hours=1)
LOG_LAG = timedelta(minutes=3)
SECOND = timedelta(seconds=1)
KINDS = 16


@dataclass
class Acting:
    """Somebody on their way through a behaviour: asleep until a time, or until an event of one of their tickets."""

    life: Life
    behaviour: Behaviour
    steps: Iterator[Step]
    wakes_at: datetime | None = None
    waits_for: str = ""

    def go_on(self, now: datetime) -> None:
        """Act, and then sleep or wait again; who is done does neither."""
        step = next(self.steps, None)
        self.wakes_at = now + step if isinstance(step, timedelta) else None
        self.waits_for = step if isinstance(step, str) else ""

    def hear(self, event: str, now: datetime) -> None:
        if event == self.waits_for:
            self.go_on(now)


@dataclass
class Weeks:
    """One simulation. `orphans` is what was alive without a request under way, ever."""

    rig: Rig
    acting: list[Acting]
    bystander: str
    ends: datetime
    orphans: list[str] = field(default_factory=list)
    passes: int = 0
    _reconciled: datetime = EPOCH
    _acted: datetime = EPOCH
    _moments: list[datetime] = field(default_factory=list)
    _heard: int = 0

    def run(self) -> None:
        """Until the end of the last day."""
        day = self.rig.clock()
        while (at := self._next()) < self.ends:
            self.rig.clock.at = at
            self._act()
            self._work()
            self._hear()
            self.orphans += alive_without_owner(self.rig, self.bystander)
            if at >= day + DAY:
                day = at
                self.rig.sandbox.calls.clear()

    def _next(self) -> datetime:
        now = self.rig.clock()
        due = requests.next_due(self.rig.shop.ledger)
        times = [each.wakes_at for each in self.acting if each.wakes_at is not None]
        times += [due] if due is not None else []
        return max(now + SECOND, min([*times, *self._moments], default=self.ends))

    def _act(self) -> None:
        now = self.rig.clock()
        self._moments = [at for at in self._moments if at > now]
        for each in self.acting:
            if each.wakes_at is not None and each.wakes_at <= now:
                each.go_on(now)
                self._moments.append(now + LOG_LAG)
                self._acted = now

    def _work(self) -> None:
        """What the service's ticks and threads do; Duo's log is looked at when somebody may stand in it."""
        shop, now = self.rig.shop, self.rig.clock()
        if shop.directory.age() >= HOUR:
            shop.directory.refresh()
        poll(shop.polling, now)
        if self._acted + 2 * LOG_LAG >= now:
            watch_log(shop.worker)
        if now - self._reconciled >= shop.settings.worker.reconcile_every:
            self._reconciled = now
            reconcile(shop)
        work_off(shop)
        self.passes += 1

    def _hear(self) -> None:
        """Who waits for it hears what happened to their tickets."""
        tickets = {filed.task.sys_id: each for each in self.acting for filed in each.life.filed}
        happened = (
            select(events.c.id, events.c.name, rows.c.ticket_id)
            .join(rows, rows.c.id == events.c.request_id)
            .where(events.c.id > self._heard)
            .order_by(events.c.id)
        )
        with self.rig.shop.ledger.reading() as connection:
            news = list(connection.execute(happened))
        for event_id, name, ticket_id in news:
            self._heard = event_id
            tickets[ticket_id].hear(name, self.rig.clock())


def weeks(rig: Rig, *, seed: int, count: int, days: int) -> Weeks:
    """`count` people who file in the course of `days`, the behaviours in turn."""
    chance = random.Random(seed)
    rig.sandbox.duo.limits.clear()
    ends = rig.clock() + days * DAY
    until_last = (ends - TAIL - rig.clock()).total_seconds()
    acting = []
    for person, behaviour in zip(_people(seed, count), _behaviours(count), strict=True):
        rig.site.add_person(person)
        rig.sandbox.duo.add_person(person)
        life = Life(rig, person, random.Random(chance.random()))
        steps = _from_filing(life, behaviour)
        acting.append(Acting(life, behaviour, steps, rig.clock() + chance.uniform(0, until_last) * SECOND))
    bystander = rig.person("never_activated").user_name
    rig.sandbox.duo.issue_code(bystander, valid_for=None)
    return Weeks(rig, acting, bystander, ends)


def alive_without_owner(rig: Rig, bystander: str) -> list[str]:
    """Codes, pushes and passphrases of requests that aren't under way; an agent's code of the bystander isn't ours."""
    with rig.shop.ledger.reading() as connection:
        under_way = views.listed(connection, states=(State.ACTING, State.AWAITING), limit=10_000)
    users, tickets = {each.duo_user_id for each in under_way}, {each.number for each in under_way}
    foreign = {code.bypass_code_id for code in rig.sandbox.duo.codes(bystander)}
    codes = [code for code in rig.sandbox.duo.all_codes() if code.bypass_code_id not in foreign]
    pushes = [push for push in rig.sandbox.password_pusher.pushes if not push.expired]
    return [
        *(f"{rig.clock()}: a code of {code.user_id}" for code in codes if code.user_id not in users),
        *(f"{rig.clock()}: a push of {push.name}" for push in pushes if push.name not in tickets),
        *(f"{rig.clock()}: the passphrase of {push.name}" for push in rig.sandbox.password_pusher.pushes
          if push.name not in tickets and rig.field_passphrase(push.name)),
    ]  # fmt: skip


def _from_filing(life: Life, behaviour: Behaviour) -> Iterator[Step]:
    life.file()
    yield from behaviour.live(life)


def _behaviours(count: int) -> list[Behaviour]:
    return [BEHAVIOURS[place % len(BEHAVIOURS)] for place in range(count)]


def _people(seed: int, count: int) -> list[Person]:
    """As many of each kind as the behaviours need, none of whom lives in the sandbox already."""
    district = people(seed, KINDS * (count + 2))[2 * KINDS :]
    left = {kind: iter([each for each in district if each.kind == kind]) for kind in {b.kind for b in BEHAVIOURS}}
    return [next(left[behaviour.kind]) for behaviour in _behaviours(count)]
