"""What a run tried and found is counted across its processes, and what was found fails it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import counted


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(counted.PLACE, str(tmp_path))
    return tmp_path


def told() -> tuple[int, str]:
    """As `make test-all` ends."""
    run = subprocess.run([sys.executable, "-m", "tests.counted"], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


@pytest.mark.usefixtures("place")
def test_what_several_processes_tried_is_added_up() -> None:
    counted.tried("faults tried", 3)
    code = "from tests import counted; counted.tried('faults tried'); counted.tried('kills', 2)"
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
    assert told() == (0, "faults tried: 4, kills: 2, bad inputs: 0, lost: 0, doubled: 0, leaked: 0\n")


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("what", counted.FOUND)
def test_one_thing_that_was_found_is_told_and_fails_the_run(what: counted.Found) -> None:
    counted.tried("faults tried")
    counted.found(what)
    code, line = told()
    assert code == 1
    assert f"{what}: 1" in line
    assert not counted.is_clean()


@pytest.mark.usefixtures("place")
def test_a_run_that_tried_nothing_has_shown_nothing() -> None:
    assert told() == (1, "nothing was counted\n")
