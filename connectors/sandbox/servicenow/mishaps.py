"""Answers that no API gives on purpose: pages, lost answers, broken bodies, while a switch stands (§3.6, §5)."""

import json
from collections.abc import Callable
from typing import Any, Final

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.replies import error
from connectors.sandbox.servicenow.switches import Mishap

PAGE: Final = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
CANCELLED: Final = "Transaction cancelled: maximum execution time exceeded"
INSTEAD: Final = {
    "hibernating": Response.html(200, PAGE.format("Instance Hibernating page - Your instance is hibernating")),
    "maintenance": Response.html(503, PAGE.format("Service Unavailable")),
    "accepted": Response(202),
    "busy": error(429, "Too Many Requests"),
    "cancelled": error(500, CANCELLED),
}


def served(request: Request, mishap: Mishap, serve: Callable[[Request], Response]) -> Response:
    """The answer that the switch leaves of `serve`'s; only "committed", "truncated" and "cut" call it."""
    if mishap in INSTEAD:
        return INSTEAD[mishap]
    answer = serve(request)
    match mishap:
        case "committed":
            return INSTEAD["cancelled"]
        case "truncated":
            return _truncated(answer)
        case "cut":
            return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
        case _:
            return answer


def _truncated(whole: Response) -> Response:
    """Half the rows, then the error, under the same status."""
    body: dict[str, Any] = json.loads(whole.body or b"{}")
    rows = body.get("result")
    if isinstance(rows, list):
        body["result"] = rows[: len(rows) // 2]
    broken = {**body, "error": {"message": CANCELLED, "detail": None}, "status": "failure"}
    return Response.json(whole.status, broken, {"X-Total-Count": whole.headers.get("X-Total-Count", "0")})
