"""What is told of a failed call, to the letter: the system, ServiceNow's own words, and what to look at."""

import json
import ssl
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.servicenow.failures import OURS, SHOWN, answered, lost, result

SECRET = "a-long-passphrase"


def response(status: int, body: object = b"", *, sent: bytes | str | None = None, **headers: str) -> requests.Response:
    found = requests.Response()
    found.status_code = status
    found._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    found.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    found.request = requests.PreparedRequest()
    found.request.body = sent
    return found


def said(message: object = "Operation Failed", detail: object = None) -> object:
    return {"error": {"message": message, "detail": detail}}


def failure(found: requests.Response, *, writing: bool = True) -> ConnectorError:
    with pytest.raises(ConnectorError) as failed:
        result(found, writing=writing)
    assert failed.value.system == "servicenow"
    return failed.value


@pytest.mark.parametrize(
    ("status", "meant", "detail"),
    [
        (401, Misconfigured, "401 Operation Failed: check the credentials in [servicenow]"),
        (429, Unavailable, "429 Operation Failed"),
        (300, Unavailable, "300: hibernating, or url in [servicenow] isn't the instance's own"),
        (302, Unavailable, "302: hibernating, or url in [servicenow] isn't the instance's own"),
        (399, Unavailable, "399: hibernating, or url in [servicenow] isn't the instance's own"),
        (500, Uncertain, "500 Operation Failed"),
        (503, Unavailable, "503 Operation Failed"),
        (400, Refused, "400 Operation Failed"),
        (499, Refused, "499 Operation Failed"),
        (299, Uncertain, "299 without a whole result Operation Failed"),
    ],
)
def test_a_failed_write_is_told_with_servicenows_words(status: int, meant: type[ConnectorError], detail: str) -> None:
    failed = failure(response(status, said()))
    assert type(failed) is meant
    assert failed.detail == detail


def test_a_refusal_has_their_status_for_its_code() -> None:
    refused = failure(response(403, said()))
    assert isinstance(refused, Refused)
    assert refused.code == "403"


@pytest.mark.parametrize(
    ("status", "told", "meant"),
    [
        (403, said("User Not Authorized"), Misconfigured),
        (403, said("Operation Failed", "Failed API level ACL Validation"), Misconfigured),
        (403, said("Operation Failed", "ACL restricts the record"), Refused),
        (400, said("User Not Authorized"), Refused),
        (404, said("Operation Failed", "Failed API level ACL Validation"), Refused),
    ],
)
def test_a_write_that_the_api_refuses_altogether_is_no_refusal_of_one_record(
    status: int, told: object, meant: type[ConnectorError]
) -> None:
    assert type(failure(response(status, told))) is meant


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_read_that_is_refused_names_what_to_check(status: int) -> None:
    refused = failure(response(status, said()), writing=False)
    names = "check the account's roles and the names in [servicenow]"
    assert (type(refused), refused.detail) == (Misconfigured, f"{status} Operation Failed: {names}")


def test_a_maintenance_page_says_nothing_by_itself() -> None:
    failed = failure(response(503, b"<h1>Maintenance</h1>"))
    assert (type(failed), failed.detail) == (Uncertain, "503")


@pytest.mark.parametrize("page", [b"<p>Instance is Hibernating", b"your INSTANCE HIBERNATING"])
def test_a_hibernating_instance_is_to_be_woken(page: bytes) -> None:
    failed = failure(response(200, page))
    assert type(failed) is Unavailable
    assert failed.detail == "the instance is hibernating: sign in to it once to wake it"
    assert type(failure(response(200, b" " * (4096 - len(page)) + page))) is Unavailable
    late = failure(response(200, b" " * (4097 - len(page)) + page))
    assert type(late) is Uncertain, "a ticket may speak of it further on"


@pytest.mark.parametrize("body", [said("cut"), {"result": [], "error": {"message": "cut"}}])
def test_an_answer_without_a_whole_result_is_told_with_its_error(body: object) -> None:
    assert failure(response(200, body)).detail == "200 without a whole result cut"


@pytest.mark.parametrize("body", [b"", b"<h1>Sign in</h1>", b"[1]", {"result": None}])
def test_an_answer_without_a_result_says_so(body: object) -> None:
    assert failure(response(201, body), writing=False).detail == "201 without a whole result"


