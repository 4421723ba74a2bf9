"""HTTP/1.1 messages read from and written to a byte stream (RFC 9112, as much as the clients served here use)."""

import http.client
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import BinaryIO, Final

from connectors.sandbox.messages import Request, Response

MAX_LINE: Final = 65_536 + 64  # a URL of 64 KB with its method and version
MAX_BODY: Final = 32 * 1024 * 1024
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Malformed(Exception):
    """The stream holds no request that can be answered further than with `status`; the connection must end."""

    def __init__(self, status: int) -> None:
        super().__init__(HTTPStatus(status).phrase)
        self.status = status


def read_request(stream: BinaryIO, out: BinaryIO, client: str) -> tuple[Request, bool] | None:
    """The next request and whether the client keeps the connection; None once it has closed it.

    `out` gets the interim answer to `Expect: 100-continue`. Raises `Malformed`, or the stream's own errors.
    """
    line = stream.readline(MAX_LINE + 1)
    if line in (b"\r\n", b"\n"):  # a stray end of line after the last body is to be skipped
        line = stream.readline(MAX_LINE + 1)
    if not line:
        return None
    method, target, version = _request_line(line)
    headers = _headers(stream)
    length = _body_length(headers)
    if length and headers.get("expect", "").lower() == "100-continue":
        out.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        out.flush()
    body = stream.read(length)
    if len(body) < length:
        return None
    path, _, raw_query = target.partition("?")
    kept = version == "HTTP/1.1" and "close" not in headers.get("connection", "").lower()
    return Request(method, path, raw_query, headers, body, client), kept


def _request_line(line: bytes) -> tuple[str, str, str]:
    if len(line) > MAX_LINE:
        raise Malformed(HTTPStatus.REQUEST_URI_TOO_LONG)
    words = line.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or not words[1].startswith("/"):
        raise Malformed(HTTPStatus.BAD_REQUEST)
    if words[0] not in METHODS:
        raise Malformed(HTTPStatus.NOT_IMPLEMENTED)
    return words[0], words[1], words[2]


def _headers(stream: BinaryIO) -> dict[str, str]:
    try:
        parsed = http.client.parse_headers(stream)
    except http.client.HTTPException as error:
        raise Malformed(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from error
    headers: dict[str, str] = {}
    for name, value in parsed.items():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return headers


def _body_length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise Malformed(HTTPStatus.LENGTH_REQUIRED)
    text = headers.get("content-length", "0").strip()
    if not (text.isascii() and text.isdigit()):
        raise Malformed(HTTPStatus.BAD_REQUEST)
    if len(text) > 10 or int(text) > MAX_BODY:
        raise Malformed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(text)


def write_response(out: BinaryIO, response: Response, *, now: datetime, kept: bool, head: bool) -> None:
    """Send one answer, in one write. `head`: the request was HEAD, so the length is told but no body sent.

    The answer's own Content-Length, Date or Connection win, so that a stand-in can lie about them.
    """
    names = {name.lower() for name in response.headers}
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if "date" not in names:
        lines.append(f"Date: {format_datetime(now, usegmt=True)}")
    if "content-length" not in names and response.status not in (204, 304):
        lines.append(f"Content-Length: {len(response.body)}")
    if "connection" not in names and not kept:
        lines.append("Connection: close")
    text = "\r\n".join(lines) + "\r\n\r\n"
    out.write(text.encode("latin-1") + (b"" if head else response.body))
    out.flush()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
