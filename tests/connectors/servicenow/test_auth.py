"""Signing in, and the token's life."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connectors.errors import Misconfigured, Unavailable
from connectors.gate import free
from connectors.sandbox.messages import Request, Response
from connectors.secret import Secret
from connectors.servicenow.auth import Bearer, ClientCredentials, Token
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query
from connectors.servicenow.table import page, patch
from tests.connectors.scripted import Scripted, everything_shown
from tests.connectors.servicenow.stand import NoPauses, Stand

SECRET = "a-client-secret-of-some-length"


def ask(instance: Instance) -> None:
    page(instance, "sys_user", Query(), ["sys_id"], limit=1)


@pytest.mark.parametrize("way", ["client", "password", "basic"])
def test_each_way_to_sign_in_works(stand: Stand, way: str) -> None:
    stand.servicenow.set_user("duo.worker", web_service_access_only="false")
    stand.servicenow.add_account("basic", "a long password", roles=["itil"])
    ask(stand.instance(getattr(stand, way)()))
    assert [call.status for call in stand.calls()] == [200]


def test_a_token_serves_until_its_end_and_is_then_fetched_anew() -> None:
    now, fetched = [0.0], [Token(Secret("first"), 1800), Token(Secret("second"), 1800)]
    bearer = Bearer(lambda: fetched.pop(0), clock=lambda: now[0])
    assert bearer.header() == "Bearer first"
    now[0] = 1799.9
    assert bearer.header() == "Bearer first"
    now[0] = 1800
    assert bearer.header() == "Bearer second"


def test_a_token_without_time_left_still_serves_the_call_it_was_fetched_for() -> None:
    tokens = iter([Token(Secret("last"), 0), Token(Secret("next"), 1800)])
    bearer = Bearer(lambda: next(tokens), clock=lambda: 7.0)
    assert [bearer.header(), bearer.header()] == ["Bearer last", "Bearer next"]


def test_many_threads_fetch_one_token(stand: Stand) -> None:
    instance = stand.instance()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(instance), range(16)))
    assert len(stand.server.calls.select(path="/oauth_token.do")) == 1


def test_many_threads_that_are_refused_with_one_token_fetch_one_new(stand: Stand) -> None:
    instance = stand.instance()
    ask(instance)
    stand.servicenow.expire_tokens()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(instance), range(8)))
    assert len(stand.server.calls.select(path="/oauth_token.do")) == 2


@pytest.mark.parametrize("writes", [False, True])
def test_a_call_turned_away_for_an_old_token_is_sent_once_more_with_a_new_one(stand: Stand, writes: bool) -> None:
    instance, filed = stand.instance(), stand.file()
    ask(instance)
    stand.servicenow.expire_tokens()
    stand.new_calls()
    if writes:
        patch(instance, "sc_task", filed.task.sys_id, {"work_notes": "a note"}, ())
        assert len(stand.servicenow.journal(filed.task.sys_id)) == 1
    else:
        ask(instance)
    assert [call.status for call in stand.new_calls()] == [401, 200]


def test_an_account_that_is_locked_is_an_operator_s_business(stand: Stand) -> None:
    instance = stand.instance()
    ask(instance)
    stand.servicenow.set_user("duo.worker", locked_out="true")
    stand.new_calls()
    with pytest.raises(Misconfigured):
        ask(instance)
    assert [call.status for call in stand.new_calls()] == [401]


def test_a_call_that_is_turned_away_with_a_new_token_too_is_not_sent_a_third_time(scripted: Scripted) -> None:
    token = Response.json(200, {"access_token": "t0ken", "expires_in": 1799})
    refused = Response.json(401, {"error": {"message": "User Not Authenticated", "detail": None}})
    scripted.answer(token, refused)
    with pytest.raises(Misconfigured):
        ask(an_instance(scripted))
    assert len(scripted.asked) == 3


def test_a_wrong_secret_is_an_operator_s_business_and_is_not_tried_again(stand: Stand) -> None:
    known = stand.servicenow.credentials
    instance = stand.instance(ClientCredentials(known.client_id, Secret(SECRET)))
    with pytest.raises(Misconfigured, match="invalid_client") as failure:
        ask(instance)
    assert len(stand.server.calls) == 1
    assert SECRET not in everything_shown(failure.value)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Response.json(500, {"error": "server_error"}),
        Response.html(200, "<h1>Sign in</h1>"),
        Response.json(200, {"token_type": "Bearer"}),
        Response.json(200, {"access_token": "", "expires_in": 1799}),
        Response.json(200, {"access_token": "t", "expires_in": "soon"}),
        Response.json(429, {"error": "busy"}),
    ],
)
def test_without_a_token_nothing_else_is_sent_and_a_write_may_be_sent_later(
    scripted: Scripted, answer: Response | None
) -> None:
    scripted.answer(answer)
    with pytest.raises(Unavailable) as failure:
        patch(an_instance(scripted), "sc_task", "a" * 32, {"state": "2"}, ())
    assert {request.path for request in scripted.asked} == {"/oauth_token.do"}
    assert SECRET not in everything_shown(failure.value)


def test_an_answer_that_repeats_the_secret_is_not_told_on(scripted: Scripted) -> None:
    scripted.answer(Response.json(401, {"error": f"invalid {SECRET}"}))
    with pytest.raises(Misconfigured) as failure:
        ask(an_instance(scripted))
    assert SECRET not in everything_shown(failure.value)


def test_the_gate_is_passed_before_each_request_the_one_for_a_token_too(stand: Stand) -> None:
    passed: list[int] = []
    instance = stand.instance(gate=lambda: passed.append(len(stand.server.calls)))
    ask(instance)
    ask(instance)
    assert passed == [0, 1, 2]


def test_nothing_is_sent_through_a_closed_gate(scripted: Scripted) -> None:
    def closed() -> None:
        raise Unavailable("servicenow", "no slot", retry_after=timedelta(minutes=1))

    instance = an_instance(scripted.answer(Response(200)), gate=closed)
    with pytest.raises(Unavailable, match="no slot"):
        ask(instance)
    assert scripted.asked == []


def test_a_secret_is_sent_in_the_body_and_nowhere_else(scripted: Scripted) -> None:
    scripted.answer(Response.json(200, {"access_token": "t0ken", "expires_in": 1799, "result": []}))
    ask(an_instance(scripted))
    token, read = scripted.asked
    assert SECRET.encode() in token.body
    assert SECRET not in _but_body(token) + _but_body(read)
    assert read.headers["authorization"] == "Bearer t0ken"


def _but_body(request: Request) -> str:
    return f"{request.path}{request.raw_query}{request.headers}"


def an_instance(scripted: Scripted, gate: object = free) -> Instance:
    credentials = ClientCredentials("an-id", Secret(SECRET))
    stop: threading.Event = NoPauses()
    return Instance(scripted.url, credentials, gate=gate, stop=stop, ca_file=scripted.ca_file)  # type: ignore[arg-type]
