"""Rules that a customer added: business rules that abort, data policies with mandatory fields (§3.6)."""

from connectors.sandbox.servicenow.business.change import Change
from connectors.sandbox.servicenow.instance import Caller
from connectors.sandbox.servicenow.query.compile import Question
from connectors.sandbox.servicenow.query.parse import parse
from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.replies import operation_failed


def abort(change: Change) -> None:
    """403 with the rule's name; its own message to the user doesn't cross REST."""
    for rule in change.instance.switches.abort_rules:
        if rule.table == change.table.name and _holds(change, rule.when):
            raise operation_failed(
                f"Operation against file '{rule.table}' was aborted by Business Rule '{rule.name}^{rule.rule}'. "
                f"Business Rule Stack:{rule.name}"
            )


def data_policies(change: Change) -> None:
    """403 with the labels of what is missing."""
    for policy in change.instance.switches.data_policies:
        if policy.table != change.table.name or not _holds(change, policy.when):
            continue
        missing = [name for name in policy.mandatory if not _has(change, name)]
        if missing:
            labels = ", ".join(change.table.fields[name].label for name in missing)
            raise operation_failed(f"Data Policy Exception: The following fields are mandatory: {labels}")


def _has(change: Change, name: str) -> bool:
    return bool(change.values[name]) or any(element == name for element, _ in change.entries)


def _holds(change: Change, when: str) -> bool:
    """Whether the record as it would be fulfils an encoded query."""
    draft = Record(change.table.name, change.values)
    system = Caller(Record("sys_user", {"sys_id": "", "user_name": "system"}), frozenset(), dates.zone("UTC"))
    return bool(Question(change.instance, system, change.table.name).matching(parse(when).where, (draft,)))
