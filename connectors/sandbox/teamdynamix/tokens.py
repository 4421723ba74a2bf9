"""Bearer tokens: JWTs of 24 hours, with `nbf` and `exp` (TeamDynamix facts §2.2)."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from connectors.sandbox.teamdynamix.records import Refusal, User
from connectors.sandbox.teamdynamix.site import Site


class Tokens:
    """Issues and checks them."""

    def __init__(self, site: Site, key: bytes) -> None:
        self._site = site
        self._key = key
        self._not_before = 0.0
        self.issued: list[str] = []

    def issue(self, user: User) -> str:
        now = self._site.clock()
        claims = {
            "unique_name": user.uid,
            "iss": "TD",
            "aud": "https://www.teamdynamix.com/",
            "nbf": int(now.timestamp()),
            "exp": int((now + self._site.switches.token_life).timestamp()),
            "jti": self._site.new_id(),
        }
        head = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(claims)}"
        self.issued.append(f"{head}.{self._signature(head)}")
        return self.issued[-1]

    def caller(self, header: str) -> User:
        """Whose token it is; raises a 401 for one that isn't ours, or isn't good now."""
        scheme, _, token = header.partition(" ")
        head, _, signature = token.rpartition(".")
        if scheme != "Bearer" or not hmac.compare_digest(signature.encode(), self._signature(head).encode()):
            raise Refusal(401, "Authorization has been denied for this request.")
        claims = json.loads(base64.urlsafe_b64decode(head.partition(".")[2] + "=="))
        now = self._site.clock().timestamp()
        if not claims["nbf"] <= now < claims["exp"] or claims["jti"] < self._not_before:
            raise Refusal(401, "The token has expired.")
        return self._site.users[claims["unique_name"]]

    def expire(self) -> None:
        """End every token now."""
        self._not_before = self._site.new_id()

    def _signature(self, head: str) -> str:
        return _text(hmac.digest(self._key, head.encode(), hashlib.sha256))


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def http_date(at: datetime) -> str:
    """RFC 1123."""
    return f"{at:%a, %d %b %Y %H:%M:%S} GMT"
