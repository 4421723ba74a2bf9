"""The ways in which a call over HTTP goes wrong, by name: whether it was carried out, and what came back of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.messages import HangUp, Response
from connectors.sandbox.servicenow import replies

SYSTEMS: Final = ("servicenow", "teamdynamix", "duo", "password_pusher")
SILENCE: Final = timedelta(minutes=2)  # longer than anybody waits for an answer
AWAY: Final = timedelta(milliseconds=100)
SLOW: Final = timedelta(milliseconds=200)
LATE: Final = timedelta(seconds=30)
RETRY_AFTER: Final = "60"
CANCELLED: Final = "Transaction cancelled: maximum execution time exceeded"
PAGE: Final = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"

Spoil = Callable[[str, Response], Response]
"""What comes back from a system instead of its answer, an empty one where the call isn't carried out."""


@dataclass(frozen=True)
class Kind:
    """One way to fail. `commits`: the call is carried out all the same, before anything else happens.

    `silent`: nothing comes back for longer than anybody waits; `waits`: not for so long. `closes` is for how long the
    port is closed from this call on; `late`, how long after the call it is carried out. A rule may say other times.
    """

    commits: bool
    spoil: Spoil
    systems: tuple[str, ...] = SYSTEMS
    silent: bool = False
    waits: timedelta = timedelta()
    closes: timedelta = timedelta()
    late: timedelta = timedelta()


def _as_it_is(_system: str, answer: Response) -> Response:
    return answer


def _cut(_system: str, _answer: Response) -> Response:
    raise HangUp


def _busy(system: str, _answer: Response) -> Response:
    """Duo names no time (Admin API facts §10)."""
    match system:
        case "duo":
            return _duo(42901)
        case "servicenow":
            return replies.error(429, "Rate limit exceeded", headers={"Retry-After": RETRY_AFTER})
        case _:
            return Response.text(429, "Retry later\n", {"Retry-After": RETRY_AFTER})


def _error(system: str, _answer: Response) -> Response:
    match system:
        case "duo":
            return _duo(50001)
        case "servicenow":
            return replies.error(500, CANCELLED)
        case _:
            return Response.html(500, PAGE.format("We're sorry, but something went wrong"))


def _page(_system: str, _answer: Response) -> Response:
    return Response.html(503, PAGE.format("Service Unavailable"))


def _accepted(_system: str, _answer: Response) -> Response:
    return Response(202)


def _half(_system: str, answer: Response) -> Response:
    return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)


def _truncated(_system: str, answer: Response) -> Response:
    """Half the rows, then the error, under the same status (ServiceNow facts §3.6)."""
    body = _object(answer)
    if isinstance(rows := body.get("result"), list):
        body["result"] = rows[: len(rows) // 2]
    broken = {**body, "error": {"message": CANCELLED, "detail": None}, "status": "failure"}
    return Response.json(answer.status, broken, {"X-Total-Count": answer.headers.get("X-Total-Count", "0")})


def _hibernating(_system: str, _answer: Response) -> Response:
    return Response.html(200, PAGE.format("Instance Hibernating page - Your instance is hibernating"))


def _unauthenticated(_system: str, _answer: Response) -> Response:
    return replies.unauthenticated().response


def _rows_changed(change: Callable[[list[Any]], list[Any]]) -> Spoil:
    """An answer whose list of rows, if it has one, is another."""

    def spoil(_system: str, answer: Response) -> Response:
        body = _object(answer)
        name = next((name for name in ("result", "response") if isinstance(body.get(name), list)), None)
        if name is None:
            return answer
        return Response(answer.status, json.dumps({**body, name: change(body[name])}).encode(), answer.headers)

    return spoil


def _object(answer: Response) -> dict[str, Any]:
    try:
        body = json.loads(answer.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _duo(code: int) -> Response:
    failure = Failure(code)
    return Response.json(failure.status, failure.envelope())


SERVICENOW: Final = ("servicenow",)
LISTING: Final = ("servicenow", "duo")
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "meanwhile": Kind(True, _as_it_is),  # nothing goes wrong; for what people do just before the call
        "refused": Kind(True, _as_it_is, closes=AWAY),  # well answered; the next connections are refused
        "down": Kind(False, _cut, closes=AWAY),
        "reset before": Kind(False, _cut),
        "reset after": Kind(True, _cut),
        "silent before": Kind(False, _cut, silent=True),
        "silent after": Kind(True, _cut, silent=True),
        "late": Kind(False, _cut, silent=True, late=LATE),
        "slow": Kind(True, _as_it_is, waits=SLOW),
        "busy": Kind(False, _busy),
        "error before": Kind(False, _error),
        "error after": Kind(True, _error),
        "page before": Kind(False, _page),
        "page after": Kind(True, _page),
        "accepted before": Kind(False, _accepted),
        "accepted after": Kind(True, _accepted),
        "half": Kind(True, _half),
        "truncated": Kind(True, _truncated, SERVICENOW),
        "hibernating": Kind(False, _hibernating, SERVICENOW),
        "expired": Kind(False, _unauthenticated, SERVICENOW),
        "repeated": Kind(True, _rows_changed(lambda rows: [row for row in rows for _ in range(2)]), LISTING),
        "slipped": Kind(True, _rows_changed(lambda rows: rows[1:]), LISTING),  # to the page before
    }
)
