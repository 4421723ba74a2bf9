"""An `Admin` as a test wants it, and what Duo answers, saying only what differs."""

import threading
from datetime import timedelta
from typing import Any

from connectors.duo.transport import Admin
from connectors.gate import Gate, free
from connectors.sandbox.messages import Response
from connectors.secret import Secret

INTEGRATION_KEY = "DIWJ8X6AEYOR5OMC6TQ1"
SECRET_KEY = "Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep"
USER_ID = "DU3RP9I2WOC59VZX672N"
PHONE_ID = "DPFZRS9FB0D46QFTM899"


def admin(port: int, ca_file: str, *, gate: Gate = free, timeout: timedelta = timedelta(seconds=5)) -> Admin:
    """An `Admin` whose stop event is set, so that no read is repeated and no test waits."""
    stop = threading.Event()
    stop.set()
    return Admin(
        "localhost",
        port,
        integration_key=INTEGRATION_KEY,
        secret_key=Secret(SECRET_KEY),
        ca_file=ca_file,
        timeout=timeout,
        gate=gate,
        stop=stop,
    )


def ok(response: Any, **more: Any) -> Response:
    return Response.json(200, {"stat": "OK", "response": response, **more})


def failed(code: int, message: str = "Said by Duo", detail: str | None = None, status: int | None = None) -> Response:
    more = {} if detail is None else {"message_detail": detail}
    return Response.json(status or code // 100, {"stat": "FAIL", "code": code, "message": message, **more})


def user(**differing: Any) -> dict[str, Any]:
    return {"user_id": USER_ID, "username": "mpark", "email": "mpark@example.edu", "status": "active"} | differing


def phone(**differing: Any) -> dict[str, Any]:
    row = {"phone_id": PHONE_ID, "number": "+14805550123", "type": "Mobile", "platform": "Apple iOS"}
    return row | {"activated": False, "capabilities": ["sms"]} | differing
