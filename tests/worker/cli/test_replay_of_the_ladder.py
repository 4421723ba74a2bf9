"""`rules replay` of what was decided in other ways than by `run` at first: in shadow, by the ladder, long ago."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.rig import SECURITY_KEY, Rig, running
from tests.worker.cli.tables import table_in
from worker.ledger.schema import requests
from worker.replaying import Replay, replay, table_of

IMPATIENT = """
[[row]]
id = "at-once"
outcome = "reissue"
when = ["progress.option == 'mobile.add_phone'", "progress.reissued == 0", "progress.since_delivery >= t'PT10M'"]
because = "it is taking long"

[[example]]
name = "ten minutes"
expect = "at-once"
given.progress = { option = "mobile.add_phone", since_delivery = "10m", alive = true }

"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return table_in(tmp_path)


def asked(rig: Rig, table: Path | None = None) -> Replay:
    tables = rig.shop.worker.tables
    chosen = table_of(table, tables.guards) if table else tables.enrollment
    return replay(rig.shop.ledger, tables, chosen, rig.clock() - timedelta(days=30))


def test_what_was_decided_in_shadow_mode_is_replayed(tmp_path: Path, table: Path) -> None:
    with running(tmp_path, {"worker": {"mode": "shadow"}}) as rig:
        rig.file("personal_address", device=SECURITY_KEY)
        rig.once()
        (one,) = asked(rig, table).otherwise
        assert (one.was, one.would_be) == ("key.bypass_code", "hold")


def test_what_was_given_again_is_compared_without_what_its_request_did(tmp_path: Path) -> None:
    """A ladder that texts once more while the phone which the request made is still on record."""
    ladder = files("rules").joinpath("follow_up.toml").read_text(encoding="utf-8")
    policy = {"trusted_number_fields": ["u_hr_phone"]}
    with running(
        tmp_path, {"policy": policy, "rules": {"follow_up": str(table_in(tmp_path, IMPATIENT + ladder))}}
    ) as rig:
        person = rig.person("no_phone")
        rig.sandbox.servicenow.set_user(person.user_name, u_hr_phone=person.number)
        filed = rig.file("no_phone", number="own")
        rig.once()
        rig.clock.pass_(timedelta(minutes=10))
        rig.once()
        assert (rig.request(filed).outcome, rig.request(filed).round) == ("mobile.add_phone", 2)
        found = asked(rig)
        assert (found.replayed, found.otherwise, found.unreplayable) == (1, (), {})


def test_what_the_ladder_chose_instead_is_no_difference_of_the_tables(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        filed = rig.file("never_activated")
        rig.once()
        for hours in (2, 2, 25):
            rig.clock.pass_(timedelta(hours=hours))
            rig.sandbox.duo.limits.clear()
            if hours == 25:
                rig.verify(filed)
            rig.once()
        assert (rig.request(filed).outcome, rig.request(filed).rule_row) == ("mobile.bypass_code", "code-instead")
        found = asked(rig)
        assert (found.replayed, found.otherwise) == (1, ())


def test_a_difference_that_the_tables_in_force_make_too_is_told_apart(tmp_path: Path, table: Path) -> None:
    with running(tmp_path) as rig:
        filed = rig.file("personal_address", device=SECURITY_KEY)
        rig.once()
        with rig.shop.ledger.writing() as connection:
            connection.execute(update(requests).values(outcome="hold", rule_row="a-row-of-long-ago"))
        (one,) = asked(rig).otherwise
        assert (one.ticket, one.was, one.was_row) == (filed.task.number, "hold", "")
        assert (one.would_be, one.alike_in_force) == ("key.bypass_code", True)
        assert asked(rig, table).otherwise == ()
