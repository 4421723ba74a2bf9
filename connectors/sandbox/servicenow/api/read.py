"""Table API: GET of a list and of one record (ServiceNow facts §3)."""

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.servicenow.access import acl
from connectors.sandbox.servicenow.api import paging
from connectors.sandbox.servicenow.api.parameters import parameters
from connectors.sandbox.servicenow.api.shape import Shape
from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.query.find import find
from connectors.sandbox.servicenow.query.parse import parse
from connectors.sandbox.servicenow.records.schema import Table
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.replies import invalid_table, not_found


def table_named(instance: Instance, name: str) -> Table:
    """400 where there is none, whoever asks."""
    table = instance.schema.tables.get(name)
    if table is None:
        raise invalid_table(name)
    return table


def record_of(instance: Instance, caller: Caller, table: Table, sys_id: str) -> Record:
    """404 where there is none that the caller may see."""
    record = instance.store.find(table.name, sys_id)
    if record is None or not acl.readable(instance, caller, record):
        raise not_found()
    return record


def read_list(instance: Instance, caller: Caller, table: Table, request: Request, version: str) -> Response:
    """The page is cut first and then thinned by ACLs, so it may be short or empty while rows remain (§3.2)."""
    asked = parameters(request)
    query = parse(asked.query, double_caret_is_a_caret=instance.switches.double_caret_is_a_caret)
    acl.check_query(instance, caller, table, query)
    page, total = find(instance, caller, table.name, query, limit=asked.limit, offset=asked.offset)
    shape = Shape(instance, caller, table.name, asked)
    rows = [shape.row(record) for record in page if acl.readable(instance, caller, record)]
    headers = paging.headers(request, asked, total, instance.switches.instance_url)
    if version == "v1" and not rows:
        refusal = not_found().response
        return Response(refusal.status, refusal.body, {**refusal.headers, **headers})
    return Response.json(200, {"result": rows}, headers)


def read_one(instance: Instance, caller: Caller, table: Table, sys_id: str, request: Request) -> Response:
    """One record, or 404."""
    record = record_of(instance, caller, table, sys_id)
    return Response.json(200, {"result": shaped(instance, caller, record, request)})


def shaped(instance: Instance, caller: Caller, record: Record, request: Request) -> dict[str, object]:
    """A record as the request's parameters want it."""
    return Shape(instance, caller, record.table, parameters(request)).row(record)
