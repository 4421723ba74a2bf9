"""Fifty requests of one person: one is acted on, and the others wait for it, and end as it does."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.rig import Filed, Rig, running

MANY = 50


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def filed(rig: Rig) -> list[Filed]:
    requests = [rig.file("never_activated") for _ in range(MANY)]
    rig.once()
    return requests


def states(rig: Rig, filed: list[Filed]) -> Counter[str]:
    return Counter(rig.request(one).state for one in filed)


def delivered(rig: Rig, filed: list[Filed]) -> Filed:
    (one,) = [one for one in filed if rig.request(one).state == "awaiting"]
    return one


def links_texted(rig: Rig) -> int:
    return len([text for text in rig.sandbox.duo.texts if text.kind == "activation"])


def go_on(rig: Rig) -> None:
    for _ in range(2):
        rig.clock.pass_(timedelta(minutes=16))
        rig.once()


@pytest.mark.long
def test_one_is_acted_on_and_the_others_wait(rig: Rig, filed: list[Filed]) -> None:
    assert states(rig, filed) == {"awaiting": 1, "new": MANY - 1}
    waiting = {rig.request(one).waits_for for one in filed if rig.request(one).state == "new"}
    assert waiting == {"another request of this person"}
    go_on(rig)
    assert states(rig, filed) == {"awaiting": 1, "new": MANY - 1}
    assert links_texted(rig) == 1


@pytest.mark.long
def test_the_others_are_closed_with_a_pointer_once_the_person_is_enrolled(rig: Rig, filed: list[Filed]) -> None:
    person = rig.person("never_activated")
    first = delivered(rig, filed)
    assert rig.sandbox.duo.activate(person.user_name, person.number)
    go_on(rig)
    assert states(rig, filed) == {"closed": MANY}
    others = [one for one in filed if one is not first]
    assert all(any(first.task.number in note for note in rig.notes(one, "work_notes")) for one in others)
    assert links_texted(rig) == 1


@pytest.mark.long
def test_the_others_are_held_with_a_pointer_once_it_is_held(rig: Rig, filed: list[Filed]) -> None:
    first = delivered(rig, filed)
    rig.clock.pass_(timedelta(minutes=1))
    rig.sandbox.servicenow.work_note(first.task.number, "desk.dana", "#revoke")
    go_on(rig)
    assert states(rig, filed) == {"held": MANY}
    others = [one for one in filed if one is not first]
    assert {rig.request(one).rule_row for one in others} == {"another-request"}
    assert all(any(first.task.number in note for note in rig.notes(one, "work_notes")) for one in others)
    assert links_texted(rig) == 1
