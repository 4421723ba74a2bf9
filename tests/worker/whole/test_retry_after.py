"""The other side names a time to come back: nobody calls it before, whoever asks, and the request is served then."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest

from connectors.sandbox.faults.rule import Rule
from connectors.sandbox.servicenow.switches import RateLimit
from tests.attacks.district import District, district
from tests.rig import SECURITY_KEY
from worker.once import work_off
from worker.poll import poll
from worker.tending import tended

SECOND: Final = timedelta(seconds=1)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    with district(tmp_path_factory.mktemp("district")) as made:
        yield made


def tick(town: District, after: timedelta) -> None:
    """What the service does at one moment; a refused poll is no error of it."""
    town.stage.clock.pass_(after)
    shop = town.stage.shop
    tended("poll", lambda: poll(shop.polling, town.stage.clock()), shop.ledger, town.stage.clock)()
    work_off(shop)


@pytest.mark.parametrize(
    ("system", "method", "pause"), [("servicenow", "PATCH", 30), ("duo", "POST", 60), ("password_pusher", "POST", 30)]
)
def test_a_refused_call_is_not_made_again_before_its_time(
    installation: District, system: str, method: str, pause: int
) -> None:
    town = installation
    town.begin()
    filed = town.file(town.person("personal_address"), device=SECURITY_KEY)
    town.sandbox.faults.set(Rule(system, "busy", method=method, nth=1))
    tick(town, SECOND)
    (met,) = town.sandbox.faults.met
    calls = len(town.sandbox.calls.select(system))
    for _ in range(3):
        tick(town, timedelta(seconds=pause / 4))
    later = [call for call in town.sandbox.calls.select(system)[calls:] if call.at < met.at + timedelta(seconds=pause)]
    assert later == [], "not by another request, nor by a poll"
    for _ in range(6):
        tick(town, timedelta(seconds=pause))
    assert town.outcome(filed)[0] == "awaiting"
    assert town.given().codes <= 2
    assert town.alive() == {"codes": 1, "pushes": 1}


def test_the_hour_of_a_rate_limit_is_kept_whole(installation: District) -> None:
    """ServiceNow counts by the clock's hour and says how many seconds of it are left."""
    town = installation
    town.begin()
    tick(town, SECOND)
    filed = town.file(town.person("never_activated"))
    town.sandbox.servicenow.switch(rate_limits=(RateLimit(requests=1),))
    for _ in range(3):
        tick(town, SECOND)
    refused = [call for call in town.sandbox.calls.select("servicenow") if call.status == 429]
    assert len(refused) == 1, "the first one is believed"
    hour_ends = refused[0].at.replace(minute=0, second=0) + timedelta(hours=1)
    town.sandbox.servicenow.switch(rate_limits=())
    for _ in range(5):
        tick(town, (hour_ends - refused[0].at) / 6)
    assert [call for call in town.sandbox.calls.select("servicenow") if refused[0].at < call.at < hour_ends] == []
    tick(town, (hour_ends - town.stage.clock()) + SECOND)
    assert town.outcome(filed)[0] == "awaiting"
