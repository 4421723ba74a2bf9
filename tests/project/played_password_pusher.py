"""The rows of docs/failures.md about Password Pusher, played."""

import threading
from collections.abc import Callable

from connectors.gate import free
from connectors.password_pusher import PasswordPusher
from connectors.sandbox.messages import Response
from connectors.secret import Secret
from tests.connectors.pushing import NOTE, TOKEN, URL_TOKEN, create, row
from tests.project.played import Calls, Stage, Where
from tests.project.played_servicenow import Played


def to(where: Where) -> PasswordPusher:
    stop = threading.Event()
    stop.set()  # no read is repeated
    token = Secret(TOKEN)
    return PasswordPusher(where.url, token=token, ca_file=where.ca_file, timeout=where.timeout, gate=free, stop=stop)


def audit(where: Where) -> object:
    return to(where).audit(Secret(URL_TOKEN))


def find(where: Where) -> object:
    return to(where).find(NOTE)


def make(where: Where) -> object:
    return create(to(where))


def expire(where: Where) -> None:
    to(where).expire(Secret(URL_TOKEN))


BOTH = Calls(audit, make)
FINDING = Calls(find, None)
MAKING = Calls(None, make)


def answers(*given: Response, calls: Calls = BOTH) -> Callable[[Stage], set[tuple[str, str]]]:
    return lambda stage: {calls.fail(stage.answering(answer)) for answer in given}


def statuses(*given: int) -> Callable[[Stage], set[tuple[str, str]]]:
    return answers(*(Response(status) for status in given))


def unfit(stage: Stage) -> set[tuple[str, str]]:
    """No JSON, another shape, another success; an expiry that isn't called one."""
    found = answers(Response.html(200, "<h1>Sign in</h1>"), Response(201, b"{"), Response.json(200, 1))(stage)
    ended = Calls(audit, expire).fail(stage.answering(Response.json(200, {"expired": False})))
    return found | statuses(202, 204)(stage) | {ended}


def differing(stage: Stage) -> set[tuple[str, str]]:
    """Made with other values than asked; whether it can be expired or not."""
    changed: tuple[dict[str, object], ...] = (
        {"expire_after_days": 7},
        {"expire_after_views": 5},
        {"retrieval_step": False},
        {"html_url": "http://pwpush.example.edu/p/x"},
    )
    gone = Response.json(200, row(expired=True))
    made = [Response.json(201, row(**each)) for each in changed]
    return {MAKING.fail(stage.answering(each, after)) for each in made for after in (gone, Response(500))}


def several(stage: Stage) -> set[tuple[str, str]]:
    """Two on one page, and no other page."""
    two = Response.json(200, [row(), row(url_token="another-token")])
    return {FINDING.fail(stage.answering(two, Response.json(200, [])))}


ROWS: Played = {
    "no connection: refused, no such host, no TLS, connecting took too long": lambda stage: stage.unreachable(BOTH),
    "a certificate that `ca_file` doesn't vouch for": lambda stage: (
        stage.untrusted(BOTH) | stage.unreadable_trust(BOTH)
    ),
    "sent, and no whole answer: reset, time-out, no HTTP": lambda stage: stage.unanswered(BOTH),
    "`401`: the token": statuses(401),
    "`401` with words to expiring a push: it isn't ours": answers(
        Response.json(401, {"error": "That push is not deletable by viewers."}), calls=Calls(None, expire)
    ),
    "`403`, `422` and any other `4xx`": statuses(400, 403, 422),
    "`404` where every server new enough has something": answers(
        Response(404), calls=Calls(lambda where: to(where).version(), make)
    ),
    "`408`": statuses(408),
    "`429`": statuses(429),
    "`3xx`": statuses(301, 302),
    "`500`, `502`, `503` and any other `5xx`": statuses(500, 502, 503, 599),
    "`200` or `201` that can't be read, any other `2xx`": unfit,
    "a push that isn't as it was asked for (days, views, retrieval step, link)": differing,
    "several pushes with the note of one": several,
    "the same page twice, or more pages than may be read": answers(Response.json(200, [row()]), calls=FINDING),
}
