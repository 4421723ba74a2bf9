"""Asks a Password Pusher stand-in as an API client does."""

import json
from dataclasses import dataclass
from typing import Any, Final

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.password_pusher import PasswordPusher

TOKEN: Final = "workers-api-token"
OTHER_TOKEN: Final = "somebody-elses-api-token"


@dataclass(frozen=True)
class Caller:
    """`token` empty: anonymous."""

    server: PasswordPusher
    token: str = TOKEN
    ip: str = "203.0.113.9"

    def ask(self, method: str, target: str, body: object = None, **headers: str) -> Response:
        """One call; `body` is sent as JSON unless it is bytes."""
        path, _, query = target.partition("?")
        sent = {"host": "pwpush.example.edu", "content-type": "application/json", "user-agent": "tests", **headers}
        if self.token:
            sent.setdefault("authorization", f"Bearer {self.token}")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.server.app(Request(method, path, query, sent, raw, self.ip))

    def json(self, method: str, target: str, body: object = None) -> Any:
        """The parsed body of a call that must succeed."""
        response = self.ask(method, target, body)
        assert response.status in (200, 201), (response.status, response.body)
        return json.loads(response.body)

    def push(self, **parameters: object) -> Any:
        """A new push through v2; the answer."""
        return self.json("POST", "/api/v2/pushes", {"push": {"payload": "012345678", **parameters}})

    def show(self, push: Any, query: str = "") -> Any:
        return self.json("GET", f"/api/v2/pushes/{push['url_token']}{query}")

    def audit(self, push: Any) -> list[str]:
        """What happened to a push, newest first."""
        rows = self.json("GET", f"/api/v2/pushes/{push['url_token']}/audit")["logs"]
        return [row["kind"] for row in rows]
