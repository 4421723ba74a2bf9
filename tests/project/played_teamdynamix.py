"""The rows of docs/failures.md about TeamDynamix, played."""

import threading
from collections.abc import Callable

from connectors.sandbox.messages import Response
from connectors.secret import Secret
from connectors.teamdynamix import feed
from connectors.teamdynamix.auth import ServiceAccount
from connectors.teamdynamix.feed import Post
from connectors.teamdynamix.kinds import free
from connectors.teamdynamix.session import Tenant
from tests.project.played import Calls, Stage, Where
from tests.project.played_servicenow import Played
from worker.tickets.teamdynamix import writing
from worker.tickets.ticket import Moment

TOKEN = Response.text(200, "e30.e30.e30")


def to(where: Where) -> Tenant:
    stop = threading.Event()
    stop.set()  # no read is repeated
    account = ServiceAccount("duo.worker", Secret("password"))
    return Tenant(where.url, account, gates=free, stop=stop, timeout=where.timeout, ca_file=where.ca_file)


def read(where: Where) -> object:
    return to(where).get("31/tickets/1")


def search(where: Where) -> object:
    return to(where).search("31/tickets/search", {})


def write(where: Where) -> None:
    feed.post(to(where), 31, 1, Post("text", private=True))


def moment(where: Where) -> None:
    told = Moment("enrolled", "comment", "note", "[duo-worker 1]")
    writing.say(to(where), (31, 1), told, writing.Hand(0, {}), said=False, notify=())


BOTH = Calls(read, write)


def after_token(*given: Response | None) -> Callable[[Stage], set[tuple[str, str]]]:
    def play(stage: Stage) -> set[tuple[str, str]]:
        return {calls_fail(stage, answer) for answer in given}

    return play


def calls_fail(stage: Stage, answer: Response | None) -> tuple[str, str]:
    """What a read and a write raise, each with a token of its own."""
    reading = Calls(read, None).fail(stage.answering(TOKEN, answer))[0]
    return reading, Calls(None, write).fail(stage.answering(TOKEN, answer))[1]


def statuses(*given: int) -> Callable[[Stage], set[tuple[str, str]]]:
    return after_token(*(Response(status) for status in given))


def expired(stage: Stage) -> set[tuple[str, str]]:
    old = Response(401)
    reading = Calls(read, None).fail(stage.answering(TOKEN, old, TOKEN, old))[0]
    return {(reading, Calls(None, write).fail(stage.answering(TOKEN, old, TOKEN, old))[1])}


def sign_in(stage: Stage) -> set[tuple[str, str]]:
    return {BOTH.fail(stage.answering(Response(status))) for status in (400, 401, 403)}


def half_said(stage: Stage) -> set[tuple[str, str]]:
    posted = Response.json(200, {"ID": 1})
    refusals = (Response(500), Response(403), Response(429))
    return {Calls(None, moment).fail(stage.answering(TOKEN, posted, refused)) for refused in refusals}


ROWS: Played = {
    "no connection: refused, no such host, no TLS, connecting took too long": lambda stage: stage.unreachable(BOTH),
    "a certificate that `ca_file` doesn't vouch for": lambda stage: (
        stage.untrusted(BOTH) | stage.unreadable_trust(BOTH)
    ),
    "sent, and no whole answer: reset, time-out, no HTTP": after_token(None),
    "`400`, `401` or `403` to the sign-in": sign_in,
    "`401`, after one new token": expired,
    "`403` about rights, or in no words of its own: the content filter": after_token(
        Response(403), Response.json(403, {"Message": "No."})
    ),
    "`400` and any other `4xx`": statuses(400, 405, 415, 422),
    "`404` of what is looked for by its id: a read finds nothing": statuses(404),
    "`408`": statuses(408),
    "`429`": statuses(429),
    "`3xx`": statuses(301, 302),
    "`5xx`": statuses(500, 502, 503, 504),
    "`200` that can't be read, `202`": after_token(Response(200, b"{"), Response(202)),
    "a comment that went out without its work note": half_said,
}
