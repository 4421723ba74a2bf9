"""What a caller may see and change: by role from the tables' data, by switch for single tables, rows and fields."""

from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.query.compile import MATCHING
from connectors.sandbox.servicenow.query.parse import AllOf, AnyOf, Node, Query, Related, Term
from connectors.sandbox.servicenow.records.schema import Table
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.records.walk import resolve
from connectors.sandbox.servicenow.replies import insufficient_rights


def may(caller: Caller, table: Table, act: str) -> bool:
    """Whether the caller's roles allow read, create, write or delete; nobody writes a sealed table (§1.1)."""
    if table.sealed and act != "read":
        return False
    allowed = table.roles[act]
    return caller.is_admin or "*" in allowed or bool(allowed & caller.roles)


def readable(instance: Instance, caller: Caller, record: Record) -> bool:
    """Whether the caller sees this row."""
    switches = instance.switches
    if record.table in switches.hidden_tables or record.sys_id in switches.hidden_rows:
        return False
    return may(caller, instance.schema.tables[record.table], "read")


def check_query(instance: Instance, caller: Caller, table: Table, query: Query) -> None:
    """403 where a query names a field the caller may not ask by (§3.3, §1.3)."""
    if table.refuses and not may(caller, table, "read"):
        raise insufficient_rights()
    asked = [(term.field, term.operator) for term in _terms(query.where)]
    for name, operator in [*asked, *((order.field, "ORDERBY") for order in query.order)]:
        _check_field(instance, caller, table, name, operator)


def _check_field(instance: Instance, caller: Caller, table: Table, name: str, operator: str) -> None:
    path = resolve(instance.schema, table.name, name)
    if path is None or path.field is None:
        return
    full, switches = f"{path.table}.{path.field.name}", instance.switches
    if full in switches.hidden_fields:
        raise insufficient_rights()
    if full in switches.unsortable_fields and operator not in MATCHING:
        raise insufficient_rights()
    if path.field.name in instance.schema.tables[path.table].unqueryable and not caller.is_admin:
        raise insufficient_rights()


def _terms(node: Node) -> list[Term]:
    match node:
        case Term():
            return [node]
        case AllOf(parts) | AnyOf(parts):
            return [term for part in parts for term in _terms(part)]
        case Related():
            return []
