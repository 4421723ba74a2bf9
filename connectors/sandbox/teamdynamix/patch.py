"""JSON Patch as TeamDynamix takes it: attributes by id, no `test` (TeamDynamix facts §3.2), and the full edit."""

import re
from collections.abc import Mapping
from typing import Any, Final

from connectors.sandbox.teamdynamix.records import NOBODY, Refusal, Ticket
from connectors.sandbox.teamdynamix.search import moment
from connectors.sandbox.teamdynamix.site import Site

ATTRIBUTE: Final = re.compile(r"/attributes/([0-9]+)", re.IGNORECASE)
OPERATIONS: Final = ("add", "replace", "remove")


def patch(site: Site, ticket: Ticket, uid: str, operations: Any) -> None:
    """All of it or, at the first that can't be, nothing."""
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise Refusal(400, "The patch document is invalid.")
    for each in operations:
        if each.get("op") not in OPERATIONS:
            raise Refusal(400, f"The operation {each.get('op')} is not supported.")
    told = [_apply(site, ticket, uid, each) for each in operations]
    site.edited(ticket, uid, ", ".join(told))


def edit(site: Site, ticket: Ticket, uid: str, body: Mapping[str, Any]) -> None:
    """The full edit: whatever is left out is cleared."""
    ticket.title = str(body.get("Title") or "")
    ticket.description = str(body.get("Description") or "")
    ticket.responsible = body.get("ResponsibleUid") or NOBODY
    ticket.group = int(body.get("ResponsibleGroupID") or 0)
    ticket.attributes = {int(each["ID"]): str(each["Value"]) for each in body.get("Attributes") or ()}
    if body.get("StatusID") and int(body["StatusID"]) != ticket.status:
        site.move(ticket, uid, int(body["StatusID"]))
    site.edited(ticket, uid, "everything")


def _apply(site: Site, ticket: Ticket, uid: str, operation: Mapping[str, Any]) -> str:
    path, value = str(operation.get("path", "")), None if operation["op"] == "remove" else operation.get("value")
    if found := ATTRIBUTE.fullmatch(path):
        return _attribute(site, ticket, int(found[1]), value)
    match path.strip("/").casefold():
        case "statusid":
            return site.set_status(ticket, uid, int(value or 0))
        case "responsibleuid":
            return _responsible(site, ticket, str(value or NOBODY))
        case "responsiblegroupid":
            ticket.group = int(value or 0)
            return "responsible group"
        case "goesoffholddate":
            ticket.goes_off_hold = moment(str(value)) if value else None
            return "goes off hold date"
        case "title" | "description" as name:
            setattr(ticket, name, str(value or ""))
            return name
        case _:
            raise Refusal(400, f"The path {path} is invalid.")


def _responsible(site: Site, ticket: Ticket, uid: str) -> str:
    user = site.users.get(uid)
    if uid != NOBODY and (user is None or user.user_name in site.switches.unassignable):
        raise Refusal(400, "The responsible resource is invalid.")
    ticket.responsible = uid
    return "responsible resource"


def _attribute(site: Site, ticket: Ticket, attribute_id: int, value: object) -> str:
    known = site.apps[ticket.app].attribute(attribute_id)
    if known is None:
        raise Refusal(400, f"The attribute {attribute_id} is invalid.")
    if known.choices and value and str(value) not in {str(id_) for id_, _ in known.choices}:
        raise Refusal(400, f"The choice {value} is invalid.")
    ticket.attributes[attribute_id] = str(value or "")
    return known.label
