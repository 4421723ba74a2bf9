"""Ends that are nobody's bug: a port that is taken, a folder that can't be used, a reader who has enough."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worker.cli.installed import configured, made, run


def test_a_sandbox_on_a_port_in_use_is_exit_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run(None, "sandbox", str(tmp_path / "new"), "--port", str(port))
    assert ended.code == 2
    assert ended.said.startswith(f"port {port} is in use")
    assert not (tmp_path / "new").exists()


def test_a_sandbox_in_what_is_no_folder_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = run(None, "sandbox", str(tmp_path / "file" / "new"))
    assert ended.code == 2
    assert "(Not a directory); name a folder that can be written" in ended.said


@pytest.mark.parametrize("words", [["status"], ["list"]])
def test_a_reader_who_has_enough_is_no_bug(tmp_path: Path, words: list[str]) -> None:
    config = configured(tmp_path)
    made(config)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "worker", "--config", str(config), *words]
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_sandbox_beside_the_ledger_of_an_earlier_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "duo-worker.db").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it ends at once
        ended = run(None, "sandbox", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert ended.out.startswith(f"{tmp_path}/var/duo-worker.db is the ledger of an earlier sandbox")


def test_the_version_is_the_packages() -> None:
    ended = run(None, "--version")
    assert ended.code == 0
    assert re.fullmatch(r"duo-worker(, run from its source| \d+\.\d+\.\d+\S*)\n", ended.out)
