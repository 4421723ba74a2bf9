"""What people see in a field: labels, names, local times; what an empty one shows (§3.2, §3.5)."""

from datetime import timedelta, tzinfo

from connectors.sandbox.servicenow.instance import Instance
from connectors.sandbox.servicenow.records import dates, variables
from connectors.sandbox.servicenow.records.schema import DATES, Field
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.records.variables import Answer

REFERENCE = "8"
DATE_TIME = "10"


def shown(instance: Instance, record: Record, field: Field, where: tzinfo) -> str | None:
    """The display value of one field. None is what a date without a value has, JSON's null."""
    value = record.values[field.name]
    if field.kind == "journal":
        return journal(instance, record, field.name, where) if instance.switches.journals_in_display else ""
    if not value:
        return _nothing(field)
    if field.kind == "reference":
        return name_of(instance, field.table, value)
    if field.kind in DATES:
        return dates.shown(value, where)
    if field.kind == "duration":
        return _duration(value)
    return "********" if field.kind == "masked" else label(instance, record.table, field, value)


def label(instance: Instance, table: str, field: Field, value: str) -> str:
    """A choice's label, as this instance calls it; any other value stands for itself."""
    renamed = instance.switches.choice_labels.get((table, field.name, value))
    if renamed is not None:
        return renamed
    if field.name == "sys_class_name" and value in instance.schema.tables:
        return instance.schema.tables[value].label
    return field.choices.get(value, value)


def name_of(instance: Instance, table: str, sys_id: str) -> str:
    """The record a reference points at, by its display field; nothing where there is none."""
    if sys_id == "global":  # sys_domain points at no record
        return "global"
    record = instance.store.find(table, sys_id)
    return "" if record is None else record.values[instance.schema.tables[record.table].display]


def answer_shown(instance: Instance, answer: Answer, where: tzinfo) -> str:
    """The display value of an answer in the form."""
    kind, value = answer.question.values["type"], answer.value
    if kind == REFERENCE:
        return name_of(instance, answer.question.values["reference"], value)
    if kind == DATE_TIME and value:
        return dates.shown(value, where)
    return variables.choice_text(instance.store, answer)


def journal(instance: Instance, record: Record, element: str, where: tzinfo) -> str:
    """All entries of one journal field, the newest first, joined by blank lines (§1.4)."""
    elements = ("comments", "work_notes") if element == "comments_and_work_notes" else (element,)
    entries = [
        entry.values
        for entry in instance.store.having("sys_journal_field", "element_id", (record.sys_id,))
        if entry.values["element"] in elements
    ]
    return "".join(
        f"{dates.shown(entry['sys_created_on'], where)} - {entry['sys_created_by']} ({entry['element']})\n"
        f"{entry['value']}\n\n"
        for entry in reversed(entries)
    )


def _nothing(field: Field) -> str | None:
    if field.kind == "due_date":
        return "UNKNOWN"
    return None if field.kind == "datetime" else ""


def _duration(value: str) -> str:
    """An offset from 1970 in words: "1970-01-01 00:00:06" is "6 Seconds"."""
    span = dates.moment(value) - dates.moment("1970-01-01 00:00:00")
    units = (("Day", timedelta(days=1)), ("Hour", timedelta(hours=1)), ("Minute", timedelta(minutes=1)))
    for word, unit in units:
        if span >= unit:
            count = span // unit
            return f"{count} {word}{'s' if count != 1 else ''}"
    return f"{span.seconds} Second{'s' if span.seconds != 1 else ''}"
