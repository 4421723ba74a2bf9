"""The sandbox as a whole: everything answers, everybody lives in it, and a worker could be set loose on it."""

import json
import smtplib
import socket
import ssl
import threading
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duo_client
import pytest
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sandbox.people import KINDS
from connectors.sandbox.population import STAFF
from connectors.sandbox.toml_text import document
from connectors.sandbox.world import SYSTEMS, Sandbox
from tests.connectors.sandbox.clock import Clock

AUTHS = ("client_credentials", "password", "basic")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(clock=Clock()) as sandbox:
        sandbox.duo.switches.clock_skew = None
        yield sandbox


@pytest.fixture
def pool(sandbox: Sandbox) -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(ca_certs=str(sandbox.ca_file), retries=False, timeout=5) as pool:
        yield pool


def access_token(sandbox: Sandbox, pool: urllib3.PoolManager) -> str:
    account = sandbox.credentials.servicenow
    form = {"grant_type": "client_credentials", "client_id": account.client_id, "client_secret": account.client_secret}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{sandbox.servers['servicenow'].url}/oauth_token.do"
    return str(pool.request("POST", url, body=urlencode(form), headers=headers).json()["access_token"])


def test_servicenow_answers_to_its_client(sandbox: Sandbox, pool: urllib3.PoolManager) -> None:
    headers = {"Authorization": f"Bearer {access_token(sandbox, pool)}", "Accept": "application/json"}
    url = f"{sandbox.servers['servicenow'].url}/api/now/table/sys_user?sysparm_query=user_name=identity.ines"
    (row,) = pool.request("GET", url, headers=headers).json()["result"]
    assert row["email"] == "ines.identity@example.edu"


@pytest.mark.filterwarnings("ignore:ssl.PROTOCOL_TLS is deprecated:DeprecationWarning")  # duo_client's own
def test_duo_answers_to_duos_own_client(sandbox: Sandbox) -> None:
    known = sandbox.credentials
    admin = duo_client.Admin(
        ikey=known.duo_integration_key,
        skey=known.duo_secret_key,
        host="localhost",
        port=sandbox.ports["duo"],
        ca_certs=str(sandbox.ca_file),
    )
    person = sandbox.person("locked_out")
    (user,) = admin.get_users_by_name(person.user_name)
    assert (user["status"], user["phones"][0]["number"]) == ("locked out", person.number)


def test_password_pusher_answers_to_its_token(sandbox: Sandbox, pool: urllib3.PoolManager) -> None:
    headers = {"Authorization": f"Bearer {sandbox.credentials.password_pusher_token}"}
    url = f"{sandbox.servers['password_pusher'].url}/api/v2/pushes"
    made = pool.request("POST", url, json={"push": {"payload": "x"}}, headers=headers).json()
    assert sandbox.password_pusher.push_behind(made["html_url"]).owner == "duo.worker"
    assert pool.request("GET", made["html_url"]).status == 200


def test_mail_is_taken_over_starttls(sandbox: Sandbox) -> None:
    with smtplib.SMTP("localhost", sandbox.ports["mail"], timeout=5) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(sandbox.ca_file)))
        client.sendmail("a@example.edu", ["b@example.edu"], "Subject: hello\r\n\r\nworld\r\n")
    assert sandbox.mail.for_address("b@example.edu")[-1].subject == "hello"


def test_all_calls_are_in_one_log_by_system(sandbox: Sandbox, pool: urllib3.PoolManager) -> None:
    before = len(sandbox.calls)
    for server in sandbox.servers.values():
        pool.request("GET", f"{server.url}/up")
    with smtplib.SMTP("localhost", sandbox.ports["mail"], timeout=5) as client:
        client.sendmail("a@example.edu", ["b@example.edu"], "Subject: hello\r\n\r\n")
    assert [call.system for call in sandbox.calls.select(since=before)] == list(SYSTEMS)


