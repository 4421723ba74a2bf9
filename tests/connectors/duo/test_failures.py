"""Which of the four errors each of Duo's failures is (Admin API facts §10)."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.duo.failures import RATE_WINDOW, failure
from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.https import Answer

SOON = timedelta(seconds=2)


def translated(method: str, status: int, body: object, skew: timedelta | None = SOON) -> ConnectorError | None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return failure(method, Answer(status, "", {}, raw), skew)


def said(code: int, message: str = "Said by Duo", detail: str = "") -> dict[str, object]:
    return {"stat": "FAIL", "code": code, "message": message, "message_detail": detail}


@pytest.mark.parametrize(
    ("code", "read", "write"),
    [
        (40001, Refused, Refused),
        (40002, Refused, Refused),
        (40003, Refused, Refused),
        (40101, Misconfigured, Misconfigured),
        (40102, Misconfigured, Misconfigured),
        (40103, Misconfigured, Misconfigured),
        (40104, Misconfigured, Misconfigured),
        (40105, Misconfigured, Misconfigured),
        (40301, Misconfigured, Misconfigured),
        (40302, Refused, Refused),
        (40401, Refused, Refused),
        (40402, Refused, Refused),
        (42901, Unavailable, Unavailable),
        (50001, Unavailable, Uncertain),
        (50301, Unavailable, Uncertain),
    ],
)
def test_duos_codes(code: int, read: type[ConnectorError], write: type[ConnectorError]) -> None:
    for method, meant in (("GET", read), ("POST", write), ("DELETE", write)):
        error = translated(method, code // 100, said(code))
        assert type(error) is meant
        assert error is not None
        assert error.system == "duo"


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (200, Unavailable, Uncertain),
        (201, Unavailable, Uncertain),
        (202, Unavailable, Uncertain),
        (302, Misconfigured, Misconfigured),
        (400, Refused, Refused),
        (401, Misconfigured, Misconfigured),
        (403, Misconfigured, Misconfigured),
        (404, Misconfigured, Misconfigured),
        (405, Refused, Refused),
        (408, Unavailable, Unavailable),
        (429, Unavailable, Unavailable),
        (500, Unavailable, Uncertain),
        (502, Unavailable, Uncertain),
        (503, Unavailable, Uncertain),
        (504, Unavailable, Uncertain),
    ],
)
def test_answers_that_are_not_duos(status: int, read: type[ConnectorError], write: type[ConnectorError]) -> None:
    for body in (b"<html>proxy</html>", b"", b'"OK"', b"[]", b'{"stat": "FAIL"}'):
        for method, meant in (("GET", read), ("POST", write)):
            error = translated(method, status, body)
            assert type(error) is meant
            assert error is not None
            assert error.system == "duo"


@pytest.mark.parametrize("code", [999, 9999, 100_000, "40003", True, None])
def test_a_code_that_is_not_of_duos_kind_counts_for_nothing(code: object) -> None:
    error = translated("POST", 400, {"stat": "FAIL", "code": code, "message": "m"})
    assert isinstance(error, Refused)
    assert error.code == "400"


@pytest.mark.parametrize("code", [10_000, 99_999])
def test_a_code_of_five_digits_counts_more_than_the_status(code: int) -> None:
    error = translated("POST", 400, {"stat": "FAIL", "code": code, "message": "m"})
    assert type(error) is Uncertain
    assert error.detail == f"the answer ({code // 100}) can't be read"


@pytest.mark.parametrize(
    ("status", "body", "detail"),
    [
        (302, b"", "the answer (302) is not the Admin API's: see `host`"),
        (404, b"", "the answer (404) is not the Admin API's: see `host`"),
        (408, b"<html>", "408"),
        (502, b"<html>", "502"),
        (500, {"stat": "FAIL", "code": 50001, "message": "Server error"}, "50001: Server error"),
        (202, b"", "the answer (202) can't be read"),
    ],
)
def test_what_came_is_told(status: int, body: object, detail: str) -> None:
    error = translated("GET", status, body)
    assert error is not None
    assert error.detail == detail


def test_a_limit_says_how_long_it_lasts_or_lasts_a_minute() -> None:
    for headers, pause in (({}, RATE_WINDOW), ({"Retry-After": "7"}, timedelta(seconds=7))):
        error = failure("GET", Answer(429, "", headers, b""), None)
        assert isinstance(error, Unavailable)
        assert (error.system, error.detail, error.retry_after) == ("duo", "too many requests", pause)


@pytest.mark.parametrize(("status", "stat"), [(200, "FAIL"), (500, "OK"), (500, "FAIL"), (400, None)])
def test_an_answer_that_holds_something_beside_a_failure_is_no_success(status: int, stat: str | None) -> None:
    assert translated("GET", status, {"stat": stat, "response": []}) is not None


def test_a_success_is_none_of_them() -> None:
    responses: tuple[object, ...] = ("", [], {}, None)
    for response in responses:
        assert translated("POST", 200, {"stat": "OK", "response": response}) is None


def test_a_failure_that_comes_as_a_success_is_still_one() -> None:
    assert type(translated("POST", 200, said(40003))) is Refused


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        (timedelta(minutes=7), "this machine's clock is 420 s ahead of Duo's"),
        (timedelta(minutes=-7), "this machine's clock is 420 s behind Duo's"),
        (None, "compare this machine's clock with the right time"),
    ],
)
def test_a_wrong_clock_is_named(skew: timedelta | None, words: str) -> None:
    error = translated("GET", 401, said(40105, "Bad request timestamp"), skew)
    assert isinstance(error, Misconfigured)
    assert error.detail == f"the time of a request isn't accepted: {words}"


@pytest.mark.parametrize(("code", "key"), [(40102, "integration_key"), (40103, "secret_key_file"), (40301, "Grant")])
def test_what_to_check_is_named(code: int, key: str) -> None:
    error = translated("GET", code // 100, said(code))
    assert isinstance(error, Misconfigured)
    assert key in error.detail


@pytest.mark.parametrize("code", [40002, 40302])
def test_a_refusal_has_duos_code_and_words(code: int) -> None:
    error = translated("POST", code // 100, said(code, "Invalid request parameters", "platform"))
    assert isinstance(error, Refused)
    assert (error.code, error.detail) == (str(code), f"{code}: Invalid request parameters: platform")


def test_credentials_that_are_refused_in_another_way_are_told_in_duos_words() -> None:
    error = translated("GET", 401, said(40104, "Wrong integration type"))
    assert error is not None
    assert error.detail == "40104: Wrong integration type"


def test_a_number_in_duos_words_is_shortened() -> None:
    error = translated("POST", 400, said(40003, "Duplicate resource", "+1 (480) 555-0123 is taken\n\x1b[2J"))
    assert error is not None
    assert error.detail == "40003: Duplicate resource: +…23 is taken [2J"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=50, deadline=None)
@given(
    status=st.integers(100, 599),
    said=st.fixed_dictionaries({}, optional=dict.fromkeys(("stat", "code", "message", "message_detail"), json_values)),
)
def test_any_answer_has_a_meaning(status: int, said: dict[str, object]) -> None:
    for method in ("GET", "POST"):
        error = translated(method, status, said)
        assert error is not None
        assert len(error.detail) < 500
        assert error.detail.isprintable()


@settings(max_examples=50, deadline=None)
@given(status=st.integers(100, 599), body=st.binary(max_size=60))
def test_any_bytes_have_a_meaning(status: int, body: bytes) -> None:
    error = translated("POST", status, body)
    assert error is not None
    assert not isinstance(error, Unavailable) or status in (408, 429)
