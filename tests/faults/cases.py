"""The matrix: every fault at every call of every story, made from one clean run of each."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from connectors.sandbox.calls import Call
from connectors.sandbox.faults import Rule, kinds
from tests.faults.effects import Effects, Wrong, effects, wrongs
from tests.faults.stage import NeverQuiet, Stage
from tests.faults.stories import Scene, Story

TRIES: Final = 3
"""So often a connector tries a read: a fault of so many calls gets through to the worker."""

WRITES_ONLY: Final = {"reset after", "silent after", "late", "error after", "page after", "accepted after"}
LISTS_ONLY: Final = {"repeated", "slipped"}
ONCE: Final = {"silent before", "slow", "expired", "repeated", "slipped", "refused", "half"}
NEVER: Final = {"meanwhile"}  # for what people do, not what fails


@dataclass(frozen=True)
class Case:
    """Some faults in one story."""

    story: Story
    rules: tuple[Rule, ...]
    proven: bool = True

    def __str__(self) -> str:
        faults = " and ".join(f"{rule.kind} at {rule.system}'s call {rule.nth}" for rule in self.rules)
        return f"{self.story}: {faults}{'' if self.proven else ' (unproven)'}"


@dataclass(frozen=True)
class Clean:
    """A run in which nothing failed: what was called, and how it stood each time the worker was quiet."""

    calls: tuple[Call, ...]
    stood: tuple[Effects, ...]


@dataclass(frozen=True)
class Played:
    """A run of a case."""

    stood: tuple[Effects, ...]
    wrongs: tuple[Wrong, ...]


def play(stage: Stage, case: Case) -> Played:
    """One run."""
    number = stage.begin(proven=case.proven)
    scene = case.story.begin(stage, number)
    stage.sandbox.faults.set(*case.rules)
    stood: list[Effects] = []
    found: list[Wrong] = []
    for act in (_nothing, *case.story.then):
        act(scene)
        try:
            stage.until_quiet()
        except NeverQuiet as never:
            found.append(Wrong("lost", str(never)))
        stood.append(effects(scene))
        found += wrongs(scene)
    return Played(tuple(stood), tuple(found))


def clean(stage: Stage, story: Story, *, proven: bool = True) -> Clean:
    """A run without faults."""
    played = play(stage, Case(story, (), proven))
    assert played.wrongs == (), played.wrongs
    assert played.stood[-1].state == story.ends
    return Clean(tuple(stage.sandbox.calls), played.stood)


def singles(story: Story, run: Clean) -> Iterator[Case]:
    """Every fault at every call."""
    counts: Counter[str] = Counter()
    for call in run.calls:
        counts[call.system] += 1
        for kind in kinds(call.system):
            if _fits(kind, call):
                yield Case(story, (Rule(call.system, kind, nth=counts[call.system], times=_times(kind, call)),))


def _fits(kind: str, call: Call) -> bool:
    reading = not call.writes or "oauth" in call.path
    if kind in NEVER or (reading and kind in WRITES_ONLY):
        return False
    if kind == "late":  # ServiceNow itself ends what takes longer than we wait
        return call.system != "servicenow"
    return kind not in LISTS_ONLY or reading


def _times(kind: str, call: Call) -> int:
    reading = call.system != "mail" and (not call.writes or "oauth" in call.path)
    return TRIES if reading and kind not in ONCE else 1


def _nothing(_scene: Scene) -> None:
    """The worker begins."""
