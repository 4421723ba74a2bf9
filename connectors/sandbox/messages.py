"""What goes over the wire to a stand-in and back, as values."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """One request as it arrived. `query` is decoded and in order; a signature needs `path` and `raw_query`."""

    method: str
    path: str  # still percent-encoded, without the query
    raw_query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case, repeated ones joined by ", "
    body: bytes = b""
    client: str = "127.0.0.1"
    query: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "query", tuple(parse_qsl(self.raw_query, keep_blank_values=True)))

    def parameter(self, name: str, default: str = "") -> str:
        """The last value of a query parameter, as most servers read it."""
        return dict(self.query).get(name, default)


@dataclass(frozen=True)
class Response:
    """One answer. Content-Length, Date and Connection are added where the answer doesn't carry its own."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, status: int, value: Any, headers: Mapping[str, str] | None = None) -> "Response":
        """`value` written as JSON."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

    @classmethod
    def text(cls, status: int, text: str, headers: Mapping[str, str] | None = None) -> "Response":
        """`text` as plain text."""
        return cls(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8", **(headers or {})})

    @classmethod
    def html(cls, status: int, text: str, headers: Mapping[str, str] | None = None) -> "Response":
        """`text` as a page; whoever made it has escaped what needs it."""
        return cls(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", **(headers or {})})


App = Callable[[Request], Response]
"""A stand-in's whole behaviour. Called from many threads; may raise `HangUp` to give no answer."""


class HangUp(Exception):
    """Raised by an App: close the connection and answer nothing. Whatever it did before stays done."""
