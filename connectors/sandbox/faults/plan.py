"""The fault plan in force: it counts the calls, and lets those fail that a rule names."""

import contextlib
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connectors.sandbox.faults import http, mail
from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.messages import App, HangUp, Request, Response
from connectors.sandbox.smtp import Spoilt

NOTHING: Final = Response(204)


@dataclass(frozen=True)
class Met:
    """One call that a rule befell; `committed`: it was carried out all the same (of "late": not then)."""

    at: datetime
    rule: Rule
    method: str
    path: str
    committed: bool


class FaultPlan:
    """`around` and `spoil_mail` are put in front of the stand-ins; `set` says what is to go wrong from now on.

    `silence` is how long the silent kinds say nothing: longer than the client waits. Safe to share between threads;
    the same seed and calls give the same faults.
    """

    def __init__(self, clock: Callable[[], datetime], *, seed: int = 0) -> None:
        self.silence = http.SILENCE
        self._clock = clock
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._counted: list[tuple[Rule, int]] = []
        self._met: list[Met] = []
        self._late: list[tuple[datetime, Callable[[], object]]] = []
        self._close: dict[str, Callable[[timedelta], None]] = {}
        self._ended = threading.Event()

    @property
    def met(self) -> tuple[Met, ...]:
        """What went wrong since `set`, in order."""
        with self._lock:
            return tuple(self._met)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those in force."""
        with self._lock:
            return tuple(rule for rule, _ in self._counted)

    def set(self, *rules: Rule) -> None:
        """These rules, counting from now on, instead of those before; none: all is well again."""
        with self._lock:
            self._counted = [(rule, 0) for rule in rules]
            self._met.clear()
            self._late.clear()

    def add(self, rule: Rule) -> None:
        """One more rule, counting from now on."""
        with self._lock:
            self._counted.append((rule, 0))

    def close(self, system: str, span: timedelta = http.AWAY) -> None:
        """Close a system's port for `span` of real time, now."""
        self._close[system](span)

    def end(self) -> None:
        """Let no call wait any more."""
        self._ended.set()

    def closed_by(self, system: str, close_for: Callable[[timedelta], None]) -> None:
        """How the system's port is closed."""
        self._close[system] = close_for

    def around(self, system: str, app: App) -> App:
        """`app` with the faults of `system`."""

        def faulty(request: Request) -> Response:
            self.catch_up()
            rule = self._befalls(system, request.method, request.path)
            return app(request) if rule is None else self._spoilt(rule, app, request)

        return faulty

    def spoil_mail(self) -> Spoilt | None:
        """What goes wrong with the conversation that begins now."""
        rule = self._befalls("mail", "MAIL", "")
        if rule is None:
            return None
        if rule.before is not None:
            rule.before()
        kind = mail.KINDS[rule.kind]
        if kind.closes:
            self._close["mail"](rule.lasts or kind.closes)
        if kind.spoilt is None or not kind.silent:
            return kind.spoilt
        return replace(kind.spoilt, silence=rule.lasts or self.silence)

    def ends_mail(self) -> bool:
        """Whether a mail ends its conversation: while some of them are to go wrong, each has one of its own."""
        return any(rule.system == "mail" for rule in self.rules)

    @property
    def late_at(self) -> datetime | None:
        """When the next of the late calls is carried out, by the sandbox's clock; None where none is to come."""
        with self._lock:
            return min((at for at, _ in self._late), default=None)

    def catch_up(self) -> None:
        """Carry out what was to be late and is due."""
        now = self._clock()
        with self._lock:
            due = [carry_out for at, carry_out in self._late if at <= now]
            self._late = [(at, carry_out) for at, carry_out in self._late if at > now]
        for carry_out in due:
            with contextlib.suppress(HangUp):
                carry_out()

    def _befalls(self, system: str, method: str, path: str) -> Rule | None:
        """Count the call; the first rule that it falls to."""
        with self._lock:
            fallen: Rule | None = None
            for place, (rule, count) in enumerate(self._counted):
                if rule.matches(system, method, path):
                    self._counted[place] = rule, count + 1
                    fallen = fallen or (rule if self._hits(rule, count + 1) else None)
            if fallen is not None:
                self._met.append(Met(self._clock(), fallen, method, path, fallen.commits))
            return fallen

    def _hits(self, rule: Rule, count: int) -> bool:
        if rule.chance:
            return self._chance.random() < rule.chance
        return rule.nth <= count < rule.nth + rule.times

    def _spoilt(self, rule: Rule, app: App, request: Request) -> Response:
        kind = http.KINDS[rule.kind]
        if rule.before is not None:
            rule.before()
        answer = app(request) if kind.commits else NOTHING
        if kind.closes:
            self._close[rule.system](rule.lasts or kind.closes)
        if kind.late:
            with self._lock:
                self._late.append((self._clock() + (rule.lasts or kind.late), lambda: app(request)))
        if kind.waits or kind.silent:
            own = self.silence if kind.silent else kind.waits
            self._ended.wait((own if kind.late else rule.lasts or own).total_seconds())
        return kind.spoil(rule.system, answer)