def test_acts_of_people_are_no_calls(sandbox: Sandbox, pool: urllib3.PoolManager) -> None:
    headers = {"Authorization": f"Bearer {sandbox.credentials.password_pusher_token}"}
    url = f"{sandbox.servers['password_pusher'].url}/api/v2/pushes"
    link = pool.request("POST", url, json={"push": {"payload": "x"}}, headers=headers).json()["html_url"]
    before = len(sandbox.calls)
    person = sandbox.person("never_activated")
    sandbox.servicenow.file_request(person, {"device_type": "Duo Mobile"})
    assert sandbox.duo.use_code(person.user_name, sandbox.duo.issue_code(person.user_name))
    assert sandbox.password_pusher.open(link).payload == "x"
    assert len(sandbox.calls) == before


def test_everybody_is_at_the_help_site_and_those_with_a_profile_in_duo(sandbox: Sandbox) -> None:
    for person in sandbox.people.values():
        filed = sandbox.servicenow.file_request(person, {})
        assert sandbox.servicenow.ticket(filed.task.number)["requested_for"] == person.user_name
        assert (sandbox.duo.user(person.user_name) is None) == (person.duo is None)
    assert {person.kind for person in sandbox.people.values()} == {*KINDS, "staff"}


def test_a_person_is_found_by_kind(sandbox: Sandbox) -> None:
    assert sandbox.person("bypass").kind == "bypass"
    assert sandbox.person("bypass", 1) != sandbox.person("bypass")
    with pytest.raises(IndexError):
        sandbox.person("bypass", 2)


def test_the_two_who_share_a_phone_share_one_object(sandbox: Sandbox) -> None:
    phone: Any = sandbox.duo.phone(sandbox.person("shared_phone").number)
    assert {user["username"] for user in phone["users"]} == {
        sandbox.person(kind).user_name for kind in ("shared_phone", "phone_sharer")
    }


def test_the_staff_are_in_the_groups_that_make_them_staff(sandbox: Sandbox, pool: urllib3.PoolManager) -> None:
    headers = {"Authorization": f"Bearer {access_token(sandbox, pool)}", "Accept": "application/json"}
    url = (
        f"{sandbox.servers['servicenow'].url}/api/now/table/sys_user_grmember?sysparm_fields=user.user_name,group.name"
    )
    rows = pool.request("GET", url, headers=headers).json()["result"]
    members = {(row["user.user_name"], row["group.name"]) for row in rows}
    assert {(person.user_name, group) for person in STAFF for group in person.groups} <= members


def test_latency_is_set_for_all_or_for_one(sandbox: Sandbox) -> None:
    sandbox.set_latency(timedelta(milliseconds=5))
    sandbox.set_latency(timedelta(), "duo", "mail")
    assert sandbox.servers["servicenow"].latency == timedelta(milliseconds=5)
    assert sandbox.servers["duo"].latency == sandbox.mail.terms.latency == timedelta()
    sandbox.set_latency(timedelta())


def test_the_same_seed_gives_the_same_district_and_credentials(sandbox: Sandbox) -> None:
    with Sandbox.start(clock=Clock()) as again, Sandbox.start(clock=Clock(), seed=2) as other:
        assert again.people == sandbox.people
        assert again.credentials == sandbox.credentials
        assert other.people != sandbox.people
        assert other.credentials != sandbox.credentials


def test_credentials_dont_show_their_secrets(sandbox: Sandbox) -> None:
    known = sandbox.credentials
    secrets = (
        known.servicenow.password,
        known.servicenow.client_secret,
        known.duo_secret_key,
        known.password_pusher_token,
        known.ledger_key,
    )
    assert not any(secret in repr(known) for secret in secrets)


