"""The sandbox on its own, in this process and in one of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
import urllib3

from connectors.sandbox.launch import Wanted, run
from tests.connectors.sandbox.clock import Clock


def test_it_says_where_everything_is_and_runs_until_told_to_stop(tmp_path: Path) -> None:
    stop, told = threading.Event(), []

    def tell(line: str) -> None:
        told.append(line)
        if line.startswith("Configuration"):
            stop.set()

    run(Wanted(tmp_path / "new", latency=timedelta(milliseconds=1)), clock=Clock(), stop=stop, tell=tell)
    config = Path(told[-1].split(maxsplit=1)[1])
    tables = tomllib.loads(config.read_text())
    assert config.parent == tmp_path / "new"
    assert told[0].endswith(tables["servicenow"]["url"])
    assert Path(tables["duo"]["ca_file"]).is_file()


def test_people_may_file_with_teamdynamix(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    run(Wanted(tmp_path, tickets="teamdynamix"), clock=Clock(), stop=stop, tell=lambda _: None)
    tables = tomllib.loads((tmp_path / "config.toml").read_text())
    assert tables["tickets"] == {"system": "teamdynamix"}
    assert "servicenow" not in tables


def test_it_runs_in_a_terminal_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "connectors.sandbox", str(tmp_path), "--people", "1", "--seed", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(7)]
        found = re.findall(r"http://localhost:\d+", "".join(lines))
        with urllib3.PoolManager() as pool:
            people = [pool.request("GET", f"{control}/people").json() for control in found]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert len(found) == 1, lines
    assert [person["kind"] for person in people[0]].count("never_activated") == 1


def test_a_port_in_use_is_refused_before_anything_in_the_folder_changes(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("of the sandbox that runs")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        run(Wanted(tmp_path, port=taken.getsockname()[1]), clock=Clock(), stop=threading.Event(), tell=print)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("ca.pem", "of the sandbox that runs")]
