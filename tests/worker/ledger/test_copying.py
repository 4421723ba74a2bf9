"""A ledger that moves to PostgreSQL: all of it is there afterwards, and goes on; else nothing is."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary, insert, inspect, select, text

from tests.worker.ledger.conftest import NOW
from worker.ledger import copying, leases, marks, requests, schema
from worker.ledger.copying import COPIED, LEFT, copy
from worker.ledger.database import Ledger, LedgerError, make_engine
from worker.ledger.migrate import migrate, open_ledger
from worker.ledger.requests import Filed
from worker.ledger.seal import Keys
from worker.ledger.states import State

Contents = dict[str, list[Any]]
MANY = 7
ODD = "a\u20ac\U0001f511 ' \\ % \ufffd\n"


@pytest.fixture
def source(url: str, made: Path, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> str:
    """One with rows of every kind, more than are copied at a time; half of its requests are decided."""
    monkeypatch.setattr(copying, "AT_A_TIME", 3)
    shutil.copyfile(made, tmp_path / "ledger.db")
    ledger = open_ledger(url, keys)
    with ledger.writing() as connection:
        for place in range(MANY):
            filed = Filed("servicenow", f"t{place}", f"N{place}", (ODD,), f"p{place}", ODD, "o", NOW, "digest", "")
            requests.add(connection, filed, NOW)
        facts = {"facts": keys.seal(ODD), "evidence": [ODD, "two"], "decided_at": NOW, "handed_over": True}
        connection.execute(schema.requests.update().where(schema.requests.c.id % 2 == 0).values(**facts))
        step = {"seq": 1, "round": 1, "name": "take", "target": 0, "attempts": 1, "begun_at": NOW, "seal": "s"}
        step |= {"intents": [{"what": ODD}], "result": {"deep": [1, None, True]}, "secret": keys.seal("token")}
        connection.execute(insert(schema.steps).values(request_id=2, state="begun", **step))
        connection.execute(insert(schema.seen).values(system="servicenow", ticket_id=ODD, stamp="3/4", at=NOW))
        connection.execute(insert(schema.seen).values(system="servicenow", ticket_id="Z", stamp="3/4", at=NOW))
        sighting = {"duo_user_id": "DU", "at": NOW, "factor": "duo_push", "country": "US"}
        connection.execute(insert(schema.sightings).values(txid="x", **sighting))
        connection.execute(insert(schema.resets).values(system="s", ticket_id="r", person="p", filed_at=NOW))
        connection.execute(insert(schema.made_phones).values(phone_id="DP", at=NOW))
        connection.execute(insert(schema.budgets).values(system="duo", next_slot=1, not_before=2))
        marks.put(connection, "poll", {"at": [ODD]}, NOW)
    ledger.engine.dispose()
    return url


def contents(url: str, keys: Keys) -> Contents:
    ledger = open_ledger(url, keys)
    with ledger.reading() as connection:
        found = {table.name: [tuple(row) for row in connection.execute(select(table))] for table in COPIED}
    ledger.engine.dispose()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def tables(url: str, keys: Keys) -> set[str]:
    """All that are in the database, whoever made them."""
    ledger = Ledger(make_engine(url), keys)
    found = set(inspect(ledger.engine).get_table_names())
    ledger.engine.dispose()
    return found


def test_every_row_is_there_afterwards_and_the_source_is_as_it_was(
    source: str, database: str, keys: Keys, tmp_path: Path
) -> None:
    before, file = contents(source, keys), (tmp_path / "ledger.db").read_bytes()
    copied = copy(source, database, keys, NOW)
    assert contents(database, keys) == before
    assert copied == {name: len(rows) for name, rows in before.items()}
    assert all(copied.values()), "each table has a row that could have been lost"
    assert (tmp_path / "ledger.db").read_bytes() == file


def test_the_next_rows_get_the_next_numbers(source: str, database: str, keys: Keys) -> None:
    copy(source, database, keys, NOW)
    ledger = open_ledger(database, keys)
    with ledger.writing() as connection:
        requests.add(connection, Filed("servicenow", "new", "N", (), "p", "u", "o", NOW, "digest", ""), NOW)
        found = requests.by_ticket(connection, "servicenow", "new")
    assert found is not None
    assert found.id == MANY + 1
    claim = leases.claim(ledger, found.id, owner="w", lease=timedelta(minutes=3), due_by=None)
    assert claim is not None
    assert requests.move(ledger, claim, State.ACTING, NOW, event="decided").request.state is State.ACTING
    ledger.engine.dispose()


def test_an_empty_ledger_is_copied_and_counts_from_one(url: str, database: str, keys: Keys) -> None:
    migrate(url, keys, NOW)
    copy(url, database, keys, NOW)
    ledger = open_ledger(database, keys)
    with ledger.writing() as connection:
        requests.add(connection, Filed("servicenow", "new", "N", (), "p", "u", "o", NOW, "digest", ""), NOW)
        found = requests.by_ticket(connection, "servicenow", "new")
    ledger.engine.dispose()
    assert found is not None
    assert found.id == 1


def test_a_ledger_that_was_only_made_is_empty_enough(source: str, database: str, keys: Keys) -> None:
    migrate(database, keys, NOW.replace(year=2027))
    before = contents(source, keys)
    copy(source, database, keys, NOW)
    assert contents(database, keys) == before, "when it was made is the old one's as well"


def test_every_table_is_copied_or_left_out_for_a_reason(database: str, keys: Keys) -> None:
    assert {*COPIED, *LEFT} == set(schema.metadata.tables.values())
    assert not {*COPIED} & {*LEFT}
    migrate(database, keys, NOW)
    others = {name for name in tables(database, keys) if name not in schema.metadata.tables}
    assert {name for name in others if not name.startswith("procrastinate_")} == {"alembic_version"}


def test_no_row_is_copied_before_one_that_it_refers_to() -> None:
    for place, table in enumerate(COPIED):
        assert {key.column.table for key in table.foreign_keys} <= {*COPIED[:place]}


def test_what_is_kept_as_bytes_is_sealed_and_asked_for_its_key() -> None:
    kept = {str(column) for table in COPIED for column in table.columns if isinstance(column.type, LargeBinary)}
    assert kept == {"requests.facts", "steps.secret"}


def in_use(database: str, keys: Keys, statement: str) -> None:
    migrate(database, keys, NOW)
    ledger = open_ledger(database, keys)
    with ledger.writing() as connection:
        connection.execute(text(statement))
    ledger.engine.dispose()


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("INSERT INTO seen VALUES ('s', 't', '1', 1)", "seen"),
        ("INSERT INTO marks VALUES ('poll', '1', 1)", "marks"),
        ("INSERT INTO leases VALUES ('ticks', 'w', 1)", "leases"),
        ("INSERT INTO budgets VALUES ('duo', 1, 1)", "budgets"),
        ("INSERT INTO events (at, name, detail) VALUES (1, 'x', '{}')", "events"),
    ],
)
def test_a_target_that_was_used_is_refused_and_stays_as_it_is(
    source: str, database: str, keys: Keys, statement: str, table: str
) -> None:
    in_use(database, keys, statement)
    before = contents(database, keys)
    with pytest.raises(LedgerError, match=rf"in use already \({table} isn't empty\); make an empty database"):
        copy(source, database, keys, NOW)
    assert contents(database, keys) == before


def test_a_second_copy_into_the_same_target_is_refused(source: str, database: str, keys: Keys) -> None:
    copy(source, database, keys, NOW)
    with pytest.raises(LedgerError, match="in use already"):
        copy(source, database, keys, NOW)


def changed(source: str, statement: str) -> None:
    with closing(sqlite3.connect(source.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute(statement)


def of_an_older_version(source: str) -> None:
    changed(source, "UPDATE alembic_version SET version_num = '0001'")


def of_a_newer_version(source: str) -> None:
    changed(source, "UPDATE alembic_version SET version_num = '9999'")


def with_somebody_at_work(source: str) -> None:
    changed(source, "UPDATE requests SET lease_owner = 'command', lease_until = 9000000000000000 WHERE id = 3")


def sealed_with_a_key_that_is_gone(source: str) -> None:
    sealed = Fernet(Fernet.generate_key()).encrypt(b"facts").hex()
    changed(source, f"UPDATE requests SET facts = x'{sealed}' WHERE id = 5")  # noqa: S608 - hexadecimal digits


def with_a_step_of_no_request(source: str) -> None:
    changed(source, "UPDATE steps SET request_id = 99")


def with_an_unknown_state(source: str) -> None:
    with closing(sqlite3.connect(source.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("DROP TRIGGER state_moves")
        connection.execute("UPDATE requests SET state = 'lost' WHERE id = 7")


@pytest.mark.parametrize("made_before", [False, True], ids=["no tables yet", "an empty ledger"])
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (of_an_older_version, "is of the older version 0001; run, on it: duo-worker migrate"),
        (of_a_newer_version, "is of the newer version 9999"),
        (with_somebody_at_work, "somebody is at work on 1 requests of .*; wait for the command"),
        (sealed_with_a_key_that_is_gone, r"requests \(5,\) can't be opened with \[worker\] key_file: .*; put back"),
        (with_a_step_of_no_request, "holds what the worker never writes .*; restore a back-up of it"),
        (with_an_unknown_state, "is damaged .*; restore it from a back-up"),
    ],
)
def test_a_source_that_cant_be_copied_whole_is_refused_and_nothing_is_written(
    source: str, database: str, keys: Keys, spoil: Callable[[str], None], says: str, made_before: bool
) -> None:
    if made_before:
        migrate(database, keys, NOW)
    spoil(source)
    before = contents(database, keys) if made_before else tables(database, keys)
    with pytest.raises(LedgerError, match=says) as refused:
        copy(source, database, keys, NOW)
    assert "\n" not in str(refused.value)
    assert (contents(database, keys) if made_before else tables(database, keys)) == before


def test_another_key_is_refused(source: str, database: str) -> None:
    with pytest.raises(LedgerError, match="key_file doesn't fit this ledger"):
        copy(source, database, Keys([Fernet.generate_key().decode()]), NOW)


def test_a_target_made_with_another_key_is_refused(source: str, database: str, keys: Keys) -> None:
    migrate(database, Keys([Fernet.generate_key().decode()]), NOW)
    with pytest.raises(LedgerError, match="key_file doesn't fit this ledger"):
        copy(source, database, keys, NOW)


ALTERED = """
CREATE FUNCTION altered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.stamp := '0'; RETURN NEW; END $$;
CREATE TRIGGER altered BEFORE INSERT ON seen FOR EACH ROW EXECUTE FUNCTION altered()
"""
ADDED = """
CREATE FUNCTION added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO made_phones VALUES ('another', 1) ON CONFLICT DO NOTHING; RETURN NULL; END $$;
CREATE TRIGGER added AFTER INSERT ON made_phones FOR EACH ROW EXECUTE FUNCTION added()
"""
DROPPED = """
CREATE FUNCTION dropped() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER dropped BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.id = 4) EXECUTE FUNCTION dropped()
"""


@pytest.mark.parametrize(
    ("trigger", "says"),
    [(ALTERED, "seen .* came out different"), (DROPPED, r"events \(4,\) came out different"), (ADDED, "more rows")],
)
def test_what_comes_out_otherwise_than_it_went_in_is_noticed_and_taken_back(
    source: str, database: str, keys: Keys, trigger: str, says: str
) -> None:
    in_use(database, keys, trigger)
    before = contents(database, keys)
    with pytest.raises(LedgerError, match=says):
        copy(source, database, keys, NOW)
    assert contents(database, keys) == before
