"""The rows of docs/failures.md about Duo, played."""

from collections.abc import Callable
from datetime import timedelta

from connectors.duo import codes, phones, users
from connectors.duo.transport import Admin
from connectors.sandbox.messages import Response
from tests.connectors.duo.callers import USER_ID, admin, failed, ok, user
from tests.project.played import Calls, Stage, Where
from tests.project.played_servicenow import Played

HOUR = timedelta(hours=1)


def to(where: Where) -> Admin:
    return admin(where.port, where.ca_file, timeout=where.timeout)


def find(where: Where) -> object:
    return users.find(to(where), "mpark")


def make(where: Where) -> object:
    return codes.create(to(where), USER_ID, valid_for=HOUR, uses=1)


BOTH = Calls(find, make)


def answers(*given: Response) -> Callable[[Stage], set[tuple[str, str]]]:
    return lambda stage: {BOTH.fail(stage.answering(answer)) for answer in given}


def unfit(stage: Stage) -> set[tuple[str, str]]:
    """No JSON, another shape, somebody else."""
    other = ok(user(user_id=""))
    read_another = Calls(lambda where: users.read(to(where), USER_ID), make)
    return {
        *answers(Response(200, b"{"), Response.html(200, "proxy"), ok({}), ok([1, 2]))(stage),
        (BOTH.fail(stage.answering(ok([user(user_id="")])))[0], BOTH.fail(stage.answering(other))[1]),
        read_another.fail(stage.answering(ok(user(user_id="DU000000000000000000")))),
    }


def unfit_arguments(stage: Stage) -> set[tuple[str, str]]:
    """Nothing is sent."""
    where = stage.answering(ok([]))
    ids = Calls(lambda at: users.read(to(at), "../x"), lambda at: codes.revoke(to(at), "../x"))
    numbers = Calls(
        lambda at: phones.by_number(to(at), "555-0142"),
        lambda at: phones.create(to(at), number="555-0142", platform="apple ios"),
    )
    found = {ids.fail(where), numbers.fail(where)}
    assert stage.scripted.asked == []
    return found


def codes_of(*given: int) -> Callable[[Stage], set[tuple[str, str]]]:
    return answers(*(failed(code) for code in given))


def pages_of(*given: int) -> Callable[[Stage], set[tuple[str, str]]]:
    return answers(*(Response.html(status, "<h1>proxy</h1>") for status in given))


ROWS: Played = {
    "no connection: refused, no such host, no TLS, connecting took too long": lambda stage: stage.unreachable(BOTH),
    "a certificate that isn't of those pinned, or that `ca_file` doesn't vouch for": lambda stage: (
        stage.untrusted(BOTH) | {BOTH.fail(Where(stage.scripted.port, ""))} | stage.unreadable_trust(BOTH)
    ),
    "sent, and no whole answer: reset, time-out, no HTTP": lambda stage: stage.unanswered(BOTH),
    "`40101`, `40104` and any other `401`": lambda stage: codes_of(40101, 40104)(stage) | pages_of(401)(stage),
    "`40102`, integration key unknown at this host": codes_of(40102),
    "`40103`, signature: mostly a wrong secret key": codes_of(40103),
    "`40105`, a clock that is wrong": codes_of(40105),
    "`40301`, a grant is missing": codes_of(40301),
    "`403` without a code": pages_of(403),
    "`40302` and any other `403` with a code": codes_of(40302, 40399),
    "`40002`, `40003` and any other `400`": lambda stage: codes_of(40002, 40003, 40099)(stage) | pages_of(400)(stage),
    "`40401` and any other `404` with a code": codes_of(40401, 40402),
    "`404` without a code, `3xx`: not the Admin API": pages_of(404, 302, 307),
    "`405` and any other `4xx`": lambda stage: pages_of(405, 422)(stage) | codes_of(42201)(stage),
    "`408`": pages_of(408),
    "`42901`, `429`": lambda stage: pages_of(429)(stage) | codes_of(42901)(stage),
    "`50001`, `503` and any other `5xx`": lambda stage: pages_of(500, 503, 504)(stage) | codes_of(50001)(stage),
    "`200` that can't be read, or isn't about what was asked": unfit,
    "any other `2xx`": pages_of(201, 202, 204),
    "an id or number that can't be put into a call": unfit_arguments,
}
