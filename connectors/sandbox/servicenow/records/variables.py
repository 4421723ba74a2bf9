"""The answers of a catalogue request: each has a row in sc_item_option_mtom and in sc_item_option (§1.1, §2.4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.sandbox.servicenow.records.store import Record, Store

MASKED = "25"


@dataclass(frozen=True)
class Answer:
    """One answer; `option` is the row that keeps it, `question` its item_option_new row."""

    option: Record
    question: Record

    @property
    def name(self) -> str:
        """The variable's name."""
        return self.question.values["name"]

    @property
    def value(self) -> str:
        """As kept: a choice's value, a reference's sys_id. A masked one doesn't come out (§2.3)."""
        return "" if self.question.values["type"] == MASKED else self.option.values["value"]


def answers(store: Store, item: Record) -> Iterator[Answer]:
    """All answers of one sc_req_item."""
    for link in store.having("sc_item_option_mtom", "request_item", (item.sys_id,)):
        option = store.find("sc_item_option", link.values["sc_item_option"])
        question = option and store.find("item_option_new", option.values["item_option_new"])
        if option and question:
            yield Answer(option, question)


def answer(store: Store, item: Record, name: str) -> Answer | None:
    """The one with this name; of two the later wins (§2.3)."""
    found = None
    for each in answers(store, item):
        if each.question.values["name"] == name:
            found = each
    return found


def choice_text(store: Store, found: Answer) -> str:
    """The label of a chosen value, or the value itself where the question has no such choice."""
    for choice in store.having("question_choice", "question", (found.question.sys_id,)):
        if choice.values["value"] == found.value:
            return choice.values["text"]
    return found.value
