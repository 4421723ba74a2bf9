"""Batch API: several requests in one, each with its own outcome; nothing is undone (ServiceNow facts §4)."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.replies import bad_request, wrong_method

Serve = Callable[[Request], Response]


def batch(request: Request, serve: Serve, *, serves: int | None, begun_is_done: bool) -> Response:
    """200 whatever becomes of the items. Those beyond `serves` come back as ids to send again.

    `begun_is_done`: the first of these is carried out all the same, and nobody is told.
    """
    if request.method != "POST":
        raise wrong_method()
    try:
        asked = json.loads(request.body)
    except ValueError as problem:
        raise bad_request("Exception while reading request", "The payload is not valid JSON") from problem
    items = asked.get("rest_requests") if isinstance(asked, dict) else None
    if not isinstance(items, list) or not all(_complete(item) for item in items):
        raise bad_request("Exception while reading request", "id, method and url are required")
    served, left = (items, []) if serves is None else (items[:serves], items[serves:])
    outcomes = [_served(item, serve, request) for item in served]
    for item in left[: int(begun_is_done)]:
        _served(item, serve, request)
    body = {
        "batch_request_id": str(asked.get("batch_request_id", "")),
        "serviced_requests": outcomes,
        "unserviced_requests": [str(item["id"]) for item in left],
    }
    return Response.json(200, body)


def _complete(item: Any) -> bool:
    return isinstance(item, dict) and all(item.get(name) for name in ("id", "method", "url"))


def _served(item: Mapping[str, Any], serve: Serve, whole: Request) -> dict[str, Any]:
    """An item that names no Accept of its own has the batch's."""
    try:
        body = base64.b64decode(item.get("body") or "", validate=True)
    except binascii.Error:
        return _outcome(item, Response.json(400, {"error": {"message": "body is not base64", "detail": None}}))
    path, _, raw_query = str(item["url"]).partition("?")
    own = {str(each["name"]).lower(): str(each["value"]) for each in item.get("headers", ())}
    headers = {"accept": whole.headers.get("accept", ""), **own}
    return _outcome(item, serve(Request(str(item["method"]).upper(), path, raw_query, headers, body)))


def _outcome(item: Mapping[str, Any], response: Response) -> dict[str, Any]:
    outcome: dict[str, Any] = {
        "id": str(item["id"]),
        "status_code": response.status,
        "status_text": HTTPStatus(response.status).phrase,
        "body": base64.b64encode(response.body).decode(),
        "execution_time": 1,
    }
    if not item.get("exclude_response_headers"):
        outcome["headers"] = [{"name": name, "value": value} for name, value in response.headers.items()]
    return outcome
