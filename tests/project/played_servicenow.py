"""The rows of docs/failures.md about ServiceNow, played."""

from collections.abc import Callable, Mapping

from connectors.gate import free
from connectors.sandbox.messages import Response
from connectors.secret import Secret
from connectors.servicenow.auth import Basic, ClientCredentials
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query
from connectors.servicenow.table import page, patch, rows
from tests.connectors.servicenow.stand import NoPauses
from tests.project.played import Calls, Stage, Where

ID = "85940927468ff53d864a7a50b48d73f1"
OTHER = "95940927468ff53d864a7a50b48d73f2"
HIBERNATING = "<html>Your instance is hibernating</html>"
ROW = Response.json(200, {"result": [{"sys_id": ID}]}, {"X-Total-Count": "2"})

Played = Mapping[str, Callable[[Stage], set[tuple[str, str]]]]


def instance(where: Where, *, token: bool = False) -> Instance:
    client = ClientCredentials("client", Secret("secret"))
    by = client if token else Basic("duo.worker", Secret("password"))
    return Instance(where.url, by, gate=free, stop=NoPauses(), ca_file=where.ca_file, timeout=where.timeout)


def read(where: Where) -> object:
    return page(instance(where), "sc_task", Query(), ["sys_id"], limit=1)


def write(where: Where) -> object:
    return patch(instance(where), "sc_task", ID, {"state": "2"}, ["state"])


def read_all(where: Where) -> object:
    return rows(instance(where), "sc_task", Query(), ["sys_id"], fits=lambda _: True, page_size=1)


def read_with_a_token(where: Where) -> object:
    return page(instance(where, token=True), "sc_task", Query(), ["sys_id"], limit=1)


def write_with_a_token(where: Where) -> object:
    return patch(instance(where, token=True), "sc_task", ID, {"state": "2"}, ["state"])


BOTH = Calls(read, write)
TOKEN = Calls(read_with_a_token, write_with_a_token)


def said(status: int, message: str, detail: str = "") -> Response:
    return Response.json(status, {"error": {"message": message, "detail": detail}, "status": "failure"})


def answers(*given: Response | None, calls: Calls = BOTH) -> Callable[[Stage], set[tuple[str, str]]]:
    """Each of them alone."""
    return lambda stage: {calls.fail(stage.answering(answer)) for answer in given}


ROWS: Played = {
    "no connection: refused, no such host, no TLS, connecting took too long": lambda stage: stage.unreachable(BOTH),
    "a certificate that `ca_file` doesn't vouch for": lambda stage: stage.untrusted(BOTH),
    "a `ca_file` that can't be read": lambda stage: stage.unreadable_trust(BOTH),
    "sent, and no whole answer: reset, time-out, no HTTP": lambda stage: stage.unanswered(BOTH),
    "`401`, after one new token": answers(said(401, "User Not Authenticated")),
    "`401` to the request for a token": answers(Response.json(401, {"error": "invalid_client"}), calls=TOKEN),
    "a token's answer without a token": answers(Response.json(200, {"scope": "useraccount"}), calls=TOKEN),
    "`403` about one record or table (access rule, business rule, data policy)": answers(
        said(403, "Operation Failed", "ACL Exception Update Failed"), said(403, "Insufficient rights to query records")
    ),
    "`403` about the REST API itself": answers(
        said(403, "User Not Authorized"), said(403, "no", "Failed API level ACL Validation")
    ),
    "`400`, `404` and any other `4xx`": answers(*(said(status, "no") for status in (400, 404, 414))),
    "`429`": answers(said(429, "Rate limit exceeded")),
    "`3xx`": answers(Response(302, b"", {"Location": "https://developer.servicenow.com/"}), Response(307)),
    "`500`, `502`, `504` and any other `5xx`": answers(*(said(status, "no") for status in (500, 502, 504, 599))),
    "`503` with ServiceNow's own error": answers(said(503, "Service unavailable")),
    "`503` as a page": answers(Response.html(503, "<h1>Maintenance</h1>")),
    "the page of a hibernating instance, whatever the status": answers(
        Response.html(200, HIBERNATING), Response.html(503, HIBERNATING)
    ),
    "any `2xx` that isn't a whole result: empty, a page, cut short, `error` beside `result`, `202`, `204`": answers(
        *(Response(status) for status in (200, 202, 204)), Response.html(200, "<h1>Sign in</h1>"),
        Response(200, b'{"result":['), Response.json(299, {"result": None}),
        Response.json(200, {"result": [{"sys_id": ID}], "error": {"message": "cut"}}),
    ),
    "`200` about another record, or rows without a sys_id": lambda stage: {(
        BOTH.fail(stage.answering(Response.json(200, {"result": [{"number": "1"}]})))[0],
        BOTH.fail(stage.answering(Response.json(200, {"result": {"sys_id": OTHER, "state": "2"}})))[1],
    )},
    "`200`, and a field doesn't hold what was sent": answers(
        Response.json(200, {"result": {"sys_id": ID, "state": "1"}}), calls=Calls(None, write)
    ),
    "`200`, rows counted and none shown": answers(
        Response.json(200, {"result": []}, {"X-Total-Count": "7"}), calls=Calls(read_all, None)
    ),
    "the same page twice": answers(ROW, calls=Calls(read_all, None)),
}  # fmt: skip
