"""What a test run tried and what became of it, counted in one place across all its processes.

A test that tries something says so (`tried`); one that finds something wrong says what (`found`) before it fails. The
sums are printed at the end of the run, which fails where something was found. `python -m tests.counted` does the same
for a place that outlives the run, and for nothing but that place.
"""

import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Literal

Tried = Literal["faults tried", "kills", "bad inputs"]
Found = Literal["lost", "doubled", "leaked"]

FOUND = ("lost", "doubled", "leaked")
NAMES = ("faults tried", "kills", "bad inputs", *FOUND)
PLACE = "DUO_WORKER_TESTS_COUNTED"


def begin() -> bool:
    """Make the place, unless there is one: the processes of a run inherit that of the first. Whether it was made."""
    if PLACE in os.environ:
        return False
    os.environ[PLACE] = tempfile.mkdtemp(prefix="counted-")
    return True


def end() -> None:
    """Take the place away; for whoever made it."""
    shutil.rmtree(os.environ.pop(PLACE))


def tried(what: Tried, times: int = 1) -> None:
    """`times` more of these were tried."""
    _add(what, times)


def found(what: Found) -> None:
    """Something was wrong, in this way."""
    _add(what, 1)


def line() -> str:
    """The sums, as in `faults tried: 9, kills: 0, …, doubled: 0, leaked: 0`; empty where nothing was counted."""
    known = sums()
    return ", ".join(f"{name}: {known[name]}" for name in NAMES) if known.total() else ""


def is_clean() -> bool:
    """Whether nothing was lost, doubled or leaked as far as it was counted."""
    known = sums()
    return not any(known[name] for name in FOUND)


def sums() -> Counter[str]:
    """By name, of all processes together."""
    added: Counter[str] = Counter()
    for file in Path(os.environ[PLACE]).glob("*.txt") if PLACE in os.environ else ():
        for entry in file.read_text(encoding="utf-8").splitlines():
            name, _, times = entry.partition(":")
            added[name] += int(times)
    return added


def _add(what: str, times: int) -> None:
    if PLACE in os.environ:
        with (Path(os.environ[PLACE]) / f"{os.getpid()}.txt").open("a", encoding="utf-8") as file:
            file.write(f"{what}:{times}\n")


if __name__ == "__main__":
    sys.stdout.write(f"{line() or 'nothing was counted'}\n")
    sys.exit(0 if line() and is_clean() else 1)
