"""The fault plan: each kind fails as it says, at the call it is meant for, and says whether that was carried out."""

import json
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError, ReadTimeoutError

from connectors.sandbox.faults import FaultPlan, Rule, kinds
from connectors.sandbox.http import Request, Response, Server
from connectors.sandbox.mail import MailSink
from connectors.sandbox.smtp import Terms
from connectors.sandbox.tls import Certificates
from tests.connectors.sandbox.clock import Clock

WAITS, SILENCE = 0.15, timedelta(seconds=0.3)


class Counting:
    """A stand-in that counts what it carried out, behind a plan of faults."""

    def __init__(self, system: str, plan: FaultPlan, trust: Certificates, clock: Clock) -> None:
        self.carried_out = 0
        self._lock = threading.Lock()
        self.server = Server(system, plan.around(system, self._app), tls=trust.server, clock=clock)
        plan.closed_by(system, self.server.close_for)
        self._pool = urllib3.PoolManager(ca_certs=str(trust.ca_file), retries=False, timeout=WAITS)

    def ask(self, method: str = "GET", path: str = "/a") -> urllib3.BaseHTTPResponse:
        return self._pool.request(method, self.server.url + path)

    def close(self) -> None:
        self._pool.clear()
        self.server.stop()

    def _app(self, request: Request) -> Response:
        with self._lock:
            self.carried_out += 1
        rows = [{"sys_id": name} for name in "abcd"]
        return Response.json(200, {"result": rows, "path": request.path}, {"X-Total-Count": "4"})


@pytest.fixture
def plan(clock: Clock) -> Iterator[FaultPlan]:
    plan = FaultPlan(clock, seed=5)
    plan.silence = SILENCE
    yield plan
    plan.end()


@pytest.fixture
def servicenow(plan: FaultPlan, trust: Certificates, clock: Clock) -> Iterator[Counting]:
    counting = Counting("servicenow", plan, trust, clock)
    yield counting
    counting.close()


@pytest.fixture
def mail(plan: FaultPlan, clock: Clock) -> Iterator[MailSink]:
    sink = MailSink(clock=clock, terms=Terms(spoil=plan.spoil_mail))
    plan.closed_by("mail", sink.close_for)
    yield sink
    sink.stop()


def rows(answer: urllib3.BaseHTTPResponse) -> list[str]:
    return [row["sys_id"] for row in answer.json()["result"]]


@pytest.mark.parametrize("kind", sorted(kinds("servicenow")))
def test_each_kind_says_rightly_whether_the_call_was_carried_out(
    plan: FaultPlan, servicenow: Counting, kind: str
) -> None:
    plan.set(Rule("servicenow", kind))
    with suppress(HTTPError):
        servicenow.ask("PATCH")
    (met,) = plan.met
    assert met.committed == met.rule.commits == (servicenow.carried_out == 1)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("busy", 429), ("error before", 500), ("error after", 500), ("page before", 503), ("page after", 503),
     ("accepted before", 202), ("accepted after", 202), ("truncated", 200), ("hibernating", 200), ("expired", 401),
     ("half", 200), ("slow", 200), ("meanwhile", 200)],
)  # fmt: skip
def test_some_kinds_answer(plan: FaultPlan, servicenow: Counting, kind: str, status: int) -> None:
    plan.set(Rule("servicenow", kind, lasts=timedelta(milliseconds=20)))
    answer = servicenow.ask()
    assert answer.status == status
    assert servicenow.ask().status == 200, "only the first call"


@pytest.mark.parametrize(
    ("kind", "error"),
    [("reset before", ProtocolError), ("reset after", ProtocolError), ("down", ProtocolError),
     ("silent before", ReadTimeoutError), ("silent after", ReadTimeoutError), ("late", ReadTimeoutError)],
)  # fmt: skip
def test_some_kinds_give_no_answer(plan: FaultPlan, servicenow: Counting, kind: str, error: type[HTTPError]) -> None:
    plan.set(Rule("servicenow", kind))
    with pytest.raises(error):
        servicenow.ask()


@pytest.mark.parametrize("kind", ["refused", "down"])
def test_a_closed_port_refuses_and_opens_again(plan: FaultPlan, servicenow: Counting, kind: str) -> None:
    plan.set(Rule("servicenow", kind, lasts=timedelta(seconds=0.2)))
    if kind == "refused":
        assert servicenow.ask().status == 200
    else:
        with pytest.raises(ProtocolError):
            servicenow.ask()
    with pytest.raises(NewConnectionError):
        servicenow.ask()
    plan.end()
    for _ in range(200):
        try:
            assert servicenow.ask().status == 200
        except NewConnectionError:
            threading.Event().wait(0.01)
        else:
            break
    else:
        pytest.fail("it stayed closed")


def test_a_port_is_closed_at_once_on_request(plan: FaultPlan, servicenow: Counting) -> None:
    servicenow.ask()
    plan.close("servicenow", timedelta(seconds=0.2))
    with pytest.raises(HTTPError):
        servicenow.ask()
    assert servicenow.carried_out == 1


def test_a_closed_port_is_nobody_elses(trust: Certificates, clock: Clock) -> None:
    server = Server("tested", lambda _: Response(200), tls=trust.server, clock=clock)
    server.close_for(timedelta(seconds=5))
    others = [Server("other", lambda _: Response(200), tls=None, clock=clock) for _ in range(20)]
    assert server.port not in [other.port for other in others]
    for each in (server, *others):
        each.stop()


