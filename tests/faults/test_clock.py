"""A worker's clock that is set back, and the week-ends on which clocks are changed, with an account in another zone."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.cases import Case, numbered, play
from tests.faults.conftest import Cleanly
from tests.faults.effects import effects, strays, wrongs
from tests.faults.expected import told, verdict
from tests.faults.stage import Stage
from tests.faults.stories import STORIES, Scene, close, revoke
from worker.ledger import marks
from worker.poll import MARK

pytestmark = pytest.mark.long
HOUR = timedelta(hours=1)
TEXTED = STORIES[0]
CODE = next(story for story in STORIES if close in story.then)
SPRING, FALL = datetime(2027, 3, 14, 7, 0, tzinfo=UTC), datetime(2027, 11, 7, 6, 0, tzinfo=UTC)
"""Two hours before clocks are changed in Denver."""


@pytest.mark.parametrize("place", range(0, 16, 3))
def test_a_clock_that_is_set_back_an_hour_between_two_calls_changes_nothing(
    stage: Stage, cleanly: Cleanly, place: int
) -> None:
    def set_back(_scene: Scene) -> None:
        stage.skew = -HOUR

    call, number = list(numbered(cleanly(CODE)))[place]
    run = play(stage, Case(CODE, people=((call.system, number, set_back),)))
    assert not (wrong := verdict(run, cleanly(CODE))), told([(run, wrong)])
    assert run.stood[-1] == cleanly(CODE).stood[-1]


def test_what_people_do_after_the_clock_was_set_back_is_seen_at_the_next_poll(stage: Stage) -> None:
    scene = CODE.begin(stage, stage.begin(proven=True))
    stage.until_quiet()
    assert effects(scene).codes == 1
    stage.skew = -HOUR
    scene.do(revoke)
    stage.until_quiet()
    assert (effects(scene).codes, effects(scene).state) == (0, "held")


def test_requests_are_served_once_and_at_once_while_clocks_are_changed(stage: Stage) -> None:
    stage.sandbox.servicenow.set_user("duo.worker", time_zone="America/Denver")
    for change in (SPRING, FALL):
        served_every_20_minutes(stage, change)
    stage.sandbox.servicenow.set_user("duo.worker", time_zone="GMT")


def served_every_20_minutes(stage: Stage, change: datetime) -> None:
    """For four hours from then on."""
    stage.begin(proven=True, at=change)
    scenes: list[Scene] = []
    read: list[str] = []
    for place in range(12):
        stage.clock.pass_(timedelta(minutes=20))
        scenes.append(TEXTED.begin(stage, 10_000 + change.month * 100 + place))
        stage.until_quiet()
        assert effects(scenes[-1]).state == "awaiting"
        with stage.ledger.reading() as connection:
            mark = marks.get(connection, MARK)
        assert mark is not None
        read.append(mark[0])
    assert read == sorted(read)
    assert [wrong for scene in scenes for wrong in wrongs(scene)] == []
    assert list(strays(scenes)) == []
