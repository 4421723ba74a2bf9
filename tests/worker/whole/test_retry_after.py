"""A system that asks to be left alone for a while is left alone by everybody, and then what waited is done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import pytest

from connectors.duo.failures import RATE_WINDOW
from connectors.sandbox.faults.rule import Rule
from tests.faults.effects import wrongs
from tests.faults.stage import Stage, stage
from tests.faults.stories import STORIES
from tests.rig import SYSTEMS

RETRY_AFTER: Final = timedelta(seconds=60)  # what the stand-ins say
FLOWN: Final = timedelta(seconds=5)
"""The ledger's clock goes on with real time beside the test's, so that what it says is over a little early."""


@pytest.fixture(scope="module", params=SYSTEMS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage"), system=request.param) as made:
        yield made


@pytest.mark.parametrize(
    ("where", "method"),
    [("help site", "PATCH"), ("help site", "GET"), ("password_pusher", "POST")],
    ids=lambda value: value,
)
def test_no_call_arrives_before_the_time_that_was_asked_for(place: Stage, where: str, method: str) -> None:
    """Of none of its kinds, where the system counts kinds of calls apart."""
    asked = place.system if where == "help site" else where
    met, later = played(place, Rule(asked, "busy", method=method), asked)
    assert later
    assert min(later) >= met + RETRY_AFTER - FLOWN


def test_after_a_no_without_a_time_duo_is_not_asked_again_at_once(place: Stage) -> None:
    """Duo names no time, but counts by the minute (Duo Admin API facts §10)."""
    met, later = played(place, Rule("duo", "busy", method="POST"), "duo")
    assert later
    assert min(later) >= met + RATE_WINDOW - FLOWN


def played(place: Stage, rule: Rule, system: str) -> tuple[datetime, list[datetime]]:
    """When the call was refused, and when the next ones to the same system arrived; all ended as it should."""
    place.begin(proven=True)
    story = next(story for story in STORIES if story.name == "a key's code, and the ticket is closed")
    scene = story.begin(place, place.cases)
    place.sandbox.faults.set(rule)
    place.until_quiet()
    (met,) = place.sandbox.faults.met
    calls = [call for call in place.sandbox.calls if call.system == system and "oauth" not in call.path]
    refused = next(index for index, call in enumerate(calls) if call.status == 429)
    assert wrongs(scene) == []
    return met.at, [call.at for call in calls[refused + 1 :]]
