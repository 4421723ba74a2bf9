"""A worker at a help site where every answer and name is an attack: what goes out is what it meant to send."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest

from connectors.sandbox.people import DISTRICT, KINDS, Person
from connectors.sandbox.servicenow.acts.filing import Filed
from connectors.sandbox.servicenow.query.parse import AllOf, AnyOf, Node, Term, parse
from tests import counted
from tests.injection.hostile import HOSTILE
from tests.injection.test_seams import HEADERS, Parsed
from tests.rig import DUO_MOBILE, SECURITY_KEY, UNHURRIED, Rig, running
from worker.ledger import requests

CARRIED: Final = {name: text for name, text in HOSTILE.items() if "\ud83d" not in text}
"""Half a character can't be put into UTF-8, so no help site can send it."""

FOUND_AGAIN: Final = tuple(text.strip() for text in CARRIED.values() if 5 < len(text.strip()) < 1000)
ANSWERS: Final = ("device_type", "mobile_number", "phone_os", "preferred_method")
NOTES: Final = ("comments", "work_notes")
FIELDS: Final = ("first_name", "last_name", "name", "email", "mobile_phone", "u_personal_email", "u_hr_phone")
CHANGES: Final[dict[str, dict[str, Any]]] = {
    "duo": {**UNHURRIED["duo"], "create_users": True},
    "policy": {"codes_per_hour": 1000, "phones_per_hour": 1000},
}
NOTICES: Final = "duo-notices@example.edu"
BATCH: Final = 50
PATHS: Final = {
    "servicenow": re.compile(r"/oauth_token\.do|/api/now/table/[a-z_]+(/[0-9a-f]{32})?"),
    "duo": re.compile(r"/admin/v[123]/[a-z_]+(/(D[A-Z0-9]{19}|[a-z_]+))*"),
    "password_pusher": re.compile(r"/api/v2/(pushes(/active|/[a-z0-9_-]+(/audit)?)?|version)", re.IGNORECASE),
    "mail": re.compile(r".*"),
}
PATCHED: Final = {"state", "comments", "work_notes", "assigned_to", "assignment_group", "u_passphrase"}
ASKED: Final = {
    "servicenow": {
        "query",
        "fields",
        "limit",
        "offset",
        "view",
        "display_value",
        "exclude_reference_link",
        "input_display_value",
        "suppress_pagination_header",
    },
    "duo": {
        "username",
        "email",
        "number",
        "limit",
        "offset",
        "mintime",
        "maxtime",
        "sort",
        "user_id",
        "integration_key",
    },
}


@dataclass
class Attacked:
    """A rig, all attacks and the people behind them, after some passes."""

    rig: Rig
    attacks: dict[str, tuple[Filed, Person]]


@pytest.fixture(scope="module", params=[5, pytest.param(1, marks=pytest.mark.long)], ids=["a fifth", "all"])
def attacked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Attacked]:
    with running(tmp_path_factory.mktemp("attacked"), CHANGES) as rig:
        chosen = islice(_attacks(rig), 0, None, request.param)
        attacks: dict[str, tuple[Filed, Person]] = {}
        for place, (name, attack) in enumerate(chosen):
            attacks[name] = attack(place)
            if place % BATCH == BATCH - 1:
                _pass(rig)
        _pass(rig)
        counted.tried("bad inputs", len(attacks))
        yield Attacked(rig, attacks)


def test_every_request_is_at_a_rest_for_a_known_reason(attacked: Attacked) -> None:
    states = Counter[str]()
    for name, (filed, _) in attacked.attacks.items():
        request = attacked.rig.request(filed)
        states[f"{request.state}"] += 1
        waits = request.state == "new" and request.waits_for
        if request.state not in ("awaiting", "held", "refused") and not waits:
            counted.found("lost")
            pytest.fail(
                f"{name}: {request.state} {request.trouble!r}, waits for {request.waits_for!r}, due {request.due_at}"
            )
    assert states["awaiting"] > 0
    assert states["held"] > 0


def test_no_query_and_no_path_holds_what_was_typed(attacked: Attacked) -> None:
    for call in attacked.rig.sandbox.calls:
        assert PATHS[call.system].fullmatch(call.path), call.path[:200]
        if call.system not in ASKED or "oauth" in call.path:
            continue
        assert {name.removeprefix("sysparm_") for name, _ in call.query} <= ASKED[call.system], call.query
        if call.system == "servicenow":
            asked = " ".join(value for _, value in call.query)
            assert [text for text in FOUND_AGAIN if text in asked] == []
            for term in terms(parse(dict(call.query).get("sysparm_query", "")).where):
                assert term.field or not term.value
        else:
            for name, value in call.query:
                assert value.isprintable(), name


def test_a_write_to_a_ticket_sets_nothing_but_what_a_moment_sets(attacked: Attacked) -> None:
    patches = attacked.rig.sandbox.calls.select("servicenow", "PATCH")
    assert patches
    for call in patches:
        sent = json.loads(call.body)
        assert sent.keys() <= PATCHED
        for name in ("comments", "work_notes"):
            said = re.sub(r"\[duo-worker [0-9a-f]{20}\]\s*\Z", "", sent.get(name, ""))
            assert not set(said) & set("[]{}"), said
            assert all(each == "\n" or each.isprintable() for each in said)
            assert "<script" not in said
            assert len(said) < 10_000


