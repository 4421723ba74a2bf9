"""The HTTP engine under the stand-ins, asked by urllib3 and by hand."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import urllib3

from connectors.sandbox.http import App, HangUp, Request, Response, Server
from connectors.sandbox.tls import Certificates
from tests.connectors.sandbox.clock import Clock

Serve = Callable[[App], Server]


def echo(request: Request) -> Response:
    return Response.json(200, [request.method, request.path, request.query, request.body.decode()])


@pytest.fixture
def serve(trust: Certificates, clock: Clock) -> Iterator[Serve]:
    servers: list[Server] = []

    def start(app: App) -> Server:
        servers.append(Server("tested", app, tls=trust.server, clock=clock))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def pool(trust: Certificates) -> Iterator[urllib3.PoolManager]:
    with urllib3.PoolManager(ca_certs=str(trust.ca_file), retries=False, timeout=5, maxsize=8) as pool:
        yield pool


def connect(server: Server, trust: Certificates) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(trust.ca_file))
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    return context.wrap_socket(raw, server_hostname="localhost")


def say(server: Server, trust: Certificates, text: bytes) -> bytes:
    """Everything that comes back on a connection of its own, until the server closes it."""
    with connect(server, trust) as connection, connection.makefile("rb") as answer:
        connection.sendall(text)
        return answer.read()


def test_an_app_sees_method_raw_path_decoded_query_and_body(serve: Serve, pool: urllib3.PoolManager) -> None:
    answer = pool.request("PATCH", f"{serve(echo).url}/a%20b?x=1&x=2&empty=&q=%5EORa", body=b"hello")
    assert answer.json() == ["PATCH", "/a%20b", [["x", "1"], ["x", "2"], ["empty", ""], ["q", "^ORa"]], "hello"]


def test_header_names_arrive_in_lower_case_and_repeated_ones_joined(serve: Serve, trust: Certificates) -> None:
    server = serve(lambda request: Response.text(200, request.headers["x-odd"]))
    answer = say(server, trust, b"GET / HTTP/1.1\r\nHost: x\r\nX-Odd: a\r\nX-ODD: b\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"\r\n\r\na, b")


def test_the_date_is_the_sandbox_clocks(serve: Serve, pool: urllib3.PoolManager) -> None:
    answer = pool.request("GET", serve(echo).url)
    assert answer.headers["Date"] == "Tue, 24 Nov 2026 15:00:00 GMT"


def test_an_answer_may_lie_about_its_date_and_length(serve: Serve, trust: Certificates) -> None:
    server = serve(lambda _: Response(200, b"short", {"Date": "never", "Content-Length": "500", "Connection": "close"}))
    answer = say(server, trust, b"GET / HTTP/1.0\r\n\r\n")
    assert answer.count(b"Date:") == answer.count(b"Content-Length:") == answer.count(b"Connection:") == 1
    assert answer.endswith(b"short")


def test_one_connection_serves_many_calls(serve: Serve, trust: Certificates) -> None:
    server = serve(echo)
    asked = b"GET /1 HTTP/1.1\r\nHost: x\r\n\r\n" + b"GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = say(server, trust, asked)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert [call.path for call in server.calls] == ["/1", "/2"]


def test_a_stray_end_of_line_between_two_requests_is_skipped(serve: Serve, trust: Certificates) -> None:
    asked = b"POST /1 HTTP/1.1\r\nContent-Length: 1\r\n\r\nx\r\nGET /2 HTTP/1.0\r\n\r\n"
    assert say(serve(echo), trust, asked).count(b"HTTP/1.1 200 OK") == 2


def test_head_tells_the_length_and_sends_no_body(serve: Serve, trust: Certificates) -> None:
    answer = say(serve(echo), trust, b"HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: 22" in head
    assert body == b""


def test_an_answer_without_content_has_no_length(serve: Serve, trust: Certificates) -> None:
    answer = say(serve(lambda _: Response(204)), trust, b"GET / HTTP/1.0\r\n\r\n")
    assert b"Content-Length" not in answer


@pytest.mark.parametrize("length", [8_193, 23_000, 65_500])
def test_long_urls_are_taken_up_to_64_kb(serve: Serve, pool: urllib3.PoolManager, length: int) -> None:
    answer = pool.request("GET", f"{serve(echo).url}/?q={'x' * length}")
    assert answer.json()[2] == [["q", "x" * length]]


def test_a_longer_url_is_refused(serve: Serve, pool: urllib3.PoolManager) -> None:
    assert pool.request("GET", f"{serve(echo).url}/?q={'x' * 66_000}").status == 414


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /\r\n\r\n", b"400"),
        (b"GET http://elsewhere/ HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / SPDY/3\r\n\r\n", b"400"),
        (b"BREW / HTTP/1.1\r\n\r\n", b"501"),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: 33554433\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
    ],
)
def test_a_malformed_request_is_refused_and_the_connection_closed(
    serve: Serve, trust: Certificates, asked: bytes, status: bytes
) -> None:
    server = serve(echo)
    answer = say(server, trust, asked)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"Connection: close" in answer
    assert len(server.calls) == 0


def test_a_client_that_waits_for_100_continue_gets_it(serve: Serve, trust: Certificates) -> None:
    server = serve(echo)
    with connect(server, trust) as connection, connection.makefile("rb") as answer:
        connection.sendall(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert answer.readline() == b"HTTP/1.1 100 Continue\r\n"
        connection.sendall(b"hi")
        assert b'"hi"' in answer.read()


def test_a_client_that_leaves_in_the_middle_disturbs_nobody(
    serve: Serve, trust: Certificates, pool: urllib3.PoolManager
) -> None:
    server = serve(echo)
    with connect(server, trust) as leaving:
        leaving.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    assert pool.request("GET", server.url).status == 200
    assert [call.method for call in server.calls] == ["GET"]


def test_clients_without_tls_or_trust_disturb_nobody(serve: Serve, pool: urllib3.PoolManager) -> None:
    server = serve(echo)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
    with urllib3.PoolManager(retries=False) as distrustful, pytest.raises(urllib3.exceptions.SSLError):
        distrustful.request("GET", server.url)
    assert pool.request("GET", server.url).status == 200


def test_many_threads_each_get_their_own_answer(serve: Serve, pool: urllib3.PoolManager) -> None:
    server = serve(echo)
    wrong: list[str] = []

    def ask(name: str) -> None:
        for turn in range(20):
            path = f"/{name}/{turn}"
            if pool.request("GET", server.url + path).json()[1] != path:
                wrong.append(path)

    threads = [threading.Thread(target=ask, args=(str(index),)) for index in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(server.calls) == 320


def test_a_call_takes_about_a_millisecond_at_most(serve: Serve, pool: urllib3.PoolManager) -> None:
    server = serve(echo)
    begun = time.perf_counter()
    for _ in range(200):
        pool.request("GET", server.url)
    assert time.perf_counter() - begun < 2  # about 0.1 on an idle machine


def test_latency_delays_every_answer_and_may_change_while_running(serve: Serve, pool: urllib3.PoolManager) -> None:
    server = serve(echo)
    pool.request("GET", server.url)
    server.latency = timedelta(milliseconds=60)
    begun = time.perf_counter()
    pool.request("GET", server.url)
    assert time.perf_counter() - begun >= 0.06


def test_stopping_closes_idle_and_waiting_connections_and_ends_their_threads(serve: Serve, trust: Certificates) -> None:
    threads = threading.active_count()
    server = serve(echo)
    idle, waiting = connect(server, trust), connect(server, trust)
    idle.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert idle.recv(5) == b"HTTP/"
    server.latency = timedelta(hours=1)
    waiting.sendall(b"GET / HTTP/1.1\r\n\r\n")
    server.stop()
    server.stop()
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
    idle.close()
    waiting.close()


def test_an_app_that_hangs_up_gives_no_answer_and_the_call_is_on_record(serve: Serve, trust: Certificates) -> None:
    def commit_and_hang_up(_: Request) -> Response:
        raise HangUp

    server = serve(commit_and_hang_up)
    assert say(server, trust, b"POST /x HTTP/1.1\r\nContent-Length: 1\r\n\r\n1") == b""
    assert [(call.path, call.status, call.body) for call in server.calls] == [("/x", 0, b"1")]


def test_the_app_can_be_wrapped_while_the_server_runs(serve: Serve, pool: urllib3.PoolManager) -> None:
    server = serve(echo)
    server.app = lambda request: Response(500, echo(request).body)
    assert pool.request("GET", server.url).status == 500


def test_the_log_says_what_came_after_a_moment_and_what_meant_to_change_something(
    serve: Serve, pool: urllib3.PoolManager, clock: Clock
) -> None:
    server = serve(echo)
    pool.request("GET", f"{server.url}/a")
    before = len(server.calls)
    pool.request("GET", f"{server.url}/a/b?c=d")
    pool.request("DELETE", f"{server.url}/b")
    assert [call.path for call in server.calls.select("tested", since=before)] == ["/a/b", "/b"]
    assert [call.path for call in server.calls.select(path="/a")] == ["/a", "/a/b"]
    assert [(call.method, call.at) for call in server.calls.writes()] == [("DELETE", clock())]
    assert server.calls.select("other") == ()
    server.calls.clear()
    assert len(server.calls) == 0
