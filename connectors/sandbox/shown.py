"""What the control shows, as JSON."""

import json
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.calls import Call
from connectors.sandbox.letters import Mail
from connectors.sandbox.messages import Response


def call(made: Call) -> dict[str, Any]:
    return {
        "at": made.at,
        "system": made.system,
        "method": made.method,
        "path": made.path,
        "query": made.query,
        "status": made.status,
    }


def mail(taken: Mail) -> dict[str, Any]:
    return {
        "at": taken.at,
        "from": taken.sender,
        "to": taken.recipients,
        "subject": taken.subject,
        "message_id": taken.message_id,
        "plain": taken.plain,
        "html": taken.html,
    }


def answer(status: int, value: object) -> Response:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return Response(status, f"{text}\n".encode(), {"Content-Type": "application/json; charset=utf-8"})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON")
