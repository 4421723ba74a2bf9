"""People of every behaviour, for weeks on a clock that is moved: every ticket ends as it must, and nothing lives on."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.rig import running
from tests.simulation.told import Told
from tests.simulation.weeks import Weeks, weeks
from worker.findings import listed

CHANGES = {"follow_up": {"remind_after": "4h"}, "worker": {"reconcile_every": "4h"}}
"""People are reminded while a code of eight hours still lives, so that somebody can enrol then."""


def test_thirty_people_in_two_weeks_each_end_as_they_must(tmp_path: Path) -> None:
    play(tmp_path, seed=14, count=30, days=14)


@pytest.mark.long
def test_three_hundred_people_in_sixty_days_each_end_as_they_must(tmp_path: Path) -> None:
    play(tmp_path, seed=60, count=300, days=60)


def play(folder: Path, *, seed: int, count: int, days: int) -> None:
    with running(folder, CHANGES) as rig:
        simulation = weeks(rig, seed=seed, count=count, days=days)
        with capture_logs() as logged:
            simulation.run()
        assert [line for line in logged if line["log_level"] != "info"] == []
        assert simulation.orphans == [], "something was alive of a request that had ended"
        told = Told(simulation)
        assert [line for acting in simulation.acting for line in told.differences(acting)] == []
        assert nothing_else(simulation) == []


def nothing_else(simulation: Weeks) -> list[str]:
    """What shouldn't be at the end: somebody's code gone, something the reconciler found, more codes made than told."""
    rig = simulation.rig
    with rig.shop.ledger.reading() as connection:
        found = [one.sentence for one in listed(connection, rig.clock())]
    made = len(rig.sandbox.duo._account.administrator_log)
    kept = len(rig.sandbox.duo.codes(simulation.bystander))
    return [*found, *(["an agent's code is gone"] if kept != 1 else []), *(["no log"] if not made else [])]
