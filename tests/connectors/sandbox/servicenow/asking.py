"""A caller without a network, and a person with a request, for tests that say only what differs."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.people import Person
from connectors.sandbox.servicenow import Filed, ServiceNow

ANN = Person("alee", "Ann", "Lee", "ann.lee@example.edu", "ann@mail.example.net", "+14805550101")
DESK = Person("tdesk", "Tess", "Desk", "tess.desk@example.edu", groups=("Service Desk", "Identity Desk"))
ANSWERS = {"device_type": "Duo Mobile", "mobile_number": "+14805550101", "phone_os": "Android"}
JSON = {"accept": "application/json", "content-type": "application/json"}


def filed_by_ann(servicenow: ServiceNow, **changes: Any) -> Filed:
    return servicenow.file_request(ANN, **{"answers": ANSWERS, **changes})


def basic(user_name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user_name}:{password}".encode()).decode()


class Answer:
    """One answer, read."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def result(self) -> Any:
        assert self.status in (200, 201), self.body
        return self.json["result"]

    @property
    def error(self) -> tuple[int, str, str | None]:
        found = self.json["error"]
        return self.status, found["message"], found["detail"]


class Asker:
    """Sends requests straight to the app as one account."""

    def __init__(self, servicenow: ServiceNow, user_name: str = "", password: str = "") -> None:
        credentials = servicenow.credentials
        self.servicenow = servicenow
        self.authorization = basic(user_name or credentials.user_name, password or credentials.password)

    def send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, **query: Any
    ) -> Answer:
        """`headers` replace the usual ones; a query's names come without their `sysparm_`, or it is in the path."""
        words = urlencode({f"sysparm_{name}": value for name, value in query.items()})
        path, _, plain = path.partition("?")
        sent = {"authorization": self.authorization, **(JSON if headers is None else headers)}
        payload = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Answer(self.servicenow.app(Request(method, path, plain or words, sent, payload)))

    def rows(self, table: str, query: str = "", **words: Any) -> Any:
        return self.listed(table, query, **words).result

    def listed(self, table: str, query: str = "", **words: Any) -> Answer:
        return self.send("GET", f"/api/now/table/{table}", query=query, **words)

    def numbers(self, table: str, query: str, **words: Any) -> list[str]:
        return [row["number"] for row in self.rows(table, query, fields="number", **words)]

    def one(self, table: str, sys_id: str, **words: Any) -> Any:
        return self.send("GET", f"/api/now/table/{table}/{sys_id}", **words).result

    def patch(self, table: str, sys_id: str, body: Any, **words: Any) -> Answer:
        return self.send("PATCH", f"/api/now/table/{table}/{sys_id}", body, **words)


def admin(servicenow: ServiceNow) -> Asker:
    servicenow.set_password("admin", "admin's")
    return Asker(servicenow, "admin", "admin's")


def account(servicenow: ServiceNow, *roles: str) -> Asker:
    servicenow.add_account("other.account", "secret", roles=roles)
    return Asker(servicenow, "other.account", "secret")
