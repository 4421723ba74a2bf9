"""`duo-worker run` killed at any instant over a mixed backlog, again and again: nothing is lost, nothing doubled."""

import random
from pathlib import Path

import pytest

from tests import counted
from tests.faults.effects import Wrong, strays, wrongs
from tests.faults.stories import STORIES
from tests.kill.backlog import Backlog, backlog

SAMPLE, MANY, PARTS = 12, 25, 8


def killed(place: Backlog, kills: int, chance: random.Random) -> None:
    """Batches of requests are filed and worked off, people act, until the worker was killed so often."""
    while place.kills < kills:
        batch = [place.file(story) for story in chance.sample(STORIES, len(STORIES))]
        place.work_off((kills - place.kills + 1) // 2, chance)
        for scene in batch:
            for act in scene.story.then[:1]:
                act(scene)
        place.work_off(kills - place.kills, chance)


def judged(place: Backlog) -> str:
    found: list[tuple[str, Wrong]] = [(str(scene.story), wrong) for scene in place.scenes for wrong in wrongs(scene)]
    found += [("all of them", wrong) for wrong in strays(place.scenes)]
    for _, wrong in found:
        counted.found(wrong.how)
    return "\n".join(f"{story}: {wrong}" for story, wrong in found)


def test_a_worker_that_is_killed_now_and_then_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with backlog(tmp_path) as place:
        killed(place, SAMPLE, random.Random(1))
        assert not (wrong := judged(place)), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("part", range(PARTS))
def test_a_worker_that_is_killed_over_and_over_loses_and_doubles_nothing(tmp_path: Path, part: int) -> None:
    with backlog(tmp_path) as place:
        killed(place, MANY, random.Random(100 + part))
        assert not (wrong := judged(place)), wrong
