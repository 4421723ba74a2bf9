"""People of every behaviour, for weeks on a clock that is moved: every ticket ends as it must, and nothing lives on."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from connectors.sandbox.duo.log import milliseconds
from tests.rig import System, running
from tests.simulation.told import Told
from tests.simulation.weeks import Weeks, weeks
from worker.findings import listed

CHANGES = {"follow_up": {"remind_after": "4h"}, "worker": {"reconcile_every": "4h"}}
"""People are reminded while a code of eight hours still lives, so that somebody can enrol then."""


def test_thirty_people_in_two_weeks_each_end_as_they_must(tmp_path: Path, system: System) -> None:
    play(tmp_path, system, seed=14, count=30, days=14)


@pytest.mark.long
def test_three_hundred_people_in_sixty_days_each_end_as_they_must(tmp_path: Path, system: System) -> None:
    play(tmp_path, system, seed=60, count=300, days=60)


def play(folder: Path, system: System, *, seed: int, count: int, days: int) -> None:
    with running(folder, CHANGES, system=system) as rig:
        simulation = weeks(rig, seed=seed, count=count, days=days)
        with capture_logs() as logged:
            simulation.run()
        assert [line for line in logged if line["log_level"] != "info"] == []
        assert simulation.orphans == [], "something was alive of a request that had ended"
        told = Told(simulation)
        assert [line for acting in simulation.acting for line in told.differences(acting)] == []
        assert nothing_else(simulation) == []


def nothing_else(simulation: Weeks) -> list[str]:
    """What shouldn't be at the end: anything alive, what the reconciler found, a code that nobody was handed."""
    rig, sandbox = simulation.rig, simulation.rig.sandbox
    with rig.shop.ledger.reading() as connection:
        found = [one.sentence for one in listed(connection, rig.clock())]
    log = sandbox.duo._account.administrator_log.between(0, milliseconds(rig.clock()))
    made = [entry for entry in log if entry.row["action"] == "bypass_create"]
    agents = sandbox.duo.codes(simulation.bystander)
    pushes = sandbox.password_pusher.pushes
    return [
        *found,
        *(f"a push of {push.name} is alive" for push in pushes if not push.expired),
        *(f"a passphrase of {push.name} stands" for push in pushes if rig.field_passphrase(push.name)),
        *(["a code is alive, or an agent's is gone"] if sandbox.duo.all_codes() != agents or len(agents) != 1 else []),
        *([f"{len(made)} codes, {len(pushes)} pushes"] if len(made) != len(pushes) + 1 else []),
    ]
