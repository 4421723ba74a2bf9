"""A Duo that answers reads from plain values: the real connector and the real duo_client run down to the wire."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.duo import transport
from connectors.duo.model import Group, Phone, User
from connectors.errors import Refused
from connectors.gate import free
from connectors.secret import Secret


class DuoOfValues(transport.Admin):
    """`calls` names every request in order. A phone read by itself names the users that have its id."""

    def __init__(
        self,
        users: Sequence[User] = (),
        *,
        phones: Sequence[Phone] = (),
        groups: Sequence[Group] = (),
        new_users: Mapping[str, str] | None = None,
    ) -> None:
        """`phones` are those of nobody, `new_users` says by application how people without a device are treated."""
        stop = threading.Event()
        super().__init__(
            "duo.invalid",
            443,
            integration_key="DITEST",
            secret_key=Secret("key"),
            ca_file="",
            timeout=timedelta(seconds=1),
            gate=free,
            stop=stop,
        )
        self.users = tuple(users)
        self.phones = (*_phones_of(users), *phones)
        self.groups = tuple(groups)
        self.new_users = dict(new_users or {})
        self.calls: list[str] = []

    def _make_request(
        self, method: str, uri: str, body: str | None, headers: Mapping[bytes, bytes]
    ) -> tuple[transport.Response, bytes]:
        assert not body, "a read has no body"
        assert headers, "every request is signed"
        asked = urlsplit(uri)
        query = dict(parse_qsl(asked.query))
        self.calls.append(f"{method} {asked.path}")
        answer = {"stat": "OK", "response": self._answer(asked.path, query)}
        return transport.Response(200, "OK", timedelta()), json.dumps(answer).encode()

    def _answer(self, path: str, query: Mapping[str, str]) -> Any:
        match path.strip("/").split("/"):
            case ["admin", "v1", "users"]:
                return [_user(user) for user in self.users if _is_asked_for(user, query)]
            case ["admin", "v1", "phones"]:
                return [_phone_alone(phone) for phone in self.phones if phone.number == query["number"]]
            case ["admin", "v1", "phones", phone_id]:
                return self._phone_with_id(phone_id)
            case ["admin", "v1", "groups"]:
                return [
                    {"group_id": group.group_id, "name": group.name, "status": group.status} for group in self.groups
                ]
            case ["admin", "v2", "policies", "calculate"]:
                behavior = self.new_users[query["integration_key"]]
                return {"sections": {"new_user": {"new_user_behavior": behavior}}}
            case _:
                raise AssertionError(f"nothing here asks Duo for {path}")

    def _phone_with_id(self, phone_id: str) -> dict[str, Any]:
        found = [phone for phone in self.phones if phone.phone_id == phone_id]
        if not found:
            raise Refused("duo", "40401", "40401: Resource not found")
        return _phone_alone(found[0])


def _phones_of(users: Sequence[User]) -> Sequence[Phone]:
    """Each phone once, with everybody who has it."""
    phones = {phone.phone_id: phone for user in users for phone in user.phones}
    return [
        replace(phone, user_ids=tuple(user.user_id for user in users if _has(user, phone))) for phone in phones.values()
    ]


def _has(user: User, phone: Phone) -> bool:
    return any(own.phone_id == phone.phone_id for own in user.phones)


def _phone_alone(phone: Phone) -> dict[str, Any]:
    return {**_phone(phone), "users": [{"user_id": user_id} for user_id in phone.user_ids]}


def _is_asked_for(user: User, query: Mapping[str, str]) -> bool:
    if "email" in query:
        return user.email.casefold() == query["email"].casefold()
    return query["username"].casefold() in {name.casefold() for name in (user.username, *user.aliases)}


def _user(user: User) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "username": user.username,
        "aliases": {f"alias{n}": alias for n, alias in enumerate(user.aliases, 1)},
        "email": user.email,
        "firstname": user.first_name,
        "status": user.status,
        "last_login": _seconds(user.last_login),
        "created": _seconds(user.created),
        "groups": [{"group_id": group.group_id, "name": group.name} for group in user.groups],
        "phones": [_phone(phone) for phone in user.phones],
        "webauthncredentials": [{"webauthnkey": each.webauthnkey} for each in user.webauthn_credentials],
        "tokens": [{"token_id": token_id} for token_id in user.token_ids],
    }


def _phone(phone: Phone) -> dict[str, Any]:
    return {
        "phone_id": phone.phone_id,
        "number": phone.number,
        "type": phone.type.capitalize(),
        "platform": phone.platform.title(),
        "activated": phone.activated,
        "capabilities": list(phone.capabilities),
        "last_seen": phone.last_seen,
    }


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
