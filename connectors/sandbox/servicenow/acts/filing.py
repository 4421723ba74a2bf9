"""Filing a catalogue request as its form does: answers first, then item, request and task (ServiceNow facts §1.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.servicenow.acts import people
from connectors.sandbox.servicenow.business import commit
from connectors.sandbox.servicenow.instance import Hand, Instance
from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.store import Record

APPROVALS = ("not requested", "requested", "approved", "rejected")


@dataclass(frozen=True)
class Ref:
    """One record as people and as programs name it."""

    number: str
    sys_id: str


@dataclass(frozen=True)
class Filed:
    """What one filing made."""

    request: Ref
    item: Ref
    task: Ref


@dataclass(frozen=True)
class Form:
    """A filled-in form; `answers` are by the catalogue's own variable names, others are refused."""

    person: str
    opener: str
    answers: Mapping[str, str]
    approval: str
    item: str
    watch_list: str


def file_request(instance: Instance, form: Form, at: datetime | None) -> Filed:
    """One request with one item and one task. Raises KeyError or ValueError for what the catalogue doesn't have."""
    if form.approval not in APPROVALS:
        raise ValueError(f"{form.approval} is no approval state")
    cat_item = instance.store.find("sc_cat_item", form.item)
    if cat_item is None:
        raise KeyError(f"no catalogue item {form.item}")
    opener = people.hand_of(instance, form.opener)
    hand = opener if at is None else Hand(opener.user_id, opener.user_name, dates.stamp(at))
    person = people.user_named(instance, form.person)
    request_id, item_id = instance.store.new_id(), instance.store.new_id()
    _answers(instance, hand, form, item_id)
    shared = {"requested_for": person.sys_id, "opened_by": hand.user_id, "watch_list": form.watch_list}
    about = {"request": request_id, "cat_item": form.item, "short_description": cat_item.values["name"]}
    item = _item(instance, hand, form.approval, {**shared, **about, "sys_id": item_id})
    order = {**shared, "sys_id": request_id, "request_state": "submitted"}
    request = commit.insert(instance, hand, "sc_request", order)
    return Filed(_ref(request), _ref(item), add_task(instance, hand, item, cat_item.values["short_description"]))


def add_task(instance: Instance, hand: Hand, item: Record, short_description: str) -> Ref:
    """One more task for an item, in the group that fulfils it."""
    cat_item = instance.store.find("sc_cat_item", item.values["cat_item"])
    values = {
        "request_item": item.sys_id,
        "request": item.values["request"],
        "parent": item.sys_id,
        "watch_list": item.values["watch_list"],
        "short_description": short_description,
        "assignment_group": "" if cat_item is None else cat_item.values["group"],
    }
    return _ref(commit.insert(instance, hand, "sc_task", values))


def _answers(instance: Instance, hand: Hand, form: Form, item_id: str) -> None:
    """Every question of the form gets its two rows, unanswered ones with an empty value."""
    questions = tuple(instance.store.having("item_option_new", "cat_item", (form.item,)))
    unknown = set(form.answers) - {question.values["name"] for question in questions}
    if unknown:
        raise KeyError(f"the form has no {', '.join(sorted(unknown))}")
    for question in questions:
        value = form.answers.get(question.values["name"], "")
        option = {"item_option_new": question.sys_id, "value": value, "order": question.values["order"]}
        kept = commit.insert(instance, hand, "sc_item_option", option)
        link = {"request_item": item_id, "sc_item_option": kept.sys_id}
        commit.insert(instance, hand, "sc_item_option_mtom", link)


def _item(instance: Instance, hand: Hand, approval: str, values: Mapping[str, str]) -> Record:
    stage = "waiting_for_approval" if approval == "requested" else "fulfillment"
    return commit.insert(instance, hand, "sc_req_item", {**values, "approval": approval, "stage": stage})


def _ref(record: Record) -> Ref:
    return Ref(record.values["number"], record.sys_id)
