"""A worker whose ledger moves to PostgreSQL in the middle of things goes on where it was."""

from dataclasses import replace
from pathlib import Path

from tests.rig import Rig, running
from tests.worker.whole.delivered import KIND, MINUTE, delivered_code, later, nothing_is_alive, use_code
from worker import wiring
from worker.ledger.copying import copy
from worker.ledger.migrate import open_ledger


def test_what_was_begun_on_sqlite_is_ended_on_postgresql(tmp_path: Path, database: str) -> None:
    with running(tmp_path) as rig:
        moves(rig, database)


def moves(rig: Rig, database: str) -> None:
    delivered, waiting = delivered_code(rig), rig.file("never_logged_in")
    rig.once()
    writes, old = rig.writes(), rig.shop.ledger
    copy(rig.settings.worker.state, database, old.keys, rig.clock())
    moved = open_ledger(database, old.keys)
    rig.shop = wiring.shop(rig.settings, moved, clock=rig.clock)
    later(rig, MINUTE)
    assert rig.writes() == writes, "nothing is done again"
    rig.verify(waiting)
    use_code(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    later(rig, 10 * MINUTE)
    assert (rig.request(delivered).state, rig.request(delivered).how) == ("closed", "enrolled")
    assert rig.request(waiting).state == "awaiting"
    rig.site.close(waiting.task.number, "technician.tom")
    later(rig, MINUTE)
    assert nothing_is_alive(rig)
    moved.engine.dispose()
    rig.shop = replace(rig.shop, ledger=old)
