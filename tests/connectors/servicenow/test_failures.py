"""What each way to fail means for a read and for a write (the table in connectors/servicenow/failures.py)."""

import json
from datetime import timedelta
from typing import Any, Final

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.gate import free
from connectors.sandbox.messages import Response
from connectors.sandbox.tls import Certificates, certificates
from connectors.secret import Secret
from connectors.servicenow.auth import Basic
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query
from connectors.servicenow.table import page, patch
from tests.connectors.scripted import Scripted, closed_port, everything_shown, raw_server
from tests.connectors.servicenow.stand import NoPauses

ID = "85940927468ff53d864a7a50b48d73f1"
PASSWORD = "correct horse battery staple"
PASSPHRASE = "ABCDEFGH2345"
HIBERNATING = "<html><title>Instance Hibernating page</title>Your instance is hibernating</html>"


def an_instance(scripted: Scripted, **differs: Any) -> Instance:
    given = {"gate": free, "stop": NoPauses(), "ca_file": scripted.ca_file, **differs}
    return Instance(given.pop("url", scripted.url), Basic("duo.worker", Secret(PASSWORD)), **given)


def reading(instance: Instance) -> ConnectorError:
    with pytest.raises(ConnectorError) as failure:
        page(instance, "sc_task", Query().equals("active", "true"), ["sys_id"], limit=1)
    return failure.value


def writing(instance: Instance) -> ConnectorError:
    with pytest.raises(ConnectorError) as failure:
        patch(instance, "sc_task", ID, {"state": "2", "u_passphrase": PASSPHRASE, "work_notes": "a note"}, ["state"])
    return failure.value


def said(status: int, message: str, detail: str | None = None, **headers: str) -> Response:
    error = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return Response.json(status, error, {name.replace("_", "-"): value for name, value in headers.items()})


MEANINGS: Final[list[tuple[Response | None, type[ConnectorError], type[ConnectorError]]]] = [
    (said(400, "Invalid table sc_taks"), Misconfigured, Refused),
    (said(401, "User Not Authenticated", "Required to provide Auth information"), Misconfigured, Misconfigured),
    (said(403, "Operation Failed", "ACL Exception Update Failed"), Misconfigured, Refused),
    (said(403, "Insufficient rights to query records"), Misconfigured, Refused),
    (said(403, "User Not Authorized", "Failed API level ACL Validation"), Misconfigured, Misconfigured),
    (said(403, "User Not Authorized"), Misconfigured, Misconfigured),
    (said(403, "Operation Failed", "Failed API level ACL Validation"), Misconfigured, Misconfigured),
    (Response.json(403, {"error": {"message": None, "detail": {"x": 1}}}), Misconfigured, Refused),
    (Response.json(403, {"error": 7}), Misconfigured, Refused),
    (said(404, "No Record found", "Record doesn't exist"), Misconfigured, Refused),
    (said(414, "too long"), Misconfigured, Refused),
    (said(429, "Rate limit exceeded"), Unavailable, Unavailable),
    (said(500, "Transaction cancelled: maximum execution time exceeded"), Unavailable, Uncertain),
    (Response.html(500, "<h1>Oops</h1>"), Unavailable, Uncertain),
    (said(502, "Bad gateway"), Unavailable, Uncertain),
    (said(503, "Service unavailable"), Unavailable, Unavailable),
    (Response.html(503, "<h1>Maintenance</h1>"), Unavailable, Uncertain),
    (said(504, "Gateway time-out"), Unavailable, Uncertain),
    (Response(202), Unavailable, Uncertain),
    (Response(200), Unavailable, Uncertain),
    (Response(204), Unavailable, Uncertain),
    (Response.html(200, "<h1>Sign in</h1>"), Unavailable, Uncertain),
    (Response.html(200, HIBERNATING), Unavailable, Unavailable),
    (Response.html(503, HIBERNATING), Unavailable, Unavailable),
    (Response(302, b"", {"Location": "https://developer.servicenow.com/"}), Unavailable, Unavailable),
    (Response.json(200, {"result": [{"sys_id": ID}], "error": {"message": "cut"}}), Unavailable, Uncertain),
    (Response.json(200, {"error": {"message": "cut"}}), Unavailable, Uncertain),
    (Response.json(200, {"result": None}), Unavailable, Uncertain),
    (Response.json(200, {"result": "text"}), Unavailable, Uncertain),
    (Response.json(200, {"result": [{"sys_id": "x/../y"}]}), Unavailable, Uncertain),
    (Response.json(200, {"result": [1]}), Unavailable, Uncertain),
    (Response.json(200, [1]), Unavailable, Uncertain),
    (Response(200, b'{"result":[{"sys_id":"8594'), Unavailable, Uncertain),
    (Response(200, b'{"result":[]}', {"Content-Length": "900"}), Unavailable, Uncertain),
    (None, Unavailable, Uncertain),
]
"""What comes back, None for nothing; what it means for a read, and for a write."""


@pytest.mark.parametrize(("answer", "on_read", "on_write"), MEANINGS)
def test_an_answer_means_what_the_table_says(
    scripted: Scripted,
    answer: Response | None,
    on_read: type[ConnectorError],
    on_write: type[ConnectorError],
) -> None:
    instance = an_instance(scripted.answer(answer), timeout=timedelta(milliseconds=150))
    assert type(reading(instance)) is on_read
    assert type(writing(instance)) is on_write