def test_what_is_sent_to_duo_is_one_value_a_parameter(attacked: Attacked) -> None:
    writes = attacked.rig.sandbox.calls.writes("duo")
    assert writes
    known = {
        "username", "email", "firstname", "lastname", "count", "valid_secs", "reuse_count", "preserve_existing",
        "number", "type", "platform", "phone_id", "install", "activation_msg", "installation_msg", "codes", "aliases",
    }  # fmt: skip
    for call in writes:
        text = call.body.decode()
        sent = json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
        assert sent.keys() <= known, sent.keys()
        assert all(str(value).isprintable() for value in sent.values())


def test_a_mail_goes_to_its_person_alone_with_no_header_or_element_of_theirs(attacked: Attacked) -> None:
    messages = attacked.rig.sandbox.mail.messages
    assert messages
    addresses = {NOTICES} | {
        address for _, one in attacked.attacks.values() for address in (one.email, one.personal_email)
    }
    shapes = set[tuple[str, ...]]()
    for mail in messages:
        assert len(mail.recipients) == 1
        assert set(mail.recipients) <= addresses
        assert set(mail.message.keys()) - {"Content-Transfer-Encoding"} == HEADERS
        assert [text for text in FOUND_AGAIN if text in mail.plain] == []
        parser = Parsed()
        parser.feed(mail.html)
        shapes.add(tuple(name for name, _ in parser.tags))
        links = {dict(attributes).get("href") or "" for _, attributes in parser.tags}
        assert not any("evil" in link for link in links)
        assert not any(name.startswith("on") for _, attributes in parser.tags for name in attributes)
    assert not any("script" in shape for shape in shapes)


def test_a_push_holds_a_code_and_nothing_that_was_typed(attacked: Attacked) -> None:
    pushes = attacked.rig.sandbox.calls.select("password_pusher", "POST")
    assert pushes
    for call in pushes:
        sent = json.loads(call.body)["push"]
        assert re.fullmatch(r"[0-9]{6,12}", sent["payload"])
        told = f"{sent['name']} {sent['note']}"
        assert told.isprintable()
        assert [text for text in FOUND_AGAIN if text in told] == []


def test_a_note_that_only_a_desk_may_write_does_nothing_in_anybody_elses_hand(attacked: Attacked) -> None:
    noted = [filed for name, (filed, _) in attacked.attacks.items() if name.startswith(NOTES)]
    assert noted
    for filed in noted:
        assert attacked.rig.request(filed).rule_row == "identity-check"


def test_a_megabyte_that_was_typed_is_not_kept(attacked: Attacked) -> None:
    with attacked.rig.shop.ledger.reading() as connection:
        for filed, _ in attacked.attacks.values():
            request = requests.by_ticket(connection, "servicenow", filed.task.sys_id)
            assert request is not None
            assert len(request.facts or b"") < 50_000
            assert len(request.user_name) + len(request.because) + len(request.trouble) < 5_000


def _pass(rig: Rig) -> None:
    """One pass, in a minute of its own: the stand-ins count calls a minute."""
    rig.sandbox.duo.limits.clear()
    rig.clock.pass_(timedelta(minutes=1))
    rig.once()


Attack = Callable[[int], tuple[Filed, Person]]


def _attacks(rig: Rig) -> Iterator[tuple[str, Attack]]:
    """Every attack in every place, each by a person of its own."""
    for name, text in CARRIED.items():
        for place in ANSWERS:
            yield f"{place} {name}", partial(_answered, rig, place, text)
        for place in FIELDS:
            yield f"{place} {name}", partial(_called, rig, place, text)
        yield f"user_name {name}", partial(_known_as, rig, text)
        for place in NOTES:
            yield f"{place} {name}", partial(_noted, rig, place, text)


def _answered(rig: Rig, answer: str, text: str, place: int) -> tuple[Filed, Person]:
    person = _person(rig, place, "no_phone" if answer == "mobile_number" else "never_activated")
    return _filed(rig, person, **{answer: text})


def _called(rig: Rig, field: str, text: str, place: int) -> tuple[Filed, Person]:
    person = _person(rig, place, "personal_address")
    rig.sandbox.servicenow.set_user(person.user_name, **{field: text})
    return _filed(rig, person, device_type=SECURITY_KEY)


def _known_as(rig: Rig, text: str, place: int) -> tuple[Filed, Person]:
    return _filed(rig, _person(rig, place, "personal_address", user_name=text), device_type=SECURITY_KEY)


def _noted(rig: Rig, kind: str, text: str, place: int) -> tuple[Filed, Person]:
    person = _person(rig, place, "never_logged_in")
    filed, _ = _filed(rig, person, preferred_method="bypass_code")
    write = rig.sandbox.servicenow.comment if kind == "comments" else rig.sandbox.servicenow.work_note
    write(filed.task.number, person.user_name, text)
    return filed, person


def _person(rig: Rig, place: int, kind: str, user_name: str = "") -> Person:
    """Somebody new; whoever's user name is the attack isn't in Duo yet."""
    name = user_name or f"attacker{place:04}"
    personal = f"attacker{place}@mail.example.net" if kind == "personal_address" else ""
    person = Person(name, "At", "Tacker", f"attacker{place}@{DISTRICT}", personal, f"+1480{5550000 + place}")
    person = replace(person, duo=None if user_name else KINDS[kind](person))
    rig.sandbox.servicenow.add_person(person)
    rig.sandbox.duo.add_person(person)
    return person


def _filed(rig: Rig, person: Person, **answers: str) -> tuple[Filed, Person]:
    form = {"device_type": DUO_MOBILE, "mobile_number": "", "phone_os": "iPhone", "preferred_method": ""}
    return rig.sandbox.servicenow.file_request(person, {**form, **answers}), person


def terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from terms(part)
