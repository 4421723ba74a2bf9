"""Attachment API: list, describe, upload, download, delete (what pysnc and others use of it)."""

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.access import acl
from connectors.sandbox.servicenow.api.read import read_list, record_of, shaped, table_named
from connectors.sandbox.servicenow.api.write import delete, hand
from connectors.sandbox.servicenow.business import commit
from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.replies import acl_exception, bad_request, no_resource, wrong_method

TABLE = "sys_attachment"


class Attachments:
    """The files of one instance; what is known about them is in sys_attachment."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._files: dict[str, bytes] = {}

    def answer(self, caller: Caller, parts: list[str], request: Request) -> Response:
        """`parts` is the path after /attachment."""
        match request.method, parts:
            case "GET", []:
                return read_list(self._instance, caller, table_named(self._instance, TABLE), request, "")
            case "GET", [sys_id]:
                return self._described(caller, self._record(caller, sys_id), request, 200)
            case "GET", [sys_id, "file"]:
                return self._file(self._record(caller, sys_id))
            case "POST", ["file"]:
                return self._uploaded(caller, request)
            case "DELETE", [sys_id]:
                return delete(self._instance, caller, table_named(self._instance, TABLE), sys_id)
            case _, [] | [_] | [_, "file"]:
                raise wrong_method()
            case _:
                raise no_resource()

    def _record(self, caller: Caller, sys_id: str) -> Record:
        return record_of(self._instance, caller, table_named(self._instance, TABLE), sys_id)

    def _described(self, caller: Caller, record: Record, request: Request, status: int) -> Response:
        found = shaped(self._instance, caller, record, request)
        link = f"{self._instance.switches.instance_url}/api/now/v1/attachment/{record.sys_id}/file"
        return Response.json(status, {"result": {**found, "download_link": link}}, {"Location": link})

    def _file(self, record: Record) -> Response:
        return Response(200, self._files[record.sys_id], {"Content-Type": record.values["content_type"]})

    def _uploaded(self, caller: Caller, request: Request) -> Response:
        if not acl.may(caller, table_named(self._instance, TABLE), "create"):
            raise acl_exception("Insert")
        values = {
            "file_name": request.parameter("file_name"),
            "table_name": request.parameter("table_name"),
            "table_sys_id": request.parameter("table_sys_id"),
        }
        if not all(values.values()):
            raise bad_request("Missing required parameter", "file_name, table_name and table_sys_id are required")
        known = {"content_type": request.headers["content-type"], "size_bytes": str(len(request.body))}
        record = commit.insert(self._instance, hand(self._instance, caller), TABLE, {**values, **known})
        self._files[record.sys_id] = request.body
        return self._described(caller, record, request, 201)
