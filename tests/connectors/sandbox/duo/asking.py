"""Asking the stand-in: calls signed by Duo's own client, and what comes back."""

import json
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlencode

import duo_client.client
import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.messages import Request
from connectors.sandbox.people import DuoPhone, DuoProfile, Person
from tests.connectors.sandbox.clock import START

INTEGRATION_KEY: Final = "DISANDBOXADMIN000001"
SECRET_KEY: Final = "s4ndb0xs4ndb0xs4ndb0xs4ndb0xs4ndb0xs4ndb0"
NUMBER: Final = "+14805550101"

STOCK_CLIENT: Final = pytest.mark.filterwarnings("ignore:ssl.PROTOCOL_TLS is deprecated:DeprecationWarning")
"""For every module that uses the client as it comes."""


def signed(
    method: str,
    path: str,
    params: Mapping[str, Any] | None = None,
    *,
    version: int = 5,
    date: str = format_datetime(START),
    integration_key: str = INTEGRATION_KEY,
    secret_key: str = SECRET_KEY,
    duo_headers: Mapping[str, str] | None = None,
) -> Request:
    """A request as the client makes it, signed by the client's own function at the start of the test's clock."""
    in_body = method == "POST"
    as_json = in_body and version == 5
    pairs = {} if as_json else duo_client.client.normalize_params(dict(params or {}))
    text = duo_client.client.Client.canon_json(dict(params or {})) if in_body else ""
    authorization = duo_client.client.sign(
        integration_key,
        secret_key,
        method,
        "localhost",
        path,
        date,
        version,
        pairs,
        body=text if version == 5 else None,
        additional_headers=dict(duo_headers or {}),
    )
    query = urlencode(pairs, doseq=True)
    form = query if version == 2 else text
    headers = {
        "authorization": authorization,
        "date": date,
        "host": "localhost:8443",
        "content-type": "application/x-www-form-urlencoded" if version == 2 else "application/json",
        **{name.lower(): value for name, value in (duo_headers or {}).items()},
    }
    return Request(method, path, "" if in_body else query, headers, form.encode() if in_body else b"")


def ask(duo: Duo, request: Request) -> tuple[int, Any]:
    """The status and the decoded body of the answer."""
    response = duo.app(request)
    return response.status, json.loads(response.body)


def refusal(call: Callable[[], object]) -> int:
    """The code that a call of the stock client is refused with."""
    with pytest.raises(RuntimeError) as caught:
        call()
    data = vars(caught.value)["data"]
    assert data["stat"] == "FAIL"
    assert data["code"] // 100 == vars(caught.value)["status"]
    code: int = data["code"]
    return code


def person(user_name: str = "atorres", *phones: DuoPhone, **profile: Any) -> Person:
    """Somebody with those phones; `profile` is the rest of their Duo profile."""
    duo = DuoProfile(phones=phones, email=profile.pop("email", f"{user_name}@example.edu"), **profile)
    return Person(user_name, "Ana", "Torres", f"{user_name}@example.edu", duo=duo)
