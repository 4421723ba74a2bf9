"""Fills a new instance from catalogue.toml: items and their questions, groups, roles, accounts."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from connectors.sandbox.servicenow.acts import people
from connectors.sandbox.servicenow.business import commit
from connectors.sandbox.servicenow.instance import Hand, Instance


def open_instance(instance: Instance) -> None:
    """Write all rows; the same seed gives the same sys_ids."""
    source = tomllib.loads(files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))
    hand = people.system(instance)
    for name in source["roles"]:
        commit.insert(instance, hand, "sys_user_role", {"name": name})
    for name in source["groups"]:
        people.add_group(instance, name, ())
    for account in source["account"]:
        _account(instance, account)
    for item in source["item"]:
        _item(instance, hand, item)


def _account(instance: Instance, account: Mapping[str, Any]) -> None:
    fields = {name: value for name, value in account.items() if name not in ("roles", "groups")}
    people.add_user(instance, fields, groups=account.get("groups", ()), roles=account["roles"])


def _item(instance: Instance, hand: Hand, item: Mapping[str, Any]) -> None:
    group = people.group_named(instance, item["group"]).sys_id
    row = {"sys_id": item["sys_id"], "name": item["name"], "short_description": item["task"], "group": group}
    commit.insert(instance, hand, "sc_cat_item", row)
    for order, variable in enumerate(item["variable"], start=1):
        question = commit.insert(
            instance,
            hand,
            "item_option_new",
            {
                "name": variable["name"],
                "question_text": variable["question"],
                "type": variable["type"],
                "cat_item": item["sys_id"],
                "order": str(order * 100),
            },
        )
        for place, choice in enumerate(variable.get("choices", ())):
            values = {"question": question.sys_id, "text": choice, "value": choice, "order": str(place)}
            commit.insert(instance, hand, "question_choice", values)