def test_a_write_is_sent_once_whatever_comes_back(scripted: Scripted) -> None:
    for answer in (None, said(500, "no"), said(429, "no"), said(503, "no"), said(401, "no"), Response(202)):
        scripted.asked.clear()
        writing(an_instance(scripted.answer(answer)))
        assert [request.method for request in scripted.asked] == ["PATCH"]


def test_a_read_is_tried_three_times_where_that_may_help(scripted: Scripted) -> None:
    reading(an_instance(scripted.answer(said(500, "no"))))
    assert len(scripted.asked) == 3


def test_a_wrong_password_is_sent_once_because_tries_lock_the_account(scripted: Scripted) -> None:
    reading(an_instance(scripted.answer(said(401, "User Not Authenticated"))))
    assert len(scripted.asked) == 1


def test_the_pause_that_a_limit_asks_for_is_told(scripted: Scripted) -> None:
    error = writing(an_instance(scripted.answer(said(429, "Rate limit exceeded", Retry_After="1800"))))
    assert isinstance(error, Unavailable)
    assert error.retry_after == timedelta(minutes=30)


@pytest.mark.parametrize("header", ["soon", "-5", "9" * 40, "Tue, 24 Nov 2026 03:16:15 GMT"])
def test_a_pause_that_can_t_be_read_is_none(scripted: Scripted, header: str) -> None:
    error = writing(an_instance(scripted.answer(said(429, "Rate limit exceeded", Retry_After=header))))
    assert isinstance(error, Unavailable)
    assert error.retry_after is None


def test_servicenow_s_own_words_are_told_and_nothing_of_what_we_sent(scripted: Scripted) -> None:
    rule = f"Operation against file 'sc_task' was aborted by Business Rule 'Keep\n{PASSPHRASE} out'"
    error = writing(an_instance(scripted.answer(said(403, "Operation Failed", rule))))
    assert isinstance(error, Refused)
    assert error.code == "403"
    assert error.detail == (
        "403 Operation Failed / Operation against file 'sc_task' was aborted by Business Rule 'Keep … out'"
    )


def test_long_and_odd_words_are_cut_to_one_printable_line(scripted: Scripted) -> None:
    error = writing(an_instance(scripted.answer(said(403, "a\x1b[31m\u202eb\r\nc" + "d" * 5000))))
    assert error.detail.startswith("403 a [31m b c")
    assert len(error.detail) <= 304
    assert error.detail.isprintable()


@pytest.mark.parametrize("answer", [None, said(401, "no"), said(500, "no"), said(403, PASSPHRASE), Response(202)])
def test_no_failure_shows_a_password_or_a_passphrase(scripted: Scripted, answer: Response | None) -> None:
    shown = everything_shown(writing(an_instance(scripted.answer(answer))))
    assert PASSWORD not in shown
    assert PASSPHRASE not in shown


def test_nobody_listening_means_not_sent(scripted: Scripted) -> None:
    instance = an_instance(scripted, url=f"https://localhost:{closed_port()}")
    assert type(reading(instance)) is Unavailable
    assert type(writing(instance)) is Unavailable


def test_a_host_without_address_means_not_sent(scripted: Scripted) -> None:
    assert type(writing(an_instance(scripted, url="https://no-such-host.invalid"))) is Unavailable


def test_a_server_that_speaks_no_tls_means_not_sent(scripted: Scripted) -> None:
    with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n", tls=None) as port:
        assert type(writing(an_instance(scripted, url=f"https://localhost:{port}"))) is Unavailable


def test_bytes_that_are_no_http_mean_sent(scripted: Scripted, loopback: Certificates) -> None:
    with raw_server(b"SSH-2.0-OpenSSH_9.2\r\n", tls=loopback.server) as port:
        assert type(writing(an_instance(scripted, url=f"https://localhost:{port}"))) is Uncertain


def test_a_certificate_of_somebody_else_is_an_operator_s_business(
    scripted: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = certificates(tmp_path_factory.mktemp("other"))
    instance = an_instance(scripted.answer(Response(200)), ca_file=str(other.ca_file))
    assert type(reading(instance)) is Misconfigured
    assert type(writing(instance)) is Misconfigured
    assert scripted.asked == []


def test_a_missing_ca_file_is_an_operator_s_business(scripted: Scripted) -> None:
    assert type(writing(an_instance(scripted, ca_file="/no/such/file.pem"))) is Misconfigured


def test_an_answer_that_takes_too_long_is_not_waited_for(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, {"result": {}}, {"Content-Length": "900"}))
    assert type(writing(an_instance(scripted, timeout=timedelta(milliseconds=100)))) is Uncertain


def test_cookies_are_not_kept(scripted: Scripted) -> None:
    cookie = {"Set-Cookie": "JSESSIONID=A1; Path=/; Secure"}
    instance = an_instance(scripted.answer(Response.json(200, {"result": []}, cookie)))
    for _ in range(2):
        page(instance, "sc_task", Query(), ["sys_id"], limit=1)
    assert [request.headers.get("cookie") for request in scripted.asked] == [None, None]


def test_what_is_sent_is_what_was_meant(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, {"result": {"sys_id": ID, "state": "2"}}))
    patch(an_instance(scripted), "sc_task", ID, {"state": "2", "work_notes": "a note"}, ["assigned_to"])
    (request,) = scripted.asked
    assert (request.method, request.path) == ("PATCH", f"/api/now/table/sc_task/{ID}")
    assert json.loads(request.body) == {"state": "2", "work_notes": "a note"}
    assert request.parameter("sysparm_fields") == "assigned_to,state,sys_id,work_notes"
    assert request.parameter("sysparm_query") == ""
