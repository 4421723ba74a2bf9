"""Carries one write through: rules before it, the write itself, its journal entries, rules after it.

A write that changes no field and adds no entry is none: it bumps nothing. Every other one bumps sys_mod_count and
sys_updated_on, whoever made it (ServiceNow facts §3.4).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from connectors.sandbox.servicenow.business import rules
from connectors.sandbox.servicenow.business.change import Change
from connectors.sandbox.servicenow.business.touching import bump
from connectors.sandbox.servicenow.instance import Hand, Instance
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.replies import Refusal

Entries = Sequence[tuple[str, str]]


def insert(instance: Instance, hand: Hand, table: str, values: Mapping[str, str], entries: Entries = ()) -> Record:
    """A new record. Raises `Refusal` where a rule refuses it."""
    known = instance.schema.tables[table]
    defaults = {name: field.default for name, field in known.fields.items()}
    stamps = {name: value for name, value in _created(hand).items() if name in known.fields}
    change = Change(instance, hand, known, None, {**defaults, **stamps, **values}, list(entries))
    for rule in rules.BEFORE:
        rule(change)
    record = instance.store.add(table, change.values)
    _finish(change, record)
    return record


def update(instance: Instance, hand: Hand, record: Record, values: Mapping[str, str], entries: Entries = ()) -> None:
    """Set fields of a record and append journal entries. Raises `Refusal` where a rule refuses it."""
    table = instance.schema.tables[record.table]
    change = Change(instance, hand, table, record, {**record.values, **values}, list(entries))
    for rule in rules.BEFORE:
        rule(change)
    altered = change.altered()
    if not altered and not change.entries:
        return
    change.record = Record(record.table, dict(record.values))
    instance.store.put(record, altered)
    bump(instance, hand, record)
    _finish(change, record)


def _finish(change: Change, record: Record) -> None:
    for element, text in change.entries:
        _append(change, record, element, text)
    for rule in rules.AFTER:
        for other, values in rule(change, record):
            with suppress(Refusal):  # a rule that refuses the other record doesn't undo this write
                update(change.instance, change.hand, other, values)


def _append(change: Change, record: Record, element: str, text: str) -> None:
    """One entry in a journal; its author is whoever writes (§1.4)."""
    change.instance.store.add(
        "sys_journal_field",
        {
            "element_id": record.sys_id,
            "element": element,
            "name": record.table,
            "value": text,
            "sys_created_on": change.hand.at,
            "sys_created_by": change.hand.user_name,
        },
    )


def _created(hand: Hand) -> dict[str, str]:
    return {
        "sys_created_on": hand.at,
        "sys_created_by": hand.user_name,
        "sys_updated_on": hand.at,
        "sys_updated_by": hand.user_name,
        "sys_mod_count": "0",
    }
