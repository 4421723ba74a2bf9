"""The door and the envelope: signature, limits, permission, then the route's answer as Duo wraps it (§1, §10)."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.paging import Page
from connectors.sandbox.duo.parameters import Parameters, parameters
from connectors.sandbox.duo.rates import Kind, Rates
from connectors.sandbox.duo.records import Json
from connectors.sandbox.duo.routes import Route, find
from connectors.sandbox.duo.signature import Keys, verify
from connectors.sandbox.messages import Request, Response

NOWHERE: Final = "nowhere"
LOOK_UPS: Final = ("username", "email", "number", "username_list", "user_id_list", "group_id_list")


def answer(account: Account, keys: Keys, rates: Rates, request: Request) -> Response:
    """The answer to one call; 200 or a failure's status."""
    try:
        return Response.json(200, _envelope(_ask(account, keys, rates, request)))
    except Failure as failure:
        return Response.json(failure.status, failure.envelope(), _headers(account, failure))


def _ask(account: Account, keys: Keys, rates: Rates, request: Request) -> object:
    now, switches = account.now(), account.switches
    found = find(request.method, request.path)
    admitted = rates.admit(_kind(found[0], request) if found else Kind.ONE, request.path if found else NOWHERE, now)
    version = verify(request, keys, now, switches.clock_skew)
    if not admitted:
        raise Failure(42901)
    if found is None:
        raise Failure(40401)
    route, ids = found
    if route.version_5_only and version != 5:
        raise Failure(40103)
    if route.grant not in account.grants:
        raise Failure(40301)
    return route.answer(account, Call(ids, parameters(request, switches.missing_parameter)))


def _kind(route: Route, request: Request) -> Kind:
    if route.kind is not Kind.PAGE:
        return route.kind
    asked = Parameters(request.query)
    if any(asked.given(name) for name in LOOK_UPS):
        return Kind.ONE
    return Kind.PAGE if asked.given("limit") else Kind.UNPAGED


def _envelope(value: object) -> Json:
    if isinstance(value, Page):
        return {"stat": "OK", "response": value.rows, "metadata": value.metadata}
    return {"stat": "OK", "response": value}


def _headers(account: Account, failure: Failure) -> dict[str, str]:
    after = account.switches.retry_after
    if failure.code != 42901 or after is None:
        return {}
    return {"Retry-After": str(int(after.total_seconds()))}
