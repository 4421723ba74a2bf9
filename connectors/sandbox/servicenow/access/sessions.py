"""Server sessions by cookie: calls that share one wait for each other, and too many get 202 (ServiceNow facts §5)."""

import re
import threading
from collections.abc import Callable
from typing import Final

from connectors.sandbox.messages import Request, Response

COOKIE: Final = re.compile(r"JSESSIONID=([0-9A-Fa-f]+)")


class Sessions:
    """Counts the transactions under way for each cookie. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, int] = {}
        self.opened = 0  # how many cookies were handed out: each call without one costs a new session

    def serve(self, request: Request, answer: Callable[[Request], Response], *, queue: int) -> Response:
        """`answer`'s response, with a cookie where none was sent; 202 where `queue` calls wait in its session."""
        found = COOKIE.search(request.headers.get("cookie", ""))
        if found is None:
            return self._opened(answer(request))
        with self._lock:
            waiting = self._waiting[found[1]] = self._waiting.get(found[1], 0) + 1
        try:
            return answer(request) if waiting <= queue + 1 else Response(202)
        finally:
            with self._lock:
                self._waiting[found[1]] -= 1

    def _opened(self, response: Response) -> Response:
        with self._lock:
            self.opened += 1
            cookie = f"JSESSIONID={self.opened:032X}; Path=/; HttpOnly; Secure"
        return Response(response.status, response.body, {**response.headers, "Set-Cookie": cookie})
