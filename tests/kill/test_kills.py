"""`duo-worker run` killed at any instant over a mixed backlog, again and again: nothing is lost, nothing doubled."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import counted
from tests.faults.effects import Wrong, strays, wrongs
from tests.faults.stories import Story
from tests.kill.backlog import Backlog, backlog
from tests.kill.lives import LOOKED_AT, REMINDED, enrolled, lives, unfinished
from tests.rig import System

SAMPLE, MANY, PARTS = 8, 25, 8
BATCHING = {"servicenow": {"batch": True, "batch_counts": "one", "calls_per_minute": 400}}


def killed(place: Backlog, kills: int, chance: random.Random, some: Sequence[Story] | None = None) -> None:
    """Batches of requests are worked off, people act, a day goes by, until a worker was killed so often."""
    stories = lives(place.system) if some is None else some
    while place.kills < kills:
        batch = [place.file(story) for story in chance.sample(stories, len(stories))]
        left = kills - place.kills
        place.work_off((left + 1) // 2, chance)
        for scene in sorted(batch, key=lambda scene: stories.index(scene.story)):  # a day doesn't pass before all acted
            for act in scene.story.then[:1]:
                act(scene)
        place.clock.pass_(LOOKED_AT)
        place.work_off((left + 3) // 4, chance)
        place.clock.pass_(REMINDED)
        place.work_off(kills - place.kills, chance)
        place.clock.pass_(LOOKED_AT)
        place.work_off(0, chance)


def judged(place: Backlog) -> str:
    found: list[tuple[str, Wrong]] = [(str(scene.story), wrong) for scene in place.scenes for wrong in wrongs(scene)]
    found += [("all of them", wrong) for wrong in strays(place.scenes)]
    return told(found)


def told(found: list[tuple[str, Wrong]]) -> str:
    for _, wrong in found:
        counted.found(wrong.how)
    return "\n".join(f"{story}: {wrong}" for story, wrong in found)


def followed(place: Backlog) -> str:
    """What follow-up left undone."""
    return told([(str(scene.story), wrong) for scene in place.scenes for wrong in unfinished(scene)])


def test_a_worker_that_is_killed_now_and_then_loses_and_doubles_nothing(tmp_path: Path, system: System) -> None:
    with backlog(tmp_path, system=system) as place:
        killed(place, SAMPLE, random.Random(1))
        assert not (wrong := judged(place) + followed(place)), wrong
        assert any(enrolled(scene) for scene in place.scenes)


@pytest.mark.whole_matrix
@pytest.mark.parametrize("part", range(PARTS))
def test_a_worker_that_is_killed_over_and_over_loses_and_doubles_nothing(
    tmp_path: Path, system: System, part: int
) -> None:
    with backlog(tmp_path, system=system) as place:
        killed(place, MANY, random.Random(100 + part))
        assert not (wrong := judged(place) + followed(place)), wrong
        assert any(enrolled(scene) for scene in place.scenes)


@pytest.mark.whole_matrix
def test_a_worker_that_writes_in_batches_and_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with backlog(tmp_path, BATCHING) as place:
        killed(place, MANY, random.Random(200))
        assert not (wrong := judged(place) + followed(place)), wrong
        assert place.sandbox.calls.select("servicenow", "POST", "/api/now/v1/batch")
