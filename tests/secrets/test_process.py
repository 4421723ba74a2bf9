"""A running `duo-worker run`, as anybody on the machine sees it: its words, its environment, its log, its metrics."""

import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from tests.connectors.scripted import closed_port
from tests.secrets.planted import Planted
from tests.secrets.scans import told
from tests.secrets.sinks import Sunk, leaks, of_process
from tests.worker.cli.installed import installed
from tests.worker.cli.serving import serving


def test_a_running_worker_shows_no_secret_to_others_on_the_machine(tmp_path: Path) -> None:
    port = closed_port()
    with installed(tmp_path, {"http": {"listen": f"127.0.0.1:{port}"}}) as installation:
        installation.file("never_activated")
        installation.file("personal_address", device="Security key")
        with serving(installation, "--debug") as service:
            log = _until(service, "request_delivered", times=2)
            with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                metrics = answer.read().decode()
            sunk = [*of_process(service.pid), Sunk("log", log), Sunk("metrics", metrics)]
        planted = Planted()
        planted.files(tmp_path / "secrets")
        planted.collect(installation.sandbox)
    assert planted.values["code"]
    assert 'duo_worker_requests{state="awaiting"} 2.0' in metrics
    assert "--config" in sunk[0].text
    assert not told(leaks(iter(sunk), planted))


def test_a_secret_among_a_processs_words_or_in_its_environment_is_found() -> None:
    planted = Planted()
    planted.add("planted", "planted-on-purpose-Zq81")
    words = [sys.executable, "-c", "print(flush=True), input()", "--password", "planted-on-purpose-Zq81"]
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"TOKEN": "planted-on-purpose-Zq81"},
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # by then it is what it says it is
        found = [leak.place for leak in leaks(of_process(process.pid), planted)]
        process.kill()
    assert found == ["/proc/PID/cmdline", "/proc/PID/environ"]


def _until(service: "subprocess.Popen[str]", event: str, times: int) -> str:
    """The log up to where `event` comes for the last of so many times."""
    said = ""
    for line in service.stderr or ():
        said += line
        if said.count(f'"event": "{event}"') == times:
            return said
    raise AssertionError(said)
