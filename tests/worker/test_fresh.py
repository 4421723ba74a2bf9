"""Readings of tickets while a backlog is worked off."""

from datetime import timedelta
from pathlib import Path

from tests.rig import System, running
from worker.poll import poll

KINDS = ("never_activated", "platform_unknown", "no_phone", "personal_address")


def test_a_backlog_is_read_at_once_only_where_that_saves_calls(tmp_path: Path, system: System) -> None:
    with running(tmp_path, system=system) as rig:
        filed = [rig.file(kind).task.sys_id for kind in KINDS]
        poll(rig.shop.polling, rig.clock())
        rig.clock.pass_(timedelta(minutes=2))
        before = len(rig.sandbox.calls)
        rig.shop.worker.tickets.refresh(filed)
        made = len(rig.sandbox.calls) - before
        assert made == 0 if system == "teamdynamix" else 0 < made < len(filed)
        assert rig.shop.worker.tickets.get(filed[-1]) is not None
