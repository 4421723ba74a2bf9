"""The Makefile and the CI's script: what they promise can't be run from within, but its shape can be seen."""

import os
import subprocess
from pathlib import Path

TOP = Path(__file__).parents[2]


def test_ci_calls_make_test_and_can_be_executed() -> None:
    script = TOP / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make --no-print-directory test"


def test_pytest_comes_last_so_that_its_summary_is_the_last_line() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "test"], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert "-m pytest" in asked.stdout.splitlines()[-1]
    for part in ("ruff format --check", "ruff check", "mypy", "lint-imports"):
        assert part in asked.stdout
