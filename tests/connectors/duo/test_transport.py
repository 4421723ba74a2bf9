"""The carrier of duo_client's calls: connections, signatures, the gate, and what it lets through of a failure."""

import base64
import json
import logging
import ssl
import threading
from datetime import timedelta

import pytest
from duo_client.client import DEFAULT_CA_CERTS, sign

from connectors.duo import codes, groups, phones, users
from connectors.duo.transport import Admin
from connectors.errors import Misconfigured, Unavailable, Uncertain
from connectors.https import Host, trust
from connectors.sandbox.messages import Request, Response
from connectors.sandbox.tls import Certificates
from connectors.secret import Secret
from tests.connectors.duo.callers import INTEGRATION_KEY, PHONE_ID, SECRET_KEY, USER_ID, admin, failed, ok, phone, user
from tests.connectors.scripted import Scripted, closed_port, everything_shown, raw_server

HOUR = timedelta(hours=1)


def write(client: Admin) -> None:
    phones.set_platform(client, PHONE_ID, "apple ios")


def create_code(client: Admin) -> Secret:
    return codes.create(client, USER_ID, valid_for=HOUR, uses=2)


def test_a_call_is_signed_as_duo_wants_it(scripted: Scripted) -> None:
    scripted.answer(ok([user()]))
    users.find(admin(scripted.port, scripted.ca_file), "m park+1")
    asked = scripted.asked[0]
    assert asked.raw_query == "username=m+park%2B1"
    assert asked.headers["authorization"] == signature(asked, {b"username": [b"m park+1"]}, "")


def test_a_body_is_signed_and_sent_as_json(scripted: Scripted) -> None:
    scripted.answer(ok(["012345678"]))
    create_code(admin(scripted.port, scripted.ca_file))
    asked = scripted.asked[0]
    assert json.loads(asked.body) == {
        "count": "1",
        "preserve_existing": True,
        "reuse_count": "2",
        "valid_secs": "3600",
    }
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["authorization"] == signature(asked, {}, asked.body.decode())


def signature(asked: Request, params: dict[bytes, list[bytes]], body: str) -> str:
    date = asked.headers["date"]
    signed: str = sign(INTEGRATION_KEY, SECRET_KEY, asked.method, "localhost", asked.path, date, 5, params, body=body)
    return signed


def test_connections_are_kept(scripted: Scripted) -> None:
    scripted.answer(ok([]))
    client = admin(scripted.port, scripted.ca_file)
    for _ in range(5):
        users.find(client, "mpark")
    assert client._host._pool.num_connections == 1


