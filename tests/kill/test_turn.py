"""The worker that polls is killed: another polls within ten seconds, and what it had begun is ended."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from tests.kill.backlog import Backlog, backlog
from tests.kill.lives import AFTERWARDS
from tests.kill.test_kills import judged
from tests.kill.test_kills_of_three import shared
from worker.ledger import marks
from worker.ledger.database import Ledger
from worker.ledger.schema import leases
from worker.poll import LAST_POLL

pytestmark = pytest.mark.long
PROMISED: Final = 10.0
STARTING: Final = 60.0


def holder(pids: Sequence[int], ledger: Ledger) -> int:
    """The process whose turn it is."""
    with ledger.reading() as connection:
        owner = connection.execute(select(leases.c.owner)).scalar_one()
    (found,) = [pid for pid in pids if f":{pid}:" in owner]
    return found


def waited(holds: Callable[[], bool], patience: float) -> float:
    """How many seconds it took until that held."""
    begun, pause = time.monotonic(), threading.Event()
    while not holds():
        assert time.monotonic() < begun + patience, f"not within {patience} s"
        pause.wait(0.02)
    return time.monotonic() - begun


def polls(place: Backlog) -> object:
    with place.ledger.reading() as connection:
        return marks.get(connection, LAST_POLL)


def test_another_polls_within_ten_seconds_of_the_death_of_who_did(tmp_path: Path, database: str) -> None:
    with backlog(tmp_path, shared(database), size=2, choose=holder) as place:
        place.service.start()
        waited(lambda: polls(place) is not None and place.service.log.read_text().count('"started"') == 2, STARTING)
        for story in AFTERWARDS:
            place.file(story)
        waited(place.under_way, PROMISED)
        before = holder(place.service.pids, place.ledger)
        place.service.kill()
        last = polls(place)
        assert waited(lambda: polls(place) != last, PROMISED) > 0
        waited(lambda: holder([*place.service.pids, before], place.ledger) != before, PROMISED)
        place.work_off(0, random.Random(0))
        assert not (wrong := judged(place)), wrong
