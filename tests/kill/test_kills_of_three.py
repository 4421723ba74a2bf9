"""Three workers share a ledger on PostgreSQL and are killed one after the other: nothing is lost, nothing doubled."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from tests.kill.backlog import Backlog, backlog
from tests.kill.lives import AFTERWARDS, enrolled
from tests.kill.test_kills import followed, judged, killed
from worker.ledger.database import Ledger
from worker.ledger.schema import leases, requests

THREE: Final = 3
SAMPLE, MANY, PARTS = 2, 16, 4


def shared(url: str) -> dict[str, dict[str, Any]]:
    """What a killed worker had is waited for; so leases are as short as the time-outs of a second allow."""
    return {"worker": {"state": url, "dispatch": "procrastinate", "poll_every": "1s", "lease": "7s"}}


@contextmanager
def three(folder: Path, url: str, chance: random.Random) -> Iterator[Backlog]:
    """Killed is who polls, who has a request, or anybody."""

    def one(pids: Sequence[int], ledger: Ledger) -> int:
        asked = chance.choice((select(leases.c.owner), select(requests.c.lease_owner), None))
        with ledger.reading() as connection:
            owners = [] if asked is None else list(connection.execute(asked).scalars())
        busy = [pid for pid in pids if any(f":{pid}:" in owner for owner in owners)]
        return chance.choice(busy or pids)

    with backlog(folder, shared(url), size=THREE, choose=one) as place:
        yield place


def test_one_of_three_that_is_killed_now_and_then_loses_and_doubles_nothing(tmp_path: Path, database: str) -> None:
    chance = random.Random(3)
    with three(tmp_path, database, chance) as place:
        for story in AFTERWARDS:
            place.file(story)
        place.work_off(SAMPLE, chance)
        assert place.kills
        assert not (wrong := judged(place)), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("part", range(PARTS))
def test_three_that_are_killed_over_and_over_lose_and_double_nothing(tmp_path: Path, database: str, part: int) -> None:
    chance = random.Random(300 + part)
    with three(tmp_path, database, chance) as place:
        killed(place, MANY, chance)
        assert not (wrong := judged(place) + followed(place)), wrong
        assert any(enrolled(scene) for scene in place.scenes)
