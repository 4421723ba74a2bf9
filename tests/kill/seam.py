"""Between the stand-ins and whoever calls them: counts the calls, and kills the caller at one of them."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from connectors.sandbox.letters import Mail
from connectors.sandbox.messages import App, HangUp, Request, Response
from connectors.sandbox.world import Sandbox

Answer = TypeVar("Answer")
Instant = Literal["before", "after", "answered"]


@dataclass
class Trigger:
    """Kills at the nth call from now on: before it is carried out, after that, or `delay` seconds after its answer."""

    kill: Callable[[], object]
    nth: int
    instant: Instant
    delay: float = 0.0


class Seam:
    """In front of all stand-ins of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.last_call = time.monotonic()
        self._lock = threading.Lock()
        self._trigger: Trigger | None = None
        for server in sandbox.servers.values():
            server.app = self._around(server.app)
        sandbox.mail.app = self._around_mail(sandbox.mail.app)

    def arm(self, trigger: Trigger | None) -> None:
        """Another trigger, or none."""
        with self._lock:
            self._trigger = trigger

    def _around(self, app: App) -> App:
        def seamed(request: Request) -> Response:
            return self._serve(lambda: app(request))

        return seamed

    def _around_mail(self, keep: Callable[[Mail], str]) -> Callable[[Mail], str]:
        return lambda mail: self._serve(lambda: keep(mail))

    def _serve(self, serve: Callable[[], Answer]) -> Answer:
        trigger = self._counted()
        if trigger is None:
            return serve()
        if trigger.instant == "before":
            trigger.kill()
            raise HangUp
        answer = serve()
        if trigger.instant == "after":
            trigger.kill()
            raise HangUp
        timer = threading.Timer(trigger.delay, trigger.kill)
        timer.daemon = True
        timer.start()
        return answer

    def _counted(self) -> Trigger | None:
        """The trigger, if it is this call's turn."""
        with self._lock:
            self.last_call = time.monotonic()
            if self._trigger is None:
                return None
            self._trigger.nth -= 1
            if self._trigger.nth > 0:
                return None
            trigger, self._trigger = self._trigger, None
            return trigger
