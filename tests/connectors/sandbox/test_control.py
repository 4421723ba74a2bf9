"""Playing people over HTTP: each act does what it says, and mistakes get a sentence."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from connectors.sandbox import control
from connectors.sandbox.acts import ACTS
from connectors.sandbox.messages import Request
from connectors.sandbox.world import Sandbox
from tests.connectors.sandbox.clock import Clock


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=Clock()) as sandbox:
        yield sandbox


class Player:
    """Asks one sandbox's control."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._control = control.Control(sandbox)

    def ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, Any]:
        path, _, query = target.partition("?")
        response = self._control.app(Request(method, path, query, body=body))
        return response.status, json.loads(response.body)

    def view(self, target: str) -> Any:
        status, shown = self.ask("GET", target)
        assert status == 200, shown
        return shown

    def act(self, act: str, /, **given: object) -> Any:
        status, shown = self.ask("POST", f"/acts/{act}", json.dumps(given).encode())
        assert status == 200, shown
        return shown["result"]

    def refused(self, act: str, /, **given: object) -> tuple[int, str]:
        status, shown = self.ask("POST", f"/acts/{act}", json.dumps(given).encode())
        return status, str(shown["error"])


@pytest.fixture
def player(sandbox: Sandbox) -> Player:
    return Player(sandbox)


@pytest.fixture
def ticket(player: Player, sandbox: Sandbox) -> str:
    filed = player.act(
        "file_request",
        person=sandbox.person("never_activated").user_name,
        answers={"device_type": "Duo Mobile", "phone_os": "Android"},
    )
    return str(filed["task"]["number"])


def test_the_list_of_acts_and_views_is_complete_and_says_what_each_does(player: Player) -> None:
    listed = player.view("/")
    assert set(listed["acts"]) == {f"POST /acts/{act.name}" for act in ACTS}
    assert all(act["does"].endswith(".") for act in listed["acts"].values())
    assert listed["acts"]["POST /acts/close"] == {
        "does": "Close the ticket: complete, incomplete or skipped.",
        "needs": ["ticket", "by"],
        "may": {"how": "complete"},
    }
    for view in listed["views"]:
        path = view.removeprefix("GET ")
        assert player.ask("GET", path)[0] == (404 if "NUMBER" in path else 200)


def test_a_request_is_filed_and_seen(player: Player, sandbox: Sandbox, ticket: str) -> None:
    seen = player.view(f"/tickets/{ticket}")
    assert seen["requested_for"] == seen["opened_by"] == sandbox.person("never_activated").user_name
    assert seen["variables"]["phone_os"] == "Android"


def test_a_request_for_somebody_else_with_approval(player: Player, sandbox: Sandbox) -> None:
    person = sandbox.person("no_phone").user_name
    filed = player.act("file_request", person=person, answers={}, opener="desk.dana", approval="requested")
    ticket = filed["task"]["number"]
    assert player.view(f"/tickets/{ticket}")["opened_by"] == "desk.dana"
    player.act("approve", ticket=ticket, approver="approver.ada")
    assert player.view(f"/tickets/{ticket}")["approval"] == "approved"
    player.act("reject", ticket=ticket, approver="approver.ada")
    assert player.view(f"/tickets/{ticket}")["approval"] == "rejected"


def test_a_password_reset_is_filed(player: Player, sandbox: Sandbox) -> None:
    person = sandbox.person("no_phone").user_name
    filed = player.act("file_request", person=person, answers={"reason": "forgotten"}, item="password reset")
    assert player.view(f"/tickets/{filed['task']['number']}")["variables"] == {"reason": "forgotten"}


def test_staff_and_requester_write_on_the_ticket(player: Player, ticket: str) -> None:
    player.act("comment", ticket=ticket, author="desk.dana", text="hello")
    player.act("work_note", ticket=ticket, author="identity.ines", text="#verified photo-id-video")
    seen = player.view(f"/tickets/{ticket}")
    assert (seen["comments"], seen["work_notes"]) == (["hello"], ["#verified photo-id-video"])


