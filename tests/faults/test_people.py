"""People act between any two calls of the worker: within a poll nothing is left alive that shouldn't be."""

import random

import pytest

from tests.faults.cases import Case, numbered
from tests.faults.conftest import Cleanly
from tests.faults.meanwhile import ACTS, ACTS_AFTER, SERVED, after_the_delivery, before_every_call, failures
from tests.faults.stage import Stage
from tests.faults.stories import FOLLOWED, Act, Story, take

SAMPLE = 1
SAMPLE_AFTER = 2
"""Of each story, whatever is done."""


@pytest.mark.long
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("story", SERVED, ids=str)
def test_a_sample_of_what_people_do_meanwhile(stage: Stage, cleanly: Cleanly, story: Story, act: Act) -> None:
    cases = before_every_call(cleanly, story, act)
    sample = random.Random(f"{story} {act.__name__}").sample(cases, SAMPLE)
    assert not (wrong := failures(stage, cleanly, sample)), wrong


@pytest.mark.parametrize("story", FOLLOWED, ids=str)
def test_a_sample_of_what_people_do_after_the_delivery(stage: Stage, cleanly: Cleanly, story: Story) -> None:
    cases = [case for act in ACTS_AFTER for case in after_the_delivery(cleanly, story, act)]
    sample = random.Random(f"{story} after").sample(cases, SAMPLE_AFTER)
    assert not (wrong := failures(stage, cleanly, sample)), wrong


def test_a_ticket_that_is_taken_while_the_ladder_is_at_it_stays_with_who_took_it(
    stage: Stage, cleanly: Cleanly
) -> None:
    story = next(story for story in FOLLOWED if story.name == "a link is texted again, then given up")
    calls = list(numbered(cleanly(story)))
    (reminding,) = [place for place, (call, _) in enumerate(calls) if call.method == "PATCH"][-2:-1]
    cases = [
        Case(story, people=((call.system, number, take),)) for call, number in calls[reminding - 4 : reminding + 1]
    ]
    assert not (wrong := failures(stage, cleanly, cases)), wrong


@pytest.mark.whole_matrix
@pytest.mark.long
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("story", SERVED, ids=str)
def test_whatever_people_do_meanwhile(stage: Stage, cleanly: Cleanly, story: Story, act: Act) -> None:
    cases = before_every_call(cleanly, story, act)
    assert not (wrong := failures(stage, cleanly, cases)), wrong


@pytest.mark.whole_matrix
@pytest.mark.long
@pytest.mark.parametrize("act", ACTS_AFTER)
@pytest.mark.parametrize("story", FOLLOWED, ids=str)
def test_whatever_people_do_after_the_delivery(stage: Stage, cleanly: Cleanly, story: Story, act: Act) -> None:
    cases = after_the_delivery(cleanly, story, act)
    assert cases
    assert not (wrong := failures(stage, cleanly, cases)), wrong