def test_the_nth_call_that_matches_fails_and_times_in_all(plan: FaultPlan, servicenow: Counting) -> None:
    plan.set(Rule("servicenow", "busy", method="PATCH", route="^/task/", nth=2, times=2))
    calls = [("GET", "/task/1"), ("PATCH", "/user/1"), *[("PATCH", "/task/1")] * 4]
    assert [servicenow.ask(*call).status for call in calls] == [200, 200, 200, 429, 429, 200]
    assert [(met.method, met.path) for met in plan.met] == [("PATCH", "/task/1")] * 2


def test_a_chance_is_drawn_from_the_seed(trust: Certificates, clock: Clock) -> None:
    def statuses() -> list[int]:
        plan = FaultPlan(clock, seed=3)
        counting = Counting("duo", plan, trust, clock)
        plan.set(Rule("duo", "busy", chance=0.5))
        found = [counting.ask().status for _ in range(12)]
        counting.close()
        return found

    assert statuses() == statuses()
    assert set(statuses()) == {200, 429}


def test_what_is_late_is_carried_out_when_its_time_has_come(
    plan: FaultPlan, servicenow: Counting, clock: Clock
) -> None:
    plan.set(Rule("servicenow", "late", lasts=timedelta(seconds=30)))
    with pytest.raises(ReadTimeoutError):
        servicenow.ask()
    servicenow.ask()
    assert servicenow.carried_out == 1
    clock.advance(timedelta(seconds=30))
    plan.catch_up()
    assert servicenow.carried_out == 2


def test_rows_come_twice_or_slip_to_the_page_before(plan: FaultPlan, servicenow: Counting) -> None:
    plan.set(Rule("servicenow", "repeated"), Rule("servicenow", "slipped", nth=2))
    assert rows(servicenow.ask()) == list("aabbccdd")
    assert rows(servicenow.ask()) == list("bcd")


def test_people_act_just_before_the_call(plan: FaultPlan, servicenow: Counting) -> None:
    seen: list[int] = []
    plan.set(Rule("servicenow", "meanwhile", nth=2, before=lambda: seen.append(servicenow.carried_out)))
    servicenow.ask()
    servicenow.ask()
    assert seen == [1]


def test_duo_names_no_time_and_the_others_do(plan: FaultPlan, trust: Certificates, clock: Clock) -> None:
    for system, told in (("servicenow", True), ("duo", False), ("password_pusher", True)):
        counting = Counting(system, plan, trust, clock)
        plan.set(Rule(system, "busy"))
        assert ("Retry-After" in counting.ask().headers) == told
        counting.close()


@pytest.mark.parametrize("rule", [("fax", "busy"), ("duo", "hibernating"), ("mail", "busy")])
def test_a_kind_that_a_system_doesnt_have_is_refused(rule: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="no kind"):
        Rule(*rule)


def settle(is_so: Callable[[], bool]) -> None:
    """Give the sink's own thread a moment: a client that was hung up on may be ahead of it."""
    pause = threading.Event()
    for _ in range(200):
        if is_so():
            return
        pause.wait(0.01)


def send(sink: MailSink, trust: Certificates | None = None) -> None:
    with smtplib.SMTP("localhost", sink.port, timeout=WAITS) as client:
        if trust is not None:
            client.starttls(context=ssl.create_default_context(cafile=str(trust.ca_file)))
        client.sendmail("a@example.edu", ["b@example.edu"], "Subject: x\r\n\r\ny")


@pytest.mark.parametrize("kind", sorted(kinds("mail")))
def test_each_kind_of_mail_fault_says_rightly_whether_the_message_was_kept(
    plan: FaultPlan, mail: MailSink, kind: str
) -> None:
    plan.set(Rule("mail", kind))
    try:
        send(mail)
    except (smtplib.SMTPException, OSError):
        failed = True
    else:
        failed = False
    settle(lambda: len(plan.met) == 1)
    (met,) = plan.met
    assert (len(mail.messages) == 1) == met.committed
    assert failed == (kind not in ("refused", "meanwhile"))


@pytest.mark.parametrize("kind", sorted(set(kinds("mail")) - {"refused", "meanwhile"}))
def test_only_the_nth_conversation_fails_with_tls_too(trust: Certificates, clock: Clock, kind: str) -> None:
    plan = FaultPlan(clock)
    plan.silence = SILENCE
    sink = MailSink(clock=clock, terms=Terms(tls=trust.server, spoil=plan.spoil_mail))
    plan.set(Rule("mail", kind, nth=2))
    send(sink, trust)
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(sink, trust)
    send(sink, trust)
    settle(lambda: bool(plan.met) and len(sink.messages) == 2 + plan.met[0].committed)
    assert len(sink.messages) == 2 + plan.met[0].committed
    sink.stop()


def test_a_mail_port_that_is_closed_refuses(plan: FaultPlan, mail: MailSink) -> None:
    plan.set(Rule("mail", "refused", lasts=timedelta(seconds=5)))
    send(mail)
    refused: Any = None
    for _ in range(200):
        try:
            smtplib.SMTP("localhost", mail.port, timeout=WAITS).close()
        except ConnectionRefusedError as error:
            refused = error
            break
    assert refused is not None


def test_half_a_body_is_no_json(plan: FaultPlan, servicenow: Counting) -> None:
    plan.set(Rule("servicenow", "half"))
    with pytest.raises(json.JSONDecodeError):
        servicenow.ask().json()
