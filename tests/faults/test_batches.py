"""Requests due at one moment, written back by batches: the same tickets as without, and nothing written twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
import structlog

from connectors import reading
from connectors.sandbox.calls import Call
from connectors.sandbox.faults import Rule
from tests import counted
from tests.faults.effects import Effects, effects, strays, wrongs
from tests.faults.stage import CHANGES, Stage
from tests.faults.stage import stage as opened
from tests.faults.stories import STORIES, Scene, Story
from worker.ledger import budget

BATCH: Final = "/api/now/v1/batch"
BATCHING: Final[dict[str, Any]] = {"batch": True, "batch_counts": "one", "calls_per_minute": 240}
A_MOMENT: Final = timedelta(seconds=2)
"""In which the first writes wait for their slot, and gather, on a machine however busy."""

TOGETHER: Final[tuple[Story, ...]] = tuple(
    story
    for story in STORIES
    if story.name
    in (
        "a link is texted",
        "a link is texted once the platform is set",
        "a key's code, and the ticket is closed",
        "an enrolment link is mailed",
        "a phone is added, and taken off again",
        "held for want of proof, then verified",
        "a key is added with the code",
        "rejected",
    )
)
"""Each as far as its delivery."""

SAMPLE: Final = ("reset before", "reset after", "error after", "half", "busy", "expired")
OTHERS: Final = (
    "meanwhile", "refused", "down", "silent before", "silent after", "slow", "error before", "page before",
    "page after", "accepted before", "accepted after", "truncated", "hibernating",
)  # fmt: skip
REST: Final = [
    pytest.param(kind, nth, marks=pytest.mark.whole_matrix)
    for kind in (*SAMPLE, *OTHERS)
    for nth in (1, 2)
    if kind in OTHERS or nth > 1
]


@dataclass(frozen=True)
class Played:
    """What came of all requests, and what must not be."""

    stood: list[Effects]
    wrong: list[str]
    calls: tuple[Call, ...]
    met: int

    @property
    def batches(self) -> int:
        return sum(call.path == BATCH for call in self.calls)

    @property
    def written(self) -> int:
        """Calls that write to tickets."""
        return self.batches + sum(call.method == "PATCH" for call in self.calls)


def play(stage: Stage, *rules: Rule) -> Played:
    """All stories filed at one moment, and the worker until it is quiet."""
    counted.tried("faults tried", len(rules))
    number = stage.begin(proven=True) * len(TOGETHER)
    scenes: list[Scene] = [story.begin(stage, number + place) for place, story in enumerate(TOGETHER)]
    gather = Rule("duo", "meanwhile", before=partial(budget.rest, stage.ledger, "servicenow", A_MOMENT))
    stage.sandbox.faults.set(*rules, gather)
    stage.until_quiet()
    found = [wrong for scene in scenes for wrong in wrongs(scene)] + list(strays(scenes))
    for wrong in found:
        counted.found(wrong.how)
    told = [f"{wrong.how}: {wrong.what}" for wrong in found]
    return Played(
        [effects(scene) for scene in scenes],
        told,
        tuple(stage.sandbox.calls),
        sum(met.rule in rules for met in stage.sandbox.faults.met),
    )


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "FIRST_PAUSE", timedelta(milliseconds=1))
        yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def singly(tmp_path_factory: pytest.TempPathFactory) -> list[Effects]:
    """How they stand where every write is a call of its own."""
    with opened(tmp_path_factory.mktemp("singly"), CHANGES) as without:
        played = play(without)
    assert played.wrong == []
    assert played.batches == 0
    return played.stood


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    changes = {**CHANGES, "servicenow": {**CHANGES["servicenow"], **BATCHING}}
    with opened(tmp_path_factory.mktemp("batching"), changes) as made:
        yield made


def test_with_batches_the_same_tickets_come_of_fewer_calls(stage: Stage, singly: list[Effects]) -> None:
    played = play(stage)
    assert played.wrong == []
    assert played.stood == singly
    assert played.batches > 0
    assert played.written < sum(stood.work_notes for stood in played.stood)


@pytest.mark.parametrize(("kind", "nth"), [*((kind, 1) for kind in SAMPLE), *REST])
def test_whatever_befalls_a_batch_nothing_is_lost_or_doubled(
    stage: Stage, singly: list[Effects], kind: str, nth: int
) -> None:
    played = play(stage, Rule("servicenow", kind, method="POST", route=BATCH, nth=nth))
    assert played.met == 1 or (nth > 1 and played.batches < nth)  # all but the first write may have met no other
    assert played.wrong == []
    assert played.stood == singly


@pytest.mark.parametrize("serves", [1, pytest.param(0, marks=pytest.mark.whole_matrix)])
def test_whatever_isn_t_served_in_time_is_looked_for_and_nothing_is_lost_or_doubled(
    stage: Stage, singly: list[Effects], serves: int
) -> None:
    """The first of what comes back unserviced is done all the same, and nothing says so."""
    stage.sandbox.servicenow.switch(batch_serves=serves)
    played = play(stage)
    stage.sandbox.servicenow.switch(batch_serves=None)
    assert played.batches > 0
    assert played.wrong == []
    assert played.stood == singly
