"""tdxlib 0.6.1, which others wrote for the real thing, against the running stand-in (TeamDynamix facts §6)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tdxlib.tdx_ticket_integration import TDXTicketIntegration

from connectors.sandbox.teamdynamix import APPS
from connectors.sandbox.world import Sandbox
from tests.connectors.sandbox.clock import Clock

APP = APPS[0]
FAR = 10**11  # seconds: it compares a token's end with the machine's clock, and the stand-in has its own


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox.start(clock=Clock(), folder=Path(tmp_path_factory.mktemp("tdxlib"))) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def tdx(sandbox: Sandbox) -> Iterator[Any]:
    known = sandbox.teamdynamix.credentials
    config = {
        "full_host": sandbox.servers["teamdynamix"].url.removeprefix("https://"),
        "sandbox": "False",
        "username": known.user_name,
        "password": known.password,
        "ticket_app_id": str(APP.id),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(sandbox.ca_file))
        client = TDXTicketIntegration(config=config)
        assert client.config.token.count(".") == 2, "it signed in"
        client.config.token_exp = FAR
        yield client


@pytest.fixture
def number(sandbox: Sandbox) -> str:
    person = sandbox.person("never_activated")
    return sandbox.teamdynamix.file_request(person, {"device_type": "Duo Mobile"}).task.number


def test_it_finds_a_ticket_among_those_that_are_open(tdx: Any, number: str) -> None:
    found = tdx.search_tickets({"FormIDs": [APP.enrolment_form]}, max_results=100)
    assert int(number) in [ticket.get_id() for ticket in found]


def test_it_reads_a_ticket_and_its_answers(tdx: Any, number: str) -> None:
    read = tdx.make_get(f"/{APP.id}/tickets/{number}")
    (answer,) = [each for each in read["Attributes"] if each["Name"] == "Device type"]
    assert (read["StatusName"], answer["ChoicesText"]) == ("New", "Duo Mobile")


def test_it_patches_single_fields(tdx: Any, number: str) -> None:
    me = tdx.make_get("/auth/getuser")["UID"]
    patched = tdx.make_patch(f"/{APP.id}/tickets/{number}", [{"op": "add", "path": "/ResponsibleUid", "value": me}])
    assert (patched["ResponsibleUid"], patched["Title"]) == (me, "Duo re-enrolment")


def test_it_says_something_in_private_with_a_status_and_reads_the_feed(tdx: Any, sandbox: Sandbox, number: str) -> None:
    made = tdx.update_ticket(number, "Looked at it.", new_status="In Process")
    feed = tdx.get_ticket_feed(number)
    assert (feed[0]["ID"], feed[0]["IsPrivate"]) == (made["ID"], True)
    assert sandbox.teamdynamix.ticket(number)["status"] == "In Process"
    assert sandbox.teamdynamix.ticket(number)["work_notes"] == ["Looked at it."]


def test_it_looks_people_up(tdx: Any, sandbox: Sandbox) -> None:
    person = sandbox.person("never_activated")
    (row,) = tdx.search_people(person.email)
    assert (row["PrimaryEmail"], "Attributes" in row) == (person.email, False)
    assert tdx.get_person_by_uid(row["UID"])["UserName"].startswith(person.user_name)


def test_it_is_told_when_it_may_go_on(tdx: Any, number: str) -> None:
    tdx.get_ticket_feed(number)
    kept = tdx.cache["rate_limit"]
    assert kept["limit"] == 60
    assert kept["remaining"] < 60
    assert kept["reset_time"].endswith(" GMT")
