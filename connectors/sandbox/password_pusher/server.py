"""The Password Pusher server: throttle, token, then the API or a page."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.password_pusher import answers, routes
from connectors.sandbox.password_pusher.api import Api
from connectors.sandbox.password_pusher.pages import Pages
from connectors.sandbox.password_pusher.push import Push
from connectors.sandbox.password_pusher.reader import PERSON, Opened, open_link
from connectors.sandbox.password_pusher.settings import Settings
from connectors.sandbox.password_pusher.store import Store
from connectors.sandbox.password_pusher.throttle import Windows
from connectors.sandbox.password_pusher.visitor import client_ip, visitor

DEFAULTS: Final = Settings()
NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


class PasswordPusher:
    """`app` answers over HTTP; the rest is for whoever plays people or asks what happened.

    `token` is the worker's; `others` are further users' (token → name).
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        token: str,
        *,
        others: Mapping[str, str] = NOBODY,
        settings: Settings = DEFAULTS,
        seed: int = 0,
    ) -> None:
        self._clock = clock
        self._users = {token: "duo.worker", **others}
        self._settings = settings
        self._lock = threading.Lock()
        self._store = Store(clock, random.Random(f"password pusher {seed}"))
        self._api = Api(self._store, settings, clock)
        self._pages = Pages(self._store, clock)
        self._minute, self._second = Windows(timedelta(minutes=1)), Windows(timedelta(seconds=1))

    def app(self, request: Request) -> Response:
        """The answer to one request."""
        with self._lock:
            if refused := self._throttled(request):
                return refused
            self._store.run_expire_job()
            route = routes.find(request.method, request.path)
            if route is None:
                return answers.no_route()
            caller = visitor(request, self._users)
            return (self._api if route.version else self._pages).answer(route, request, caller)

    @property
    def pushes(self) -> tuple[Push, ...]:
        """All pushes, oldest first; for looking at, not for changing."""
        with self._lock:
            return tuple(self._store)

    def set_throttle(self, *, minute: int, second: int) -> None:
        """How many calls it takes in a minute and in a second from now on; 0 is no limit."""
        with self._lock:
            self._settings = replace(self._settings, throttle_minute=minute, throttle_second=second)

    def push_behind(self, link: str) -> Push:
        """The push that a secret link leads to. Raises KeyError for a link of nothing."""
        return {push.url_token: push for push in self.pushes}[urlsplit(link).path.split("/")[2]]

    def open(self, link: str, passphrase: str = "", *, ip: str = PERSON) -> Opened:
        """What a person finds who opens `link` in a browser; counted and audited as such."""
        return open_link(self.app, link, passphrase, ip)

    def _throttled(self, request: Request) -> Response | None:
        """By client address, before anything else is looked at; in plain text (facts §6)."""
        if request.path == "/up":
            return None
        now, ip = self._clock(), client_ip(request)
        limits = (self._minute, self._settings.throttle_minute), (self._second, self._settings.throttle_second)
        for windows, limit in limits:
            if windows.count(ip, now) > limit > 0:
                return Response.text(429, "Retry later\n", {"Retry-After": str(windows.seconds_left(now))})
        return None
