"""Which API a path names, and what is asked of every request before it gets there (ServiceNow facts §3.1)."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.access.rate_limit import RateLimits
from connectors.sandbox.servicenow.api import read, write
from connectors.sandbox.servicenow.api.attachments import Attachments
from connectors.sandbox.servicenow.api.batch import batch
from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.replies import (
    Refusal,
    bad_request,
    error,
    no_resource,
    unauthorized_api,
    wrong_method,
)

APIS: Final = {"table": "Table API", "batch": "Batch API", "attachment": "Attachment API"}
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Router:
    """The REST APIs under /api/now for callers that are signed in."""

    instance: Instance
    limits: RateLimits
    attachments: Attachments

    def answer(self, caller: Caller, request: Request) -> Response:
        """Never raises `Refusal`: it becomes the answer."""
        try:
            return self._routed(caller, _overridden(request))
        except Refusal as refusal:
            return refusal.response

    def _routed(self, caller: Caller, request: Request, *, item: bool = False) -> Response:
        version, api, parts = _named(request.path)
        if api in self.instance.switches.closed_apis:
            raise unauthorized_api()
        counted = self.instance.switches.batch_items_count or not item
        headers = self.limits.count(caller, APIS[api], request.method) if counted else {}
        _check_headers(request, api, always=self.instance.switches.empty_body_needs_content_type)
        response = self._asked(caller, request, version, api, parts)
        return replace(response, headers={**response.headers, **headers})

    def _asked(self, caller: Caller, request: Request, version: str, api: str, parts: list[str]) -> Response:
        match api, parts:
            case "table", [name]:
                return self._table(caller, request, version, name)
            case "table", [name, sys_id]:
                return self._record(caller, request, name, sys_id)
            case "attachment", _:
                return self.attachments.answer(caller, parts, request)
            case "batch", []:
                switches = self.instance.switches
                return batch(
                    request,
                    lambda inner: self._item(caller, inner),
                    serves=switches.batch_serves,
                    begun_is_done=switches.batch_begun_is_done,
                )
            case _:
                raise no_resource()

    def _table(self, caller: Caller, request: Request, version: str, name: str) -> Response:
        table = read.table_named(self.instance, name)
        match request.method:
            case "GET":
                return read.read_list(self.instance, caller, table, request, version)
            case "POST":
                return write.create(self.instance, caller, table, request)
            case _:
                raise wrong_method()

    def _record(self, caller: Caller, request: Request, name: str, sys_id: str) -> Response:
        table = read.table_named(self.instance, name)
        match request.method:
            case "GET":
                return read.read_one(self.instance, caller, table, sys_id, request)
            case "PUT" | "PATCH":
                return write.update(self.instance, caller, table, sys_id, request)
            case "DELETE":
                return write.delete(self.instance, caller, table, sys_id)
            case _:
                raise wrong_method()

    def _item(self, caller: Caller, request: Request) -> Response:
        """One item of a batch; a batch in a batch is no resource."""
        try:
            if _named(request.path)[1] == "batch":
                raise no_resource()
            return self._routed(caller, _overridden(request), item=True)
        except Refusal as refusal:
            return refusal.response


def _named(path: str) -> tuple[str, str, list[str]]:
    """Version ("" is the latest), API and what follows; raises 400 where the path names none."""
    parts = [unquote(part) for part in path.split("/") if part]
    if parts[:2] != ["api", "now"]:
        raise no_resource()
    rest = parts[2:]
    version = rest.pop(0) if rest and rest[0] in ("v1", "v2") else ""
    if not rest or rest[0] not in APIS:
        raise no_resource()
    return version, rest[0], rest[1:]


def _overridden(request: Request) -> Request:
    """`X-http-method-override` turns a POST into what it names."""
    method = request.headers.get("x-http-method-override", "").upper()
    return replace(request, method=method) if method and request.method == "POST" else request


def _check_headers(request: Request, api: str, *, always: bool) -> None:
    """Accept and Content-Type are required on writes; only JSON is spoken here."""
    accept = request.headers.get("accept", "")
    if request.method in WRITES and not accept:
        raise bad_request("Required header missing", "Accept")
    if accept and not any(kind in accept for kind in ("application/json", "*/*", "application/*")):
        raise Refusal(error(406, "Not acceptable", "Only application/json is supported"))
    if request.method not in WRITES or not (request.body or always):
        return
    kind = request.headers.get("content-type", "")
    if not kind:
        raise bad_request("Required header missing", "Content-Type")
    if api != "attachment" and "json" not in kind:
        raise Refusal(error(415, "Unsupported Media Type", "Only application/json is supported"))