def test_stopping_frees_every_port_thread_and_file() -> None:
    threads = threading.active_count()
    sandbox = Sandbox.start(clock=Clock(), count=1)
    ports, ca_file = sandbox.ports.values(), sandbox.ca_file
    sandbox.stop()
    sandbox.stop()
    assert threading.active_count() == threads
    assert not ca_file.exists()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_a_port_in_use_leaves_nothing_behind(sandbox: Sandbox) -> None:
    threads = threading.active_count()
    with pytest.raises(OSError, match="in use"):
        Sandbox.start(clock=Clock(), count=1, ports={"mail": sandbox.ports["mail"]})
    assert threading.active_count() == threads


def test_a_certificate_goes_to_the_folder_that_was_named(tmp_path: Path) -> None:
    with Sandbox.start(clock=Clock(), count=1, folder=tmp_path) as sandbox:
        assert sandbox.ca_file == tmp_path / "ca.pem"
    assert (tmp_path / "ca.pem").read_text().startswith("-----BEGIN CERTIFICATE-----")


def configured(sandbox: Sandbox, folder: Path, **more: Any) -> dict[str, Any]:
    return tomllib.loads(sandbox.config(folder, **more).read_text())


def test_a_config_points_at_the_running_stand_ins(sandbox: Sandbox, tmp_path: Path) -> None:
    tables = configured(sandbox, tmp_path / "worker")
    assert tables["servicenow"]["url"] == sandbox.servers["servicenow"].url
    assert (tables["duo"]["host"], tables["duo"]["port"]) == ("localhost", sandbox.ports["duo"])
    assert tables["password_pusher"]["url"] == sandbox.servers["password_pusher"].url
    assert tables["mail"]["port"] == sandbox.ports["mail"]
    for system in set(SYSTEMS) - {"teamdynamix"}:
        assert tables[system]["ca_file"] == str(sandbox.ca_file)


@pytest.mark.parametrize("auth", AUTHS)
def test_every_file_a_config_names_is_there_and_for_the_owner_alone(
    sandbox: Sandbox, tmp_path: Path, auth: Any
) -> None:
    tables = configured(sandbox, tmp_path, auth=auth)
    named = [
        tmp_path / value
        for table in tables.values()
        for key, value in table.items()
        if key == "key_file" or (key.endswith("_file") and key != "ca_file")
    ]
    assert len(named) >= 4
    assert {oct(file.stat().st_mode & 0o777) for file in named} == {"0o600"}
    assert (tmp_path / "secrets" / "duo").read_text() == f"{sandbox.credentials.duo_secret_key}\n"


@pytest.mark.parametrize(
    ("auth", "keys"),
    [
        ("client_credentials", {"client_id", "client_secret_file"}),
        ("password", {"client_id", "client_secret_file", "username", "password_file"}),
        ("basic", {"username", "password_file"}),
    ],
)
def test_a_config_has_the_keys_of_its_way_to_sign_in(
    sandbox: Sandbox, tmp_path: Path, auth: Any, keys: set[str]
) -> None:
    table = configured(sandbox, tmp_path, auth=auth)["servicenow"]
    assert {"client_id", "client_secret_file", "username", "password_file"} & set(table) == keys


def test_changes_replace_keys_and_add_tables(sandbox: Sandbox, tmp_path: Path) -> None:
    changes = {"worker": {"mode": "shadow"}, "policy": {"code_valid": "1h"}, "support": {"phone": "1"}}
    tables = configured(sandbox, tmp_path, changes=changes)
    assert (tables["worker"]["mode"], tables["worker"]["key_file"]) == ("shadow", "secrets/ledger.key")
    assert (tables["policy"]["code_valid"], tables["policy"]["identity_groups"]) == ("1h", ["Identity Desk"])
    assert tables["support"] == {"phone": "1"}


values = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**60), 2**60) | st.lists(st.text() | st.integers(-9, 9), max_size=3),
    lambda inner: st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["worker", "duo", "mail"]), st.dictionaries(st.text(), values, max_size=4)))
def test_what_is_written_as_toml_is_read_back(tables: dict[str, dict[str, Any]]) -> None:
    assert tomllib.loads(document(tables)) == json.loads(json.dumps(tables))
