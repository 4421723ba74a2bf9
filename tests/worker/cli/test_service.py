"""`run`, as a process: it keeps a second one out, works while others look, and ends when it is told to."""

import json
import signal
import threading
from collections.abc import Iterator

from tests.worker.cli.installed import Installation
from tests.worker.cli.serving import serving


def test_a_service_serves_keeps_a_second_one_out_and_ends_on_sigterm(installation: Installation) -> None:
    filed = installation.file("never_activated")
    with serving(installation) as service:
        told = (json.loads(line) for line in service.stderr or ())
        assert any(each["event"] == "request_delivered" for each in told)
        ended = installation.run("once")
        assert ended.code == 3
        assert "another duo-worker acts on" in ended.said
        assert installation.state(filed) == "awaiting"
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=20) == 0
    assert installation.run("once").code == 0


def test_a_service_that_was_started_under_a_pause_of_everything_begins_at_once_when_it_is_lifted(
    installation: Installation,
) -> None:
    filed = installation.file("never_activated")
    assert installation.run("pause", "--all").code == 0
    with serving(installation) as service:
        told = (json.loads(line) for line in service.stderr or () if line.startswith("{"))  # a slow poll is warned of
        assert any(each["event"] == "started" for each in told)
        threading.Event().wait(3)
        assert installation.sandbox.calls.select() == ()
        assert installation.run("resume").code == 0
        assert any(each["event"] == "request_delivered" for each in told)
        assert installation.state(filed) == "awaiting"


def test_a_resumed_system_is_called_with_the_secret_that_its_file_holds_now(installation: Installation) -> None:
    assert installation.run("once").code == 0, "who is in which group is known"
    filed = installation.file("never_activated")
    secret = installation.secret("duo")
    right = secret.read_text()
    secret.write_text("x" * 40)
    with serving(installation) as service:
        told = (json.loads(line) for line in service.stderr or ())
        assert any(each["event"] == "system_paused" and each["system"] == "duo" for each in told)
        secret.write_text("")
        assert installation.run("resume").code == 2, "nothing is lifted while a secret can't be read"
        secret.write_text(right)
        assert installation.run("resume").code == 0
        assert any(each["event"] == "secrets_read_again" for each in told)
        events = [each["event"] for each in _until(told, "request_delivered")]
        assert "system_paused" not in events
        assert installation.state(filed) == "awaiting"
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=20) == 0


def _until(told: Iterator[dict[str, str]], event: str) -> Iterator[dict[str, str]]:
    for each in told:
        yield each
        if each["event"] == event:
            return
