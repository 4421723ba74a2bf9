"""The Batch API's JSON: what asks for several writes, and the outcome of each in the answer (ServiceNow facts §4)."""

import base64
import binascii
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import requests

from connectors.errors import Uncertain
from connectors.secret import Secret
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.gathering import Outcome
from connectors.servicenow.write import JSON, Outgoing, Write

PATH: Final = "/api/now/v1/batch"
STATUSES: Final = range(200, 600)


def outgoing(number: str, calls: Sequence[Outgoing]) -> Outgoing:
    """The call that asks for all of `calls`; each is known by its place, from 1 on."""
    items = [_item(str(place), sent) for place, sent in enumerate(calls, start=1)]
    return Outgoing("POST", PATH, Secret(json.dumps({"batch_request_id": number, "rest_requests": items})))


def outcomes(answer: Mapping[str, Any], number: str, writes: Sequence[Write]) -> list[Outcome]:
    """What became of each write, in order. Raises `Uncertain` where the answer isn't one to that batch."""
    served, left = answer.get("serviced_requests"), answer.get("unserviced_requests", [])
    if "error" in answer or not isinstance(served, list) or not isinstance(left, list):
        raise Uncertain(SYSTEM, "the answer to a batch isn't whole")
    named = [*(item.get("id") if isinstance(item, dict) else None for item in served), *left]
    places = [str(place) for place in range(1, len(writes) + 1)]
    if str(answer.get("batch_request_id")) != number or any(str(name) not in places for name in named):
        raise Uncertain(SYSTEM, "the answer to a batch tells of what wasn't asked")
    unserved = [str(name) for name in left]
    return [
        _outcome([item for item in served if str(item["id"]) == place], write, unserved=place in unserved)
        for place, write in zip(places, writes, strict=True)
    ]


def _item(place: str, sent: Outgoing) -> dict[str, Any]:
    return {
        "id": place,
        "method": sent.method,
        "url": sent.path,
        "headers": [{"name": name, "value": value} for name, value in JSON.items()],
        "body": base64.b64encode(sent.body.reveal().encode()).decode(),
    }


def _outcome(items: Sequence[Mapping[str, Any]], write: Write, *, unserved: bool) -> Outcome:
    if unserved:
        return Uncertain(SYSTEM, f"{write.table}: not served in its batch's time, and perhaps begun")
    match items:
        case [{"status_code": int(status), **rest}] if status in STATUSES:
            return _answer(status, rest, write)
        case _:
            return Uncertain(SYSTEM, f"{write.table}: its batch's answer doesn't tell what became of it")


def _answer(status: int, item: Mapping[str, Any], write: Write) -> requests.Response:
    """An item as the answer to a call of its own. A body that isn't base64 is none."""
    answer = requests.Response()
    answer.status_code = status
    answer.raw = io.BytesIO(_decoded(item.get("body")))
    answer.headers.update(_headers(item.get("headers")))
    answer.request = requests.PreparedRequest()
    answer.request.body = write.body.reveal()
    return answer


def _decoded(body: Any) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return b""


def _headers(listed: Any) -> Iterator[tuple[str, str]]:
    for header in listed if isinstance(listed, list) else ():
        if isinstance(header, dict) and isinstance(header.get("name"), str):
            yield header["name"], str(header.get("value", ""))