def test_a_ticket_is_assigned_edited_and_closed(player: Player, ticket: str) -> None:
    player.act("assign", ticket=ticket, user="technician.tom")
    player.act("edit_answer", ticket=ticket, name="phone_os", value="iPhone")
    player.act("close", ticket=ticket, by="technician.tom", how="incomplete")
    seen = player.view(f"/tickets/{ticket}")
    assert (seen["assigned_to"], seen["variables"]["phone_os"], seen["state"]) == ("technician.tom", "iPhone", "4")


def test_people_file_with_the_system_that_is_played() -> None:
    with Sandbox.start(clock=Clock(), tickets="teamdynamix") as sandbox:
        player, person = Player(sandbox), sandbox.person("never_activated").user_name
        filed = player.act("file_request", person=person, answers={"device_type": "Duo Mobile"}, approval="requested")
        number = filed["task"]["number"]
        player.act("approve", ticket=number, approver="approver.ada")
        player.act("work_note", ticket=number, author="identity.ines", text="#verified photo-id-video")
        player.act("edit_answer", ticket=number, name="phone_os", value="iPhone")
        player.act("assign", ticket=number, user="technician.tom")
        seen = player.view(f"/tickets/{number}")
        reset = player.act("file_request", person=person, answers={}, item="password reset")["task"]["number"]
        assert player.view(f"/tickets/{reset}")["requested_for"] == seen["requested_for"] == person
        assert player.refused("comment", ticket="RITM1", author=person, text="x") == (404, "no ticket is called RITM1")
        assert player.refused("file_request", person=person, answers={}, approval="perhaps")[0] == 400
    assert (seen["state"], seen["assigned_to"]) == ("open", "technician.tom")
    assert seen["work_notes"] == ["#verified photo-id-video"]
    assert seen["variables"]["phone_os"]


def test_a_person_spends_an_agents_code_and_adds_factors(player: Player, sandbox: Sandbox) -> None:
    person = sandbox.person("no_phone").user_name
    code = player.act("issue_code", person=person)
    assert player.act("spend_code", person=person, code=code) is True
    assert player.act("spend_code", person=person, code=code) is False
    assert player.act("add_phone", person=person, number="+14805558888") is True
    player.act("register_key", person=person, label="Blue key")
    user: Any = sandbox.duo.user(person)
    assert user["phones"][0]["activated"] is True
    assert user["webauthncredentials"][0]["credential_name"] == "Blue key"


def test_an_app_without_a_link_cant_be_activated(player: Player, sandbox: Sandbox) -> None:
    person = sandbox.person("never_activated")
    assert player.act("activate_app", person=person.user_name, number=person.number) is False
    assert player.act("follow_enrollment_link", code="none") is False


def test_a_status_is_set(player: Player, sandbox: Sandbox) -> None:
    person = sandbox.person("no_phone").user_name
    player.act("set_status", person=person, status="disabled")
    user: Any = sandbox.duo.user(person)
    assert user["status"] == "disabled"


def test_a_secret_link_is_opened(player: Player, sandbox: Sandbox) -> None:
    server = sandbox.servers["password_pusher"].url
    headers = {"Authorization": f"Bearer {sandbox.credentials.password_pusher_token}"}
    with urllib3.PoolManager(ca_certs=str(sandbox.ca_file)) as pool:
        push = {"push": {"payload": "012345678", "passphrase": "open"}}
        link = pool.request("POST", f"{server}/api/v2/pushes", json=push, headers=headers).json()["html_url"]
    assert player.act("open_link", link=link)["problem"] == "passphrase wanted"
    assert player.act("open_link", link=link, passphrase="open", ip="192.0.2.1")["payload"] == "012345678"
    assert sandbox.password_pusher.push_behind(link).audit[-1].ip == "192.0.2.1"
    (call,) = player.view("/calls?system=password_pusher")
    assert (call["method"], call["path"], call["status"]) == ("POST", "/api/v2/pushes", 201)
    assert player.view("/calls?since=1") == []


def test_latency_is_set(player: Player, sandbox: Sandbox) -> None:
    player.act("set_latency", milliseconds=20, system="duo")
    assert sandbox.servers["duo"].latency.total_seconds() == 0.02
    assert sandbox.servers["servicenow"].latency.total_seconds() == 0
    player.act("set_latency", milliseconds=10)
    assert sandbox.mail.terms.latency.total_seconds() == 0.01