def test_a_whole_result_is_what_it_holds_and_a_token_comes_beside_it() -> None:
    assert result(response(200, {"result": {"a": 1}}), writing=True) == {"a": 1}
    assert answered(response(299, {"access_token": "t"}), writing=False) == {"access_token": "t"}
    assert answered(response(200, b"no"), writing=False) == {}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"message": "one", "detail": "two"}, " one / two"),
        ({"message": "one", "detail": ""}, " one"),
        ({"message": None, "detail": "two"}, " two"),
        ({"message": {"x": 1}, "detail": 7}, ""),
        ("invalid_grant", " invalid_grant"),
        (7, ""),
        (None, ""),
        ({"message": "a\x1b[31m\u202eb\r\nc"}, " a [31m b c"),
        ({"message": "d" * (SHOWN + 1)}, " " + "d" * SHOWN),
    ],
)
def test_their_words_come_on_one_short_line(error: object, words: str) -> None:
    assert failure(response(400, {"error": error})).detail == f"400{words}"


@pytest.mark.parametrize(
    "sent",
    [
        json.dumps({"u_passphrase": SECRET, "state": "2"}),
        json.dumps({"u_passphrase": SECRET, "state": "2"}).encode(),
        f"password={SECRET}&grant_type=password",
        f"password={SECRET}".encode(),
        json.dumps({"rest_requests": [{"id": 7, "body": {"u_passphrase": SECRET}}]}),
    ],
)
def test_nothing_that_we_sent_is_repeated(sent: bytes | str) -> None:
    failed = failure(response(400, said(f"'{SECRET}' isn't valid, 2 is"), sent=sent))
    assert failed.detail == "400 '…' isn't valid, 2 is"


def test_of_two_values_that_overlap_the_longer_is_cut_out() -> None:
    sent = json.dumps({"a": SECRET, "b": f"0 {SECRET} and more", "c": "x" * OURS, "d": "y" * (OURS - 1)})
    failed = failure(response(400, said(f"0 {SECRET} and more, {'x' * OURS}, {'y' * (OURS - 1)}"), sent=sent))
    assert failed.detail == f"400 …, …, {'y' * (OURS - 1)}"


@pytest.mark.parametrize(("header", "pause"), [({"Retry_After": "999999"}, timedelta(seconds=999_999)), ({}, None)])
def test_a_pause_is_told_where_they_ask_for_one(header: dict[str, str], pause: timedelta | None) -> None:
    limited = failure(response(429, **header))
    assert isinstance(limited, Unavailable)
    assert limited.retry_after == pause


def wrapped(cause: Exception) -> requests.RequestException:
    """As requests and urllib3 wrap a cause."""
    return requests.ConnectionError(MaxRetryError(None, "/", cause))  # type: ignore[arg-type]  # no pool


def chained(cause: Exception) -> requests.RequestException:
    error = requests.ConnectionError("reworded")
    error.__cause__ = cause
    return error


def among_others(cause: Exception) -> requests.RequestException:
    return requests.ConnectionError(cause, ValueError("another"))


@pytest.mark.parametrize("wrap", [wrapped, chained, among_others])
def test_what_a_lost_call_met_is_found_however_it_is_wrapped(
    wrap: Callable[[Exception], requests.RequestException],
) -> None:
    untrusted = lost(wrap(ssl.SSLCertVerificationError("no")), "sn.example.edu", writing=True)
    assert type(untrusted) is Misconfigured
    assert untrusted.detail == "its certificate can't be verified: check url and ca_file in [servicenow]"
    unreached = lost(wrap(ConnectTimeoutError("no")), "sn.example.edu", writing=True)
    assert (type(unreached), unreached.detail) == (
        Unavailable,
        "no connection to sn.example.edu: see url in [servicenow]",
    )
    assert untrusted.system == unreached.system == "servicenow"


def test_a_file_that_cant_be_read_is_for_an_operator() -> None:
    missing = lost(OSError("no such file"), "sn.example.edu", writing=True)
    assert (type(missing), missing.detail) == (Misconfigured, "ca_file in [servicenow] can't be read")
    assert missing.system == "servicenow"


@pytest.mark.parametrize("error", [requests.ReadTimeout("slow"), ValueError("odd")])
@pytest.mark.parametrize(("writing", "meant"), [(False, Unavailable), (True, Uncertain)])
def test_a_call_that_was_sent_and_not_answered_is_doubtful(
    error: Exception, writing: bool, meant: type[ConnectorError]
) -> None:
    failed = lost(error, "sn.example.edu", writing=writing)
    assert (type(failed), failed.system) == (meant, "servicenow")
    assert failed.detail == f"no answer ({type(error).__name__})"
