"""Hints to a worker that runs as people run it: with a minute between polls, a signed one is followed at once."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import free_port
from tests.worker.cli.installed import Installation, configured, installed, run
from tests.worker.cli.serving import serving
from tests.worker.hinting import KEY, TOKEN, asked, bearer, hint, signed
from worker import wiring

BODY = b"something changed"
SOON = 20.0  # seconds, on a busy machine; without a hint it would be a minute
APART = 2


@pytest.fixture
def hinted(tmp_path: Path) -> Iterator[tuple[Installation, int]]:
    """An installation that polls once a minute and takes hints, and the port for them."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "hint-key").write_text(f"{KEY}\n")
    (secrets / "hint-token").write_text(f"{TOKEN}\n")
    port = free_port()
    http = {
        "listen": f"127.0.0.1:{port}",
        "hint_key_file": "secrets/hint-key",
        "hint_token_file": "secrets/hint-token",
        "hint_every": f"{APART}s",
    }
    with installed(tmp_path, {"http": http, "worker": {"poll_every": "60s"}}) as installation:
        yield installation, port


def until_polled(port: int) -> None:
    """The first poll, which comes by itself, is over; and so is the time after it that hints wait for."""
    pause = threading.Event()
    for _ in range(200):
        try:
            if json.loads(asked(port, "GET", "/health")[1])["last_poll_age_seconds"] is not None:
                break
        except (ConnectionError, KeyError):
            pass
        pause.wait(0.1)
    pause.wait(APART)


class Told:
    """What the service says while it runs."""

    def __init__(self, service: "subprocess.Popen[str]") -> None:
        self.events: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self._service = service
        self._pause = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def count(self, event: str) -> int:
        return len([each for each in self.events if each["event"] == event])

    def until(self, event: str, within: float = SOON) -> None:
        """Wait until it is said."""
        begun = time.monotonic()
        while not self.count(event):
            assert time.monotonic() < begun + within, f"{event} isn't said: {self.raw}"
            self._pause.wait(0.02)

    def _read(self) -> None:
        for line in self._service.stderr or ():
            self.raw.append(line)
            self.events.append(json.loads(line))


def test_with_a_minute_between_polls_a_signed_hint_brings_the_request_at_once_and_a_flood_two_polls(
    hinted: tuple[Installation, int],
) -> None:
    installation, port = hinted
    with serving(installation) as service:
        told = Told(service)
        until_polled(port)
        filed = installation.file("never_activated")
        assert hint(port, BODY, signed(BODY, wiring.now(), key="no" + KEY)) == 401
        assert hint(port, BODY, signed(BODY, wiring.now())) == 202
        told.until("hints_followed")
        told.until("request_delivered")
        assert installation.state(filed) == "awaiting"
        polls = polled(installation)
        begun = time.monotonic()
        assert {hint(port, BODY, bearer()) for _ in range(100)} == {202}
        flooded = time.monotonic() - begun
        threading.Event().wait(2 * APART + 1)
        assert 1 <= polled(installation) - polls <= 3 + flooded / APART
        said = "".join(told.raw) + asked(port, "GET", "/metrics")[1] + asked(port, "GET", "/health")[1]
        assert KEY not in said
        assert TOKEN not in said
        assert told.count("hints_refused") == 1


def polled(installation: Installation) -> int:
    """Polls so far: each asks the table of tasks once for what has changed."""
    calls = installation.sandbox.calls.select("servicenow", "GET")
    return len([call for call in calls if call.path.endswith("/sc_task") and "sys_updated_on" in str(call.query)])


@pytest.mark.parametrize("secret", ["too short\n", f"{KEY} with spaces\n", f"{KEY}\u00e9\n"])
def test_a_secret_for_hints_that_can_be_guessed_or_not_be_sent_is_no_secret(tmp_path: Path, secret: str) -> None:
    config = configured(tmp_path, http={"listen": "127.0.0.1:8350", "hint_token_file": "secrets/hint"})
    (tmp_path / "secrets" / "hint").write_text(secret)
    made = run(config, "migrate")
    assert made.code == 0
    ended = run(config, "run")
    assert ended.code == 2
    assert "secrets/hint needs 32 characters or more" in ended.said
    assert secret.strip() not in ended.err
