"""Rows that move while pages are read: no ticket is lost, none is served twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog

from connectors import reading
from connectors.sandbox.faults import Rule
from tests import counted
from tests.faults.effects import strays, wrongs
from tests.faults.stage import CHANGES, Stage
from tests.faults.stage import stage as opened
from tests.faults.stories import STORIES, Scene, close

pytestmark = pytest.mark.long
TEXTED = STORIES[0]
TICKETS, PAGE = 5, 2
FIRST_POLL = range(5, 12)
"""The calls in which the first poll reads its pages and journals, after those for a token and the directory."""

Meanwhile = Callable[[list[Scene]], object]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """As everywhere here, with pages of two rows."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    changes = {**CHANGES, "servicenow": {**CHANGES["servicenow"], "page_size": PAGE}}
    with pytest.MonkeyPatch.context() as patch, opened(tmp_path_factory.mktemp("paging"), changes) as made:
        patch.setattr(reading, "FIRST_PAUSE", timedelta(milliseconds=1))
        yield made
    structlog.configure(**before)


@contextmanager
def filed(stage: Stage) -> Iterator[list[Scene]]:
    stage.begin(proven=True)
    yield [TEXTED.begin(stage, 1000 * stage.cases + place) for place in range(TICKETS)]


def all_served(scenes: list[Scene]) -> None:
    assert [wrong for scene in scenes for wrong in wrongs(scene)] == []
    assert list(strays(scenes)) == []


def comment(scenes: list[Scene]) -> None:
    scenes[0].sandbox.servicenow.comment(scenes[0].filed.task.number, scenes[0].person.user_name, "any news?")


def closing(scenes: list[Scene]) -> None:
    close(scenes[1])


def another(scenes: list[Scene]) -> None:
    scenes.append(TEXTED.begin(scenes[0].stage, int(scenes[0].person.user_name[4:]) + 500))


@pytest.mark.parametrize("call", FIRST_POLL)
@pytest.mark.parametrize("kind", ["repeated", "slipped"])
def test_rows_that_come_twice_or_slip_to_the_page_before(stage: Stage, kind: str, call: int) -> None:
    with filed(stage) as scenes:
        counted.tried("faults tried")
        stage.sandbox.faults.set(Rule("servicenow", kind, nth=call))
        stage.until_quiet()
        stage.clock.pass_(timedelta(minutes=16))
        stage.until_quiet()
        all_served(scenes)


@pytest.mark.parametrize("call", FIRST_POLL)
@pytest.mark.parametrize("meanwhile", [comment, closing, another])
def test_a_row_that_changes_while_pages_are_read(stage: Stage, meanwhile: Meanwhile, call: int) -> None:
    with filed(stage) as scenes:
        counted.tried("faults tried")
        rule = Rule("servicenow", "meanwhile", nth=call, before=lambda: meanwhile(scenes))
        stage.sandbox.faults.set(rule)
        stage.until_quiet()
        stage.clock.pass_(timedelta(minutes=1))
        stage.until_quiet()
        all_served(scenes)
