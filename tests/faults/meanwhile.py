"""What people do between any two calls of the worker: before a delivery, and while it is followed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tests.faults.cases import Case, numbered, play
from tests.faults.conftest import Cleanly
from tests.faults.expected import told, verdict
from tests.faults.stage import Stage
from tests.faults.stories import STORIES, Act, Scene, Story, close, hand_back, revoke, take, verify

SERVED: Final = tuple(
    replace(story, then=(), ends="awaiting")
    for story in STORIES
    if story.ends != "refused" and not {verify, hand_back} & set(story.then)
)
"""The stories that go to their delivery in one go, up to there."""


def edit_number(scene: Scene) -> None:
    scene.site.edit_answer(scene.filed.item.number, "mobile_number", "+16025559876")


def activate(scene: Scene) -> None:
    if scene.sandbox.duo.user(scene.person.user_name) is not None:
        for number in (scene.person.number, *(phone.number for phone in scene.dead_phones)):
            if scene.sandbox.duo.phone(number) is not None:
                scene.sandbox.duo.activate(scene.person.user_name, number)


def add_another_key(scene: Scene) -> None:
    scene.sandbox.duo.register_key(scene.person.user_name, "Another key")


def use_codes(scene: Scene) -> None:
    """Every code that the worker made, once."""
    for code in scene.sandbox.duo.codes(scene.person.user_name):
        if code.digits != scene.agents_code:
            scene.sandbox.duo.use_code(scene.person.user_name, code.digits)


def comment(scene: Scene) -> None:
    scene.site.comment(scene.filed.task.number, scene.person.user_name, "It didn't work.")


ACTS: Final[tuple[Act, ...]] = (close, take, revoke, edit_number, activate)
ACTS_AFTER: Final[tuple[Act, ...]] = (*ACTS, add_another_key, use_codes, comment)


def before_every_call(cleanly: Cleanly, story: Story, act: Act) -> list[Case]:
    """One case for each call of the story's clean run."""
    return [Case(story, people=((call.system, number, act),)) for call, number in numbered(cleanly(story))]


def after_the_delivery(cleanly: Cleanly, story: Story, act: Act) -> list[Case]:
    """Of these, the ones whose call comes after those that bring the delivery."""
    delivering = Counter(call.system for call in cleanly(replace(story, then=(), ends="awaiting")).calls)
    cases = before_every_call(cleanly, story, act)
    return [case for case in cases for system, number, _ in case.people if number > delivering[system]]


def failures(stage: Stage, cleanly: Cleanly, cases: Iterable[Case]) -> str:
    """What must not be, told; empty: nothing."""
    runs = [play(stage, case) for case in cases]
    judged = [(run, verdict(run, cleanly(run.case.story))) for run in runs]
    return told([(run, found) for run, found in judged if found])