def test_calls_fail_until_they_are_let_go_well(player: Player, sandbox: Sandbox) -> None:
    player.act("fail", system="duo", kind="busy", method="GET", route="/users", nth=2, times=3)
    (rule,) = sandbox.faults.rules
    assert (rule.system, rule.kind, rule.method, rule.route, rule.nth, rule.times) == (
        "duo", "busy", "GET", "/users", 2, 3,
    )  # fmt: skip
    player.act("fail_no_more")
    assert sandbox.faults.rules == ()


def test_views_can_be_narrowed(player: Player, sandbox: Sandbox) -> None:
    (first, second) = player.view("/people?kind=locked_out")
    assert first["duo"]["status"] == second["duo"]["status"] == "locked out"
    assert len(player.view("/people")) == len(sandbox.people)
    assert player.view("/mailbox?address=a@example.edu") == player.view("/texts?number=+1480") == []


@pytest.mark.parametrize(
    ("name", "given", "error"),
    [
        ("comment", {"ticket": "x", "author": "y"}, "comment needs text"),
        ("issue_code", {"person": "x", "uses": "9"}, "issue_code knows no uses"),
        ("issue_code", {"person": 5}, "person must be a text"),
        ("set_latency", {"milliseconds": "5"}, "milliseconds must be a whole number"),
        ("set_latency", {"milliseconds": 5, "system": "fax"}, "system must be one of: "),
        ("file_request", {"person": "desk.dana", "answers": {}, "item": "pony"}, "item must be one of: "),
        ("file_request", {"person": "desk.dana", "answers": {}, "approval": "maybe"}, "maybe is no approval state"),
        ("file_request", {"person": "desk.dana", "answers": "none"}, "answers must be an object of texts"),
        ("close", {"ticket": "x", "by": "desk.dana", "how": "badly"}, "how must be one of: "),
        ("fail", {"system": "fax", "kind": "busy"}, "system must be one of: "),
        ("fail", {"system": "duo", "kind": "hibernating"}, "kind must be one of: "),
        ("fail", {"system": "duo", "kind": "busy", "nth": 0}, "nth and times count from 1"),
        ("fail", {"system": "duo", "kind": "busy", "route": "("}, "missing )"),
    ],
)
def test_an_act_that_is_asked_for_wrongly_is_a_400(
    player: Player, name: str, given: dict[str, object], error: str
) -> None:
    status, sentence = player.refused(name, **given)
    assert status == 400
    assert sentence.startswith(error)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("issue_code", {"person": "nobody"}),
        ("comment", {"ticket": "SCTASK0000000", "author": "desk.dana", "text": "x"}),
        ("file_request", {"person": "nobody", "answers": {}}),
        ("file_request", {"person": "desk.dana", "answers": {"colour": "red"}}),
        ("dance", {}),
    ],
)
def test_what_isnt_there_is_a_404(player: Player, name: str, given: dict[str, object]) -> None:
    status, sentence = player.refused(name, **given)
    assert status == 404
    assert sentence


def test_what_duo_refuses_is_a_400_in_its_words(player: Player, sandbox: Sandbox) -> None:
    person = sandbox.person("no_phone").user_name
    for _ in range(100):
        player.act("issue_code", person=person)
    assert player.refused("issue_code", person=person)[1].startswith("Duo refuses it: ")


def test_bodies_and_paths_that_cant_be_read_get_a_sentence(player: Player) -> None:
    assert player.ask("POST", "/acts/comment", b"{")[0] == 400
    assert player.ask("POST", "/acts/comment", b"[]")[0] == 400
    assert player.ask("GET", "/calls?since=yesterday")[0] == 400
    assert player.ask("GET", "/weather")[0] == 404
    assert player.ask("DELETE", "/calls")[0] == 404


def test_the_control_is_served_in_plain_http_and_its_calls_arent_logged(sandbox: Sandbox) -> None:
    with control.serve(sandbox, Clock()) as server, urllib3.PoolManager() as pool:
        answer = pool.request("GET", f"{server.url}/people?kind=staff")
        assert (answer.status, len(answer.json())) == (200, 7)
    assert server.url.startswith("http://localhost:")
    assert len(sandbox.calls) == 0
