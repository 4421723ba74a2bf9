"""`duo-worker run` told to end in the middle of things, with a ledger that is locked, and on a disk that is full."""

import os
import random
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.stories import STORIES
from tests.kill.backlog import Backlog, backlog
from tests.kill.test_kills import judged
from worker.ledger import leases
from worker.ledger.database import sqlite_file

BUSY = 200
SOON = {"worker": {"lease": "10s", "stop_within": "20s"}}
pytestmark = pytest.mark.long
UNUSABLE = "ledger_unusable"
NO_ROOM = 4096


def filed(place: Backlog) -> None:
    for story in STORIES:
        place.file(story)


def in_the_middle(place: Backlog, calls: int = 30) -> None:
    """The worker is started and has made so many calls."""
    place.service.start()
    place.until(lambda: len(place.sandbox.calls) >= calls)


def ends_well(place: Backlog) -> None:
    place.until_quiet()
    assert place.service.stop() == 0
    assert not (wrong := judged(place)), wrong


@contextmanager
def heard(pipe: Path) -> Iterator[list[str]]:
    """What the process says into a pipe, which no limit on files and no full disk stops."""
    os.mkfifo(pipe)
    said: list[str] = []
    held = os.open(pipe, os.O_RDWR)

    def listen() -> None:
        with pipe.open(encoding="utf-8") as lines:
            for line in lines:
                if line == "end\n":
                    return
                said.append(line)

    listening = threading.Thread(target=listen)
    listening.start()
    yield said
    os.write(held, b"end\n")
    listening.join()
    os.close(held)


def test_sigterm_in_the_middle_lets_what_is_under_way_end_and_nothing_else_begin(tmp_path: Path) -> None:
    with backlog(tmp_path, SOON) as place:
        place.sandbox.set_latency(timedelta(milliseconds=80))
        filed(place)
        in_the_middle(place)
        assert place.service.stop() == 0
        assert place.under_way()
        with place.ledger.reading() as connection:
            assert leases.held_now(connection) == 0
            begun = "SELECT count(*) FROM steps WHERE state = 'begun'"
            assert connection.exec_driver_sql(begun).scalar_one() == 0
        place.sandbox.set_latency(timedelta())
        place.work_off(0, random.Random(0))
        assert not (wrong := judged(place)), wrong


def test_a_ledger_that_is_locked_for_a_while_delays_and_loses_nothing(tmp_path: Path) -> None:
    with backlog(tmp_path, SOON, busy=BUSY) as place:
        filed(place)
        in_the_middle(place)
        lock = sqlite3.connect(tmp_path / "var" / "duo-worker.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        place.until(lambda: place.service.log.read_text(encoding="utf-8").count(UNUSABLE) >= 3)
        lock.execute("ROLLBACK")
        lock.close()
        ends_well(place)


def test_a_disk_that_takes_nothing_for_a_while_delays_and_loses_nothing(tmp_path: Path) -> None:
    with heard(tmp_path / "said") as said, backlog(tmp_path, SOON, log="said", busy=BUSY) as place:
        filed(place)
        in_the_middle(place)
        _, most = resource.prlimit(place.service.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(place.service.pid, resource.RLIMIT_FSIZE, (NO_ROOM, most))
        place.until(lambda: sum(UNUSABLE in line for line in said) >= 3)
        resource.prlimit(place.service.pid, resource.RLIMIT_FSIZE, (most, most))
        ends_well(place)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a few megabytes; skips where this account may not mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Until nothing more goes onto the disk."""
    with file.open("wb", buffering=0) as full:
        for size in (1 << 16, 512):
            try:
                while True:
                    full.write(b"x" * size)
            except OSError:
                continue


def test_a_full_disk_delays_and_loses_nothing_once_there_is_room_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        changes = {"worker": {**SOON["worker"], "state": f"sqlite:///{disk / 'duo-worker.db'}"}}
        with backlog(tmp_path, changes, busy=BUSY) as place:
            assert sqlite_file(str(place.ledger.engine.url)) == disk / "duo-worker.db"
            filed(place)
            in_the_middle(place)
            fill(disk / "junk")
            place.until(lambda: place.service.log.read_text(encoding="utf-8").count(UNUSABLE) >= 3)
            (disk / "junk").unlink()
            ends_well(place)