def test_threads_share_one_client(scripted: Scripted) -> None:
    scripted.answer(ok([]))
    client = admin(scripted.port, scripted.ca_file)
    threads = [threading.Thread(target=users.find, args=(client, f"person{n}")) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(asked.raw_query for asked in scripted.asked) == sorted(f"username=person{n}" for n in range(16))


def test_every_call_passes_the_gate_before_it_is_signed(scripted: Scripted) -> None:
    def shut() -> None:
        raise Unavailable("duo", "no slot", retry_after=HOUR)

    scripted.answer(ok([]))
    with pytest.raises(Unavailable, match="no slot"):
        users.find(admin(scripted.port, scripted.ca_file, gate=shut), "mpark")
    assert not scripted.asked


def test_a_read_is_repeated_with_a_new_signature(scripted: Scripted) -> None:
    passed: list[None] = []
    client = admin(scripted.port, scripted.ca_file, gate=lambda: passed.append(None))
    client._stop = Impatient()
    scripted.answer(Response.html(503, "later"), None, ok([]))
    assert users.find(client, "mpark") == ()
    assert len(passed) == 3


class Impatient(threading.Event):
    """A stop event that is never set and waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        return False


def test_a_write_is_never_repeated(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    client._stop = Impatient()
    scripted.answer(Response.html(503, "later"))
    with pytest.raises(Uncertain):
        write(client)
    assert len(scripted.asked) == 1


def test_too_many_requests_are_told_at_once_and_not_tried_again(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    client._stop = threading.Event()
    scripted.answer(failed(42901, "Too many requests"))
    with pytest.raises(Unavailable) as raised:
        users.find(client, "mpark")
    assert raised.value.retry_after == timedelta(minutes=1)
    assert len(scripted.asked) == 1


def test_a_retry_after_of_duo_is_passed_on(scripted: Scripted) -> None:
    scripted.answer(Response.json(429, {"stat": "FAIL", "code": 42901, "message": "m"}, {"Retry-After": "75"}))
    with pytest.raises(Unavailable) as raised:
        write(admin(scripted.port, scripted.ca_file))
    assert raised.value.retry_after == timedelta(seconds=75)


def test_a_refused_connection_leaves_even_a_write_undone(scripted: Scripted) -> None:
    with pytest.raises(Unavailable, match="Connection refused"):
        write(admin(closed_port(), scripted.ca_file))


@pytest.mark.parametrize("host", ["", "https://api-x.duosecurity.com", "api-x.duosecurity.com/", "a b", "a\r\nb"])
def test_what_can_be_no_host_is_told_at_once(host: str) -> None:
    with pytest.raises(Misconfigured, match="host"):
        Host("duo", host, 443, key="host", trust=trust("duo", ""), read_timeout=HOUR)


@pytest.mark.parametrize("key", ["", "ä", "DI\r\nX-Evil: 1", "the integration key"])
def test_what_can_be_no_integration_key_is_told_at_once(key: str) -> None:
    with pytest.raises(Misconfigured, match="integration_key"):
        Admin(
            "localhost",
            443,
            integration_key=key,
            secret_key=Secret(SECRET_KEY),
            ca_file="",
            timeout=HOUR,
            gate=lambda: None,
            stop=threading.Event(),
        )


def test_a_host_that_is_no_name_is_a_mistake_in_the_settings(scripted: Scripted) -> None:
    client = Admin(
        f"{'a' * 64}.duosecurity.com",
        scripted.port,
        integration_key=INTEGRATION_KEY,
        secret_key=Secret(SECRET_KEY),
        ca_file="",
        timeout=HOUR,
        gate=lambda: None,
        stop=threading.Event(),
    )
    with pytest.raises(Misconfigured, match="host"):
        users.find(client, "mpark")


def test_a_connection_broken_in_the_handshake_leaves_even_a_write_undone(scripted: Scripted) -> None:
    with raw_server(b"SMTP, not TLS\r\n", None) as port, pytest.raises(Unavailable):
        write(admin(port, scripted.ca_file))


def test_a_certificate_that_is_not_trusted_is_a_mistake_in_the_settings(scripted: Scripted) -> None:
    with pytest.raises(Misconfigured, match="ca_file"):
        write(admin(scripted.port, ""))


def test_a_ca_file_that_is_none_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(Misconfigured, match="ca_file"):
        admin(1, "/nowhere/ca.pem")


def test_no_answer_to_a_read_is_unavailable_and_to_a_write_uncertain(scripted: Scripted) -> None:
    scripted.answer(None)
    client = admin(scripted.port, scripted.ca_file)
    with pytest.raises(Unavailable):
        users.find(client, "mpark")
    with pytest.raises(Uncertain):
        write(client)


def test_a_slow_answer_to_a_write_is_uncertain(scripted: Scripted) -> None:
    scripted._server.latency = timedelta(seconds=0.15)
    scripted.answer(ok(phone()))
    with pytest.raises(Uncertain, match="in time"):
        write(admin(scripted.port, scripted.ca_file, timeout=timedelta(seconds=0.05)))


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b'{"stat": "OK", "response": ["012345678"',
        b'["012345678"] is what was left of another answer\r\n\r\n',
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n012345678",
        b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n" + b'["012345678"]',
        b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n" + b'\xff["012345678"]',
        b"HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n" + b'\xef\xbb\xbf{"stat": "OK", "response": ["012345678"]} ',
    ],
    ids=["cut", "no status line", "no gzip", "no envelope", "no UTF-8", "a byte order mark"],
)
def test_an_answer_that_cannot_be_read_is_uncertain_and_its_code_is_not_shown(
    answer: bytes, loopback: Certificates
) -> None:
    with raw_server(answer, loopback.server) as port, pytest.raises(Uncertain) as raised:
        create_code(admin(port, str(loopback.ca_file)))
    assert "012345678" not in everything_shown(raised.value)


def test_neither_the_secret_key_nor_a_signature_is_shown(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(failed(40103, "Invalid signature"))
    with pytest.raises(Misconfigured) as raised:
        write(client)
    signed = scripted.asked[0].headers["authorization"].removeprefix("Basic ")
    texts = everything_shown(raised.value) + repr(client) + repr(vars(client))
    for secret in (SECRET_KEY, signed, base64.b64decode(signed).decode().partition(":")[2]):
        assert secret not in texts


def test_urllib3_logs_no_paths(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    scripted.answer(ok([]))
    with caplog.at_level(logging.DEBUG):
        users.find(admin(scripted.port, scripted.ca_file), "mpark")
    assert "mpark" not in caplog.text


def test_cookies_are_not_kept(scripted: Scripted) -> None:
    scripted.answer(Response(200, ok([]).body, {"Set-Cookie": "a=b"}))
    client = admin(scripted.port, scripted.ca_file)
    users.find(client, "mpark")
    users.find(client, "mpark")
    assert not any("cookie" in asked.headers for asked in scripted.asked)


def test_a_redirect_is_not_followed(scripted: Scripted) -> None:
    scripted.answer(Response(302, b"", {"Location": f"{scripted.url}/elsewhere"}))
    with pytest.raises(Misconfigured, match="host"):
        users.find(admin(scripted.port, scripted.ca_file), "mpark")
    assert len(scripted.asked) == 1


def test_all_pages_are_read(scripted: Scripted) -> None:
    first, second = ({"group_id": f"DG{n:018}", "name": f"g{n}", "status": "Active"} for n in range(2))
    scripted.answer(ok([first], metadata={"next_offset": 1}), ok([second, first]))
    assert [group.name for group in groups.listing(admin(scripted.port, scripted.ca_file))] == ["g0", "g1"]
    scripted.answer(ok([first], metadata={"next_offset": "1"}), ok([second]))
    assert len(groups.listing(admin(scripted.port, scripted.ca_file))) == 2
    assert [asked.raw_query for asked in scripted.asked] == ["limit=100&offset=0", "limit=100&offset=1"] * 2


@pytest.mark.parametrize("offset", [0, -1, "0", "x", [1], 1.5, ""])
def test_a_next_page_that_is_none_ends_the_reading(scripted: Scripted, offset: object) -> None:
    scripted.answer(ok([], metadata={"next_offset": offset}))
    with pytest.raises(Unavailable, match="offset 0"):
        groups.listing(admin(scripted.port, scripted.ca_file))


def test_duo_clients_bundle_is_what_is_trusted_by_default() -> None:
    trusted = admin(1, "")._host._pool.conn_kw["ssl_context"]
    assert trusted.get_ca_certs() == ssl.create_default_context(cafile=DEFAULT_CA_CERTS).get_ca_certs()
    assert trusted.check_hostname
