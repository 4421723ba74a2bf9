"""A record as JSON: raw values, display values or both, references as objects (ServiceNow facts §3.2, §3.5)."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from connectors.sandbox.servicenow.access.acl import readable
from connectors.sandbox.servicenow.api.parameters import Parameters
from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.records import display
from connectors.sandbox.servicenow.records.schema import Field
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.records.walk import Path, resolve

Cell = Any  # a text, or an object of texts
ABSENT: Final = object()
REFERENCE: Final = "8"


class Shape:
    """Turns records of one table into what a caller asked for; made once for a whole list."""

    def __init__(self, instance: Instance, caller: Caller, table: str, asked: Parameters) -> None:
        self._instance = instance
        self._caller = caller
        self._asked = asked
        self._paths = self._resolved(table, asked.fields) if asked.fields else None

    def row(self, record: Record) -> dict[str, Cell]:
        """Fields that don't exist, that the caller may not read, or that this form doesn't have are left out."""
        paths = self._paths
        if paths is None:
            paths = self._resolved(record.table, self._instance.schema.tables[record.table].fields)
        cells = ((name, self._cell(record, path)) for name, path in paths)
        return {name: cell for name, cell in cells if cell is not ABSENT}

    def _resolved(self, table: str, names: Iterable[str]) -> list[tuple[str, Path]]:
        found = ((name, resolve(self._instance.schema, table, name)) for name in names)
        return [(name, path) for name, path in found if path is not None and not self._is_hidden(path)]

    def _is_hidden(self, path: Path) -> bool:
        switches = self._instance.switches
        if path.field is None:
            return path.variable in switches.hidden_variables
        return not path.hops and f"{path.table}.{path.field.name}" in switches.hidden_fields

    def _cell(self, record: Record, path: Path) -> Cell:
        if path.field is None:
            return self._variable(record, path)
        end = path.end(self._instance.store, record) if path.hops else record
        if end is None or (path.hops and not self._may_walk(end, path)):
            return self._written("", "", lambda: "")
        value = "" if path.field.kind == "journal" else end.values[path.field.name]
        return self._written(value, path.field.table, self._shown(end, path.field))

    def _may_walk(self, end: Record, path: Path) -> bool:
        """Dot-walked values behind an ACL come empty, their keys stay (§2.3)."""
        full = f"{path.table}.{path.field.name}" if path.field else ""
        if full in self._instance.switches.hidden_fields:
            return False
        return readable(self._instance, self._caller, end)

    def _shown(self, end: Record, field: Field) -> Callable[[], str | None]:
        return lambda: display.shown(self._instance, end, field, self._caller.zone)

    def _variable(self, record: Record, path: Path) -> Cell:
        found = path.answer(self._instance.store, record)
        if found is None or not readable(self._instance, self._caller, found.option):
            return ABSENT
        question = found.question.values
        table = question["reference"] if question["type"] == REFERENCE else ""
        return self._written(found.value, table, lambda: display.answer_shown(self._instance, found, self._caller.zone))

    def _written(self, value: str, table: str, shown: Callable[[], str | None]) -> Cell:
        """One cell in the form asked for; `table` is where a reference points."""
        link = self._link(table, value) if table and value and self._asked.reference_links else ""
        match self._asked.display:
            case "false":
                return {"link": link, "value": value} if link else value
            case "true":
                return {"display_value": shown(), "link": link} if link else shown()
            case "all":
                cell = {"display_value": shown(), "value": value}
                return {**cell, "link": link} if link else cell

    def _link(self, table: str, sys_id: str) -> str:
        return f"{self._instance.switches.instance_url}/api/now/table/{table}/{sys_id}"
