"""Table API: POST, PUT, PATCH, DELETE (ServiceNow facts §3)."""

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.access import acl
from connectors.sandbox.servicenow.api.body import Intake, read_body
from connectors.sandbox.servicenow.api.parameters import parameters
from connectors.sandbox.servicenow.api.read import record_of, shaped
from connectors.sandbox.servicenow.business import commit
from connectors.sandbox.servicenow.instance import Caller, Hand, Instance
from connectors.sandbox.servicenow.records.schema import Table
from connectors.sandbox.servicenow.replies import acl_exception, operation_failed


def create(instance: Instance, caller: Caller, table: Table, request: Request) -> Response:
    """201 with the whole record and its address. The body may choose the sys_id."""
    if not acl.may(caller, table, "create"):
        raise acl_exception("Insert")
    intake = Intake(instance, caller, table, parameters(request).input_display_value)
    taken = intake.taken(read_body(request.body))
    if instance.store.find(table.name, taken.values.get("sys_id", "")):
        raise operation_failed("Unique Key violation detected by database")
    record = commit.insert(instance, hand(instance, caller), table.name, taken.values, taken.entries)
    where = f"{instance.switches.instance_url}/api/now/table/{table.name}/{record.sys_id}"
    body = {"result": shaped(instance, caller, record, request)}
    return _answer(request, Response.json(201, body, {"Location": where}))


def update(instance: Instance, caller: Caller, table: Table, sys_id: str, request: Request) -> Response:
    """200 with the record as it is after all rules; PUT and PATCH do the same (§3.7)."""
    record = record_of(instance, caller, table, sys_id)
    own = instance.schema.tables[record.table]
    if not acl.may(caller, own, "write"):
        raise acl_exception("Update")
    taken = Intake(instance, caller, own, parameters(request).input_display_value).taken(read_body(request.body))
    values = {name: value for name, value in taken.values.items() if name != "sys_id"}
    commit.update(instance, hand(instance, caller), record, values, taken.entries)
    return _answer(request, Response.json(200, {"result": shaped(instance, caller, record, request)}))


def delete(instance: Instance, caller: Caller, table: Table, sys_id: str) -> Response:
    """204."""
    record = record_of(instance, caller, table, sys_id)
    if not acl.may(caller, instance.schema.tables[record.table], "delete"):
        raise acl_exception("Delete")
    instance.store.remove(record)
    return Response(204)


def hand(instance: Instance, caller: Caller) -> Hand:
    """The caller as author of a write, now."""
    return Hand(caller.user.sys_id, caller.user_name, instance.now())


def _answer(request: Request, response: Response) -> Response:
    """`X-no-response-body` leaves status and headers."""
    if request.headers.get("x-no-response-body", "").lower() != "true":
        return response
    kept = {name: value for name, value in response.headers.items() if name == "Location"}
    return Response(response.status, b"", kept)
