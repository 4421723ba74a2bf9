"""Every fault at every call of every story ends as if nothing had failed, or with a person who is told why."""

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

import pytest

from tests import counted
from tests.faults.cases import Case, Run, pairs, play, reads, singles, struck
from tests.faults.conftest import Cleanly
from tests.faults.effects import Wrong
from tests.faults.expected import makes_the_code, told, verdict
from tests.faults.stage import Stage
from tests.faults.stories import STORIES, Story
from tests.faults.written import Written

SAMPLE, PAIRS, UNPROVEN = 2, 1, 1
"""Cases of each story that `make test` plays."""

SLOW = ("silent before", "silent after", "late")
PARTS, ALL_PAIRS = 6, 60
CODE_STORIES = [story for story in STORIES if story.makes_a_code]


class Matrix:
    """Plays cases and tells what was wrong with them, secrets that were written down included."""

    def __init__(self, stage: Stage, cleanly: Cleanly, put_down: Written) -> None:
        self._stage = stage
        self.cleanly = cleanly
        self._put_down = put_down

    def failures(self, cases: Iterable[Case]) -> str:
        judged = [self._judged(case) for case in cases]
        on_tickets = self._put_down.leaked_on_tickets()
        for wrong in on_tickets:
            counted.found(wrong.how)
        return told([(run, wrong) for run, wrong in judged if wrong]) + "\n".join(wrong.what for wrong in on_tickets)

    def _judged(self, case: Case) -> tuple[Run, list[Wrong]]:
        run = play(self._stage, case)
        run = replace(run, wrongs=(*run.wrongs, *self._put_down.leaked()))
        return run, verdict(run, self.cleanly(case.story))


@pytest.fixture(scope="module")
def matrix(stage: Stage, cleanly: Cleanly, put_down: Written) -> Matrix:
    return Matrix(stage, cleanly, put_down)


def sampled(cleanly: Cleanly, story: Story, chance: random.Random) -> list[Case]:
    """Half of them at writes, which are fewer and matter more; none that takes seconds."""
    run = cleanly(story)
    cases = singles(run)
    writing = [case for case in cases if not reads(struck(run, case))]
    reading = [case for case in cases if reads(struck(run, case)) and "silent" not in case.rules[0].kind]
    writing = [case for case in writing if case.rules[0].kind not in SLOW]
    return chance.sample(writing, SAMPLE // 2) + chance.sample(reading, SAMPLE // 2)


def unproven(cleanly: Cleanly, story: Story) -> list[Case]:
    """Every fault at the calls that make the code, where `check --probe-user` never passed."""
    run = cleanly(story)
    return [Case(story, case.rules, proven=False) for case in singles(run) if makes_the_code(struck(run, case))]


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_sample_of_the_matrix(matrix: Matrix, story: Story) -> None:
    chance = random.Random(f"{story} sample")
    cases = [*sampled(matrix.cleanly, story, chance), *islice(pairs(matrix.cleanly(story), chance), PAIRS)]
    assert not (wrong := matrix.failures(cases)), wrong


@pytest.mark.parametrize("story", CODE_STORIES, ids=str)
def test_a_sample_without_the_fingerprints_proof(matrix: Matrix, story: Story) -> None:
    cases = random.Random(f"{story} unproven").sample(unproven(matrix.cleanly, story), UNPROVEN)
    assert not (wrong := matrix.failures(cases)), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_the_whole_matrix(matrix: Matrix, story: Story, part: int) -> None:
    assert not (wrong := matrix.failures(singles(matrix.cleanly(story))[part::PARTS])), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_many_pairs_of_faults(matrix: Matrix, story: Story) -> None:
    cases = islice(pairs(matrix.cleanly(story), random.Random(f"{story} pairs")), ALL_PAIRS)
    assert not (wrong := matrix.failures(cases)), wrong


@pytest.mark.whole_matrix
@pytest.mark.parametrize("story", CODE_STORIES, ids=str)
def test_the_whole_matrix_without_the_fingerprints_proof(matrix: Matrix, story: Story) -> None:
    assert not (wrong := matrix.failures(unproven(matrix.cleanly, story))), wrong
