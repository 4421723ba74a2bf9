"""Who is calling: Duo's request signatures of version 2 and 5, written from their description (§2).

Not by way of Duo's own client: what client and stand-in agree on here, they agree on independently.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.parameters import IN_BODY, form_pairs
from connectors.sandbox.messages import Request


@dataclass(frozen=True)
class Keys:
    """Those of the Admin API application."""

    integration_key: str
    secret_key: str = field(repr=False)


def verify(request: Request, keys: Keys, now: datetime, skew: timedelta | None) -> int:
    """The version of a good signature, 2 or 5. Else 40101–40105 (§10)."""
    integration_key, given = _credentials(request.headers.get("authorization", ""))
    if integration_key != keys.integration_key:
        raise Failure(40102)
    date = request.headers.get("date", "")
    _check_date(date, now, skew)
    for version, canonical in ((5, _version_5(request, date)), (2, _version_2(request, date))):
        expected = hmac.new(keys.secret_key.encode(), canonical.encode(), hashlib.sha512).hexdigest()
        if hmac.compare_digest(expected.encode(), given.lower().encode()):
            return version
    raise Failure(40103)


def _credentials(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Failure(40101) from None
    integration_key, colon, signature = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise Failure(40101)
    return integration_key, signature


def _check_date(date: str, now: datetime, skew: timedelta | None) -> None:
    if not date:
        raise Failure(40104)
    try:
        at = parsedate_to_datetime(date)
    except ValueError:
        raise Failure(40105) from None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)  # "-0000" reads as a time without a zone
    if skew is not None and abs(aware - now) > skew:
        raise Failure(40105)


def _version_2(request: Request, date: str) -> str:
    pairs = form_pairs(request.body) if request.method in IN_BODY else request.query
    return "\n".join((*_start(request, date), _canonical(pairs)))


def _version_5(request: Request, date: str) -> str:
    in_body = request.method in IN_BODY
    params = "" if in_body else _canonical(request.query)
    body = request.body if in_body else b""
    return "\n".join((*_start(request, date), params, hashlib.sha512(body).hexdigest(), _duo_headers(request.headers)))


def _start(request: Request, date: str) -> tuple[str, str, str, str]:
    host = request.headers.get("host", "").partition(":")[0]  # the port is never part of what is signed
    return date, request.method.upper(), host.lower(), request.path


def _canonical(pairs: Iterable[tuple[str, str]]) -> str:
    quoted = sorted((quote(name, "~"), quote(value, "~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in quoted)


def _duo_headers(headers: Mapping[str, str]) -> str:
    ours = sorted((name.lower(), value) for name, value in headers.items() if name.lower().startswith("x-duo-"))
    return hashlib.sha512("\0".join(part for pair in ours for part in pair).encode()).hexdigest()
