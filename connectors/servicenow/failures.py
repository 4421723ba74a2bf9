"""What a failed call to ServiceNow means for the caller: the only place that knows its statuses and odd answers.

| | read | write |
|---|---|---|
| never sent; 429; 3xx; hibernating | Unavailable | Unavailable |
| certificate can't be verified; 401; API-level 403 | Misconfigured | Misconfigured |
| sent, and no answer; 500, 502, 504; 503 as a page | Unavailable | Uncertain |
| 503 with ServiceNow's own error | Unavailable | Unavailable |
| 2xx that isn't a whole result (202, empty, a page, `error` beside `result`) | Unavailable | Uncertain |
| any other 4xx | Misconfigured | Refused |

A request for a token is a read.

Source: ServiceNow facts §3.5, §3.6, §5.
"""

import json
import re
import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain

SYSTEM: Final = "servicenow"
SHOWN: Final = 300  # characters of ServiceNow's own words
OURS: Final = 8  # characters from which on a value we sent is cut out of them

_HIBERNATING: Final = re.compile(rb"instance is hibernating|instance hibernating", re.IGNORECASE)


def lost(error: Exception, host: str, *, writing: bool) -> ConnectorError:
    """What it means that a call of `host` ended in `error` instead of an answer."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Misconfigured(SYSTEM, "its certificate can't be verified: check url and ca_file in [servicenow]")
    if any(isinstance(cause, ConnectTimeoutError) for cause in causes):
        return Unavailable(SYSTEM, f"no connection to {host}: see url in [servicenow]")
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return Misconfigured(SYSTEM, "ca_file in [servicenow] can't be read")
    return _doubtful(f"no answer ({type(error).__name__})", writing=writing)


def result(response: requests.Response, *, writing: bool) -> Any:
    """The `result` of a whole and good answer; raises what any other one means."""
    body = answered(response, writing=writing)
    if "error" in body or body.get("result") is None:
        raise _doubtful(f"{response.status_code} without a whole result{_words(response, body)}", writing=writing)
    return body["result"]


def answered(response: requests.Response, *, writing: bool) -> dict[str, Any]:
    """The object that a 2xx answer holds, empty where it holds none; raises what any other status means."""
    body = _json(response.content)
    if _HIBERNATING.search(response.content[:4096]):
        raise Unavailable(SYSTEM, "the instance is hibernating: sign in to it once to wake it")
    if not 200 <= response.status_code < 300:
        raise _failure(response, body, writing=writing)
    return body


def _failure(response: requests.Response, body: dict[str, Any], *, writing: bool) -> ConnectorError:
    status, words = response.status_code, _words(response, body)
    said = f"{status}{words}"
    if status == 401:
        return Misconfigured(SYSTEM, f"{said}: check the credentials in [servicenow]")
    if status == 429:
        return Unavailable(SYSTEM, said, retry_after=_retry_after(response))
    if status < 400:  # to a sign-in page, for one: nothing has run
        return Unavailable(SYSTEM, f"{status}: hibernating, or url in [servicenow] isn't the instance's own")
    if status >= 500:
        own_refusal = status == 503 and words != ""
        return Unavailable(SYSTEM, said) if own_refusal else _doubtful(said, writing=writing)
    if not writing or _shuts_us_out(status, words):
        return Misconfigured(SYSTEM, f"{said}: check the account's roles and the names in [servicenow]")
    return Refused(SYSTEM, str(status), said)


def _doubtful(detail: str, *, writing: bool) -> ConnectorError:
    return Uncertain(SYSTEM, detail) if writing else Unavailable(SYSTEM, detail)


def _shuts_us_out(status: int, words: str) -> bool:
    """Whether the REST API itself is closed to the account, not one record (ServiceNow facts §3.6)."""
    return status == 403 and ("User Not Authorized" in words or "API level ACL" in words)


def _json(content: bytes) -> dict[str, Any]:
    """The answer as an object; empty where it is anything else, whatever its content type says."""
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _words(response: requests.Response, body: dict[str, Any]) -> str:
    """ServiceNow's message and detail on one line, after a space, without what we sent; empty: it said nothing."""
    error = body.get("error")
    parts = [error.get("message"), error.get("detail")] if isinstance(error, dict) else [error]
    text = " / ".join(part for part in parts if isinstance(part, str) and part)
    for sent in _sent(response.request.body):
        text = text.replace(sent, "…")
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f" {line[:SHOWN]}" if line else ""


def _sent(body: object) -> Iterator[str]:
    """The values of a JSON or form body of ours that are long enough to tell something, longest first."""
    text = body.decode() if isinstance(body, bytes) else body
    if not isinstance(text, str):
        return
    values = _values(_json(text.encode()) or dict(parse_qsl(text)))
    yield from sorted((value for value in values if len(value) >= OURS), key=len, reverse=True)


def _values(sent: object) -> Iterator[str]:
    """The texts in a body, however deep."""
    if isinstance(sent, dict | list):
        for each in sent.values() if isinstance(sent, dict) else sent:
            yield from _values(each)
    else:
        yield str(sent)


def _retry_after(response: requests.Response) -> timedelta | None:
    seconds = response.headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if re.fullmatch("[0-9]{1,6}", seconds) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what is behind it, in the ways in which requests and urllib3 wrap one."""
    pending: list[object] = [error]
    while pending:
        cause = pending.pop()
        if isinstance(cause, BaseException):
            yield cause
            pending += [cause.__cause__, *cause.args, cause.reason if isinstance(cause, MaxRetryError) else None]
