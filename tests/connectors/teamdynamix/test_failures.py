"""Which of the four errors each of TeamDynamix's answers is (TeamDynamix facts §5)."""

import json
from datetime import timedelta

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.https import Answer
from connectors.teamdynamix.failures import LONGEST, NOT_FOUND, Absent, doubtful, failure, result, sign_in_failure

NOON = "Tue, 24 Nov 2026 12:00:00 GMT"
SEVEN = timedelta(seconds=7)


def answer(status: int, body: object = b"", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, "", {name.replace("_", "-"): value for name, value in headers.items()}, raw)


@pytest.mark.parametrize(
    ("status", "on_read", "on_write"),
    [
        (200, Unavailable, Uncertain),
        (202, Unavailable, Uncertain),
        (299, Unavailable, Uncertain),
        (300, Misconfigured, Misconfigured),
        (302, Misconfigured, Misconfigured),
        (399, Misconfigured, Misconfigured),
        (400, Misconfigured, Refused),
        (401, Misconfigured, Misconfigured),
        (403, Misconfigured, Refused),
        (404, Absent, Absent),
        (408, Unavailable, Uncertain),
        (422, Misconfigured, Refused),
        (429, Unavailable, Unavailable),
        (499, Misconfigured, Refused),
        (500, Unavailable, Uncertain),
        (503, Unavailable, Uncertain),
    ],
)
def test_an_answer_means_what_the_table_says(
    status: int, on_read: type[ConnectorError], on_write: type[ConnectorError]
) -> None:
    for writing, meant in ((False, on_read), (True, on_write)):
        found = failure(answer(status, {"Message": "Said by them"}), writing=writing)
        assert type(found) is meant
        assert found.system == "teamdynamix"


@pytest.mark.parametrize("status", [302, 401, 500, 400, 404])
@pytest.mark.parametrize("writing", [False, True])
def test_their_own_words_are_told_after_the_status(status: int, writing: bool) -> None:
    said = failure(answer(status, {"Message": "call 480 555 0123\n"}), writing=writing).detail
    assert said.startswith(f"{status} call …23")
    assert failure(answer(status, b"<html>"), writing=False).detail.partition(":")[0] == str(status)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"[" * 100_000, {"Message": 7}, {"message": "no"}, 7, None])
def test_what_says_nothing_in_their_way_is_told_by_its_status_alone(body: object) -> None:
    assert failure(answer(500, body), writing=False).detail == "500"


def test_who_is_to_look_at_what_is_named() -> None:
    assert failure(answer(401), writing=True).detail == "401: check url and account in [teamdynamix]"
    rights = "403: check the account's rights and the ids in [teamdynamix]"
    assert failure(answer(403), writing=False).detail == rights


def test_a_refused_write_has_their_status_for_its_code() -> None:
    refused = failure(answer(400, {"Message": "No such status"}), writing=True)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.detail) == ("400", "400 No such status")


def test_a_write_that_is_refused_without_a_word_may_have_met_the_content_filter() -> None:
    silent = failure(answer(400), writing=True)
    assert silent.detail == "400 without a reason: its content filter may have met a word of the text"


def test_what_is_not_there_has_a_code_of_its_own() -> None:
    absent = failure(answer(404, {"Message": "Not found"}), writing=False)
    assert isinstance(absent, Absent)
    assert (absent.code, absent.detail) == (NOT_FOUND, "404 Not found")


def test_an_answer_that_cant_be_relied_on_is_doubtful_for_writes_alone() -> None:
    read, write = doubtful("cut off", writing=False), doubtful("cut off", writing=True)
    assert (type(read), type(write)) == (Unavailable, Uncertain)
    assert {(each.system, each.detail) for each in (read, write)} == {("teamdynamix", "cut off")}


@pytest.mark.parametrize("status", [200, 201, 299])
@pytest.mark.parametrize("writing", [False, True])
def test_a_whole_answer_is_what_it_holds(status: int, writing: bool) -> None:
    assert result(answer(status, {"ID": 7}), writing=writing) == {"ID": 7}


@pytest.mark.parametrize("body", [b"", b" \r\n"])
def test_an_empty_answer_is_nothing_to_a_write_and_a_failure_to_a_read(body: bytes) -> None:
    assert result(answer(200, body), writing=True) is None
    with pytest.raises(Unavailable) as failed:
        result(answer(200, body), writing=False)
    assert (failed.value.system, failed.value.detail) == ("teamdynamix", "the answer (200) is empty")


@pytest.mark.parametrize("body", [b"<html>", b'{"ID":', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize(("writing", "meant"), [(False, Unavailable), (True, Uncertain)])
def test_an_answer_that_cant_be_read_says_so_and_shows_nothing_of_itself(
    body: bytes, writing: bool, meant: type[ConnectorError]
) -> None:
    with pytest.raises(meant) as failed:
        result(answer(201, body), writing=writing)
    assert failed.value.detail == "the answer (201) can't be read"
    assert failed.value.__context__ is None


@pytest.mark.parametrize(
    ("status", "writing", "meant"),
    [
        (199, False, Unavailable),
        (202, True, Uncertain),
        (202, False, Unavailable),
        (300, True, Misconfigured),
        (400, True, Refused),
        (400, False, Misconfigured),
    ],
)
def test_what_is_no_success_is_raised_as_what_it_means(status: int, writing: bool, meant: type[ConnectorError]) -> None:
    with pytest.raises(meant):
        result(answer(status, {"ID": 7}), writing=writing)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_sign_in_that_is_refused_is_for_an_operator(status: int) -> None:
    refused = sign_in_failure(answer(status, {"Message": "a secret, maybe"}))
    assert isinstance(refused, Misconfigured)
    assert refused.system == "teamdynamix"
    assert refused.detail == f"the sign-in is refused ({status}): check the account in [teamdynamix]"


@pytest.mark.parametrize("status", [200, 408, 429, 500])
def test_a_sign_in_that_failed_otherwise_is_tried_later(status: int) -> None:
    assert type(sign_in_failure(answer(status))) is Unavailable


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Date": NOON, "X_RateLimit_Reset": "Tue, 24 Nov 2026 12:00:02 GMT"}, SEVEN),
        ({"Date": NOON, "X_RateLimit_Reset": "Tue, 24 Nov 2026 11:59:50 GMT"}, timedelta(seconds=1)),
        ({"Date": NOON, "X_RateLimit_Reset": "Tue, 24 Nov 2026 12:59:50 GMT"}, LONGEST),
        ({"X_RateLimit_Reset": NOON}, LONGEST),
        ({"Date": NOON}, LONGEST),
        ({"Date": NOON, "X_RateLimit_Reset": "soon"}, LONGEST),
        ({"Date": "soon", "X_RateLimit_Reset": NOON}, LONGEST),
        ({"Date": NOON, "X_RateLimit_Reset": "Tue, 24 Nov 2026 12:00:02 -0000"}, LONGEST),
        ({}, LONGEST),
    ],
)
def test_over_the_limit_the_wait_is_to_the_end_of_their_window_and_five_seconds(
    headers: dict[str, str], pause: timedelta
) -> None:
    limited = failure(answer(429, **headers), writing=True)
    assert isinstance(limited, Unavailable)
    assert (limited.detail, limited.retry_after) == ("too many calls", pause)
