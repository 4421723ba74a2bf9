"""What of a request's JSON body a table takes; the rest is dropped without a word (ServiceNow facts §3.6, §3.7)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.query.compare import typed
from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.schema import Field, Table
from connectors.sandbox.servicenow.replies import bad_request

COMPUTED: Final = frozenset(
    {"sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by", "sys_mod_count", "sys_class_name"}
)


@dataclass(frozen=True)
class Taken:
    """Values for fields and texts for journals."""

    values: dict[str, str]
    entries: tuple[tuple[str, str], ...]


def read_body(body: bytes) -> Mapping[str, Any]:
    """The object to write. Of several records only the first is used (§3.1)."""
    try:
        value = json.loads(body or b"{}")
    except ValueError as problem:
        raise bad_request("Exception while reading request", "The payload is not valid JSON") from problem
    if isinstance(value, dict) and isinstance(value.get("records"), list):
        value = value["records"]
    if isinstance(value, list):
        value = value[0] if value else {}
    if not isinstance(value, dict):
        raise bad_request("Exception while reading request", "The payload is no object")
    return value


@dataclass(frozen=True)
class Intake:
    """Takes bodies for one table. `labels`: values are display values, dates in the caller's zone."""

    instance: Instance
    caller: Caller
    table: Table
    labels: bool

    def taken(self, body: Mapping[str, Any]) -> Taken:
        """Unknown, computed and unwritable fields, and values that a field can't hold, are left out."""
        values: dict[str, str] = {}
        entries: list[tuple[str, str]] = []
        for name, raw in body.items():
            field, text = self._writable(name), self._text(raw)
            if field is None or text is None:
                continue
            if field.kind == "journal":
                entries += [(name, text)] if text and name != "comments_and_work_notes" else []
            elif (kept := self._kept(field, text)) is not None:
                values[name] = kept
        return Taken(values, tuple(entries))

    def _writable(self, name: str) -> Field | None:
        field = self.table.fields.get(name)
        if field is None or name in COMPUTED or field.kind == "masked":
            return None
        return None if f"{self.table.name}.{name}" in self.instance.switches.unwritable_fields else field

    def _text(self, raw: Any) -> str | None:
        """As text; an object is taken by its value, as answers carry them."""
        if isinstance(raw, dict):
            raw = raw.get("display_value" if self.labels else "value", "")
        if raw is None:
            return "" if self.instance.switches.null_clears else None
        if isinstance(raw, bool):
            return str(raw).lower()
        return str(raw)

    def _kept(self, field: Field, text: str) -> str | None:
        """As the field keeps it, or None where it can't. An empty text clears every field but a choice (§3.7)."""
        if field.choices:
            return self._choice(field, text) if text else None
        if not text:
            return ""
        match field.kind:
            case "reference":
                return self._reference(field, text)
            case "datetime" | "due_date":
                return dates.entered(text, self.caller.zone if self.labels else UTC)
            case _:
                return typed(field, text)

    def _choice(self, field: Field, text: str) -> str | None:
        if self.labels:
            text = next((value for value, label in field.choices.items() if label == text), text)
        known = text in field.choices or self.instance.switches.allow_non_existing_choice
        return text if known else None

    def _reference(self, field: Field, text: str) -> str | None:
        store, table = self.instance.store, self.instance.schema.tables[field.table]
        if self.labels:
            named = (record for record in store.every(table.name) if record.values[table.display] == text)
            found = next(named, None)
            return None if found is None else found.sys_id
        return text if store.find(table.name, text) else None
