"""What a ticket system sends to `/hint`, as its own scripts would make it."""

import base64
import hashlib
import hmac
import http.client
from datetime import datetime

KEY = "0123456789abcdef-a-key-to-sign-with"
TOKEN = "a-secret-that-is-sent-as-it-is-0123456789"


def signed(body: bytes, at: datetime, key: str = KEY) -> dict[str, str]:
    """The headers of a signed hint."""
    stamp = str(int(at.timestamp()))
    made = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).digest()
    return {"X-Duo-Worker-Time": stamp, "X-Duo-Worker-Signature": base64.b64encode(made).decode()}


def bearer(token: str = TOKEN) -> dict[str, str]:
    """The header of a hint that carries its secret."""
    return {"Authorization": f"Bearer {token}"}


def basic(token: str = TOKEN) -> dict[str, str]:
    """The same as a password."""
    return {"Authorization": "Basic " + base64.b64encode(f"duo-worker:{token}".encode()).decode()}


def asked(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Status and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def hint(port: int, body: bytes, headers: dict[str, str]) -> int:
    """The status that a hint gets."""
    return asked(port, "POST", "/hint", body, headers)[0]
