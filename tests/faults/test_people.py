"""People act between any two calls of the worker: within a poll nothing is left alive that shouldn't be."""

import random
from dataclasses import replace

import pytest

from tests.faults.cases import Case, numbered, play
from tests.faults.conftest import Cleanly
from tests.faults.expected import told, verdict
from tests.faults.stage import Stage
from tests.faults.stories import STORIES, Act, Scene, Story, close, hand_back, revoke, take, verify

pytestmark = pytest.mark.long
SAMPLE = 1
SERVED = [
    replace(story, then=(), ends="awaiting")
    for story in STORIES
    if story.ends != "refused" and not {verify, hand_back} & set(story.then)
]
"""The stories that go to their delivery in one go, up to there."""


def edit_number(scene: Scene) -> None:
    scene.site.edit_answer(scene.filed.item.number, "mobile_number", "+16025559876")


def activate(scene: Scene) -> None:
    if scene.sandbox.duo.user(scene.person.user_name) is not None:
        for number in (scene.person.number, *(phone.number for phone in scene.dead_phones)):
            if scene.sandbox.duo.phone(number) is not None:
                scene.sandbox.duo.activate(scene.person.user_name, number)


ACTS: tuple[Act, ...] = (close, take, revoke, edit_number, activate)


def cases(cleanly: Cleanly, story: Story, act: Act) -> list[Case]:
    """Before every call."""
    return [Case(story, people=((call.system, number, act),)) for call, number in numbered(cleanly(story))]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("story", SERVED, ids=str)
def test_a_sample_of_what_people_do_meanwhile(stage: Stage, cleanly: Cleanly, story: Story, act: Act) -> None:
    sample = random.Random(f"{story} {act.__name__}").sample(cases(cleanly, story, act), SAMPLE)
    runs = [play(stage, case) for case in sample]
    judged = [(run, verdict(run, cleanly(story))) for run in runs]
    assert not (wrong := told([(run, found) for run, found in judged if found])), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("story", SERVED, ids=str)
def test_whatever_people_do_meanwhile(stage: Stage, cleanly: Cleanly, story: Story, act: Act) -> None:
    runs = [play(stage, case) for case in cases(cleanly, story, act)]
    judged = [(run, verdict(run, cleanly(story))) for run in runs]
    assert not (wrong := told([(run, found) for run, found in judged if found])), wrong
