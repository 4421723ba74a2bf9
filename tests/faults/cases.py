"""The matrix: every fault at every call of every story, made from one clean run of each; and pairs of them."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from connectors.sandbox.calls import Call
from connectors.sandbox.faults import Rule, kinds
from tests import counted
from tests.faults.effects import Effects, Wrong, effects, strays, wrongs
from tests.faults.stage import NeverQuiet, Stage
from tests.faults.stories import Act, Scene, Story
from tests.rig import NO_WRITES

TRIES: Final = 3
"""So often a connector tries a read: a fault of so many calls gets through to the worker."""

FOR_WRITES: Final = {"reset after", "silent after", "late", "error after", "page after", "accepted after"}
FOR_LISTS: Final = {"repeated", "slipped"}
ONCE: Final = {"silent before", "slow", "expired", "refused", *FOR_LISTS}
LISTS: Final = ("/sc_task", "/groups")
"""What has pages between which rows can move."""


@dataclass(frozen=True)
class Case:
    """Some faults in one story; `people` do something just before calls, by system and number.

    What people do the worker may see at its next poll only, and what Duo carries out late at its next reconciliation:
    such a case is judged after that.
    """

    story: Story
    rules: tuple[Rule, ...] = ()
    proven: bool = True
    people: tuple[tuple[str, int, Act], ...] = ()

    @property
    def settles_later(self) -> bool:
        """Whether it takes one more look until all is as it should be."""
        return bool(self.people) or any(rule.kind == "late" for rule in self.rules)

    def __str__(self) -> str:
        faults = [f"{rule.kind} at {rule.system}'s call {rule.nth}" for rule in self.rules]
        acts = [f"{act.__name__} before {system}'s call {nth}" for system, nth, act in self.people]
        return f"{self.story}: {', '.join(faults + acts)}{'' if self.proven else ' (unproven)'}"


@dataclass(frozen=True)
class Run:
    """What came of a case: how it stood each time the worker was quiet, and all that must not be."""

    case: Case
    stood: tuple[Effects, ...]
    wrongs: tuple[Wrong, ...]
    calls: tuple[Call, ...]


def play(stage: Stage, case: Case) -> Run:
    """One run."""
    counted.tried("faults tried", len(case.rules) + len(case.people))
    number = stage.begin(proven=case.proven)
    scene = case.story.begin(stage, number)
    stage.sandbox.faults.set(*case.rules, *_of_people(scene, case))
    stood: list[Effects] = []
    found: list[Wrong] = []
    acts = (_nothing, *case.story.then, *([later] if case.settles_later else []))
    for place, act in enumerate(acts, start=1):
        scene.do(act)
        try:
            stage.until_quiet()
        except NeverQuiet as never:
            found.append(Wrong("lost", str(never)))
        stood.append(effects(scene))
        if not case.settles_later or place == len(acts):
            found += [*wrongs(scene), *strays([scene])]
    return Run(case, tuple(stood), tuple(found), tuple(stage.sandbox.calls))


def clean(stage: Stage, story: Story) -> Run:
    """A run without faults."""
    run = play(stage, Case(story))
    assert run.wrongs == (), run.wrongs
    assert run.stood[-1].state == story.ends
    return run


def numbered(run: Run) -> Iterator[tuple[Call, int]]:
    """Its calls, each with its number among those of its system."""
    counts: Counter[str] = Counter()
    for call in run.calls:
        counts[call.system] += 1
        yield call, counts[call.system]


def singles(run: Run) -> list[Case]:
    """Every fault at every call of a clean run."""
    return [
        Case(run.case.story, (Rule(call.system, kind, nth=number, times=times(kind, call)),))
        for call, number in numbered(run)
        for kind in kinds(call.system)
        if fits(kind, call)
    ]


def struck(run: Run, case: Case) -> Call:
    """The call of a clean run at which the first fault of a case strikes."""
    rule = case.rules[0]
    return next(call for call, number in numbered(run) if (call.system, number) == (rule.system, rule.nth))


def pairs(run: Run, chance: random.Random) -> Iterator[Case]:
    """Two faults, the second at some later call of any system: also one that is only made because of the first."""
    alone = singles(run)
    most = Counter(call.system for call in run.calls)
    while True:
        first, second = chance.choice(alone).rules[0], chance.choice(alone).rules[0]
        yield Case(run.case.story, (first, replace(second, nth=chance.randint(1, most[second.system] + 5))))


def fits(kind: str, call: Call) -> bool:
    """Whether that can go wrong with such a call."""
    if kind == "meanwhile" or (reads(call) and kind in FOR_WRITES):
        return False
    if kind == "late":  # ServiceNow itself ends what takes longer than we wait; a late push holds a dead code
        return call.system == "duo"
    return kind not in FOR_LISTS or (reads(call) and call.path.endswith(LISTS))


def times(kind: str, call: Call) -> int:
    """How many calls fail, so that the worker sees it and not only the connector."""
    return TRIES if reads(call) and kind not in ONCE else 1


def reads(call: Call) -> bool:
    """Whether the call changes nothing; asking for a token doesn't."""
    return not call.writes or any(part in call.path for part in NO_WRITES)


def _of_people(scene: Scene, case: Case) -> Iterator[Rule]:
    for system, nth, act in case.people:
        yield Rule(system, "meanwhile", nth=nth, before=partial(act, scene))


def later(scene: Scene) -> None:
    """More than `reconcile_every` passes."""
    scene.stage.clock.pass_(timedelta(minutes=16))


def _nothing(_scene: Scene) -> None:
    """The worker goes on."""
