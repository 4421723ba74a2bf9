"""`rules replay`: what another table would have decided otherwise, without touching anything."""

import json
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.sandbox.servicenow.acts.filing import Filed
from tests.rig import SECURITY_KEY
from tests.worker.cli.installed import OTHER_KEY, Ended, Installation, installed
from tests.worker.cli.tables import KEYS_BY_HAND, table_in
from worker import wiring
from worker.ledger.schema import metadata, requests

SHIPPED = files("rules").joinpath("enrollment.toml").read_text(encoding="utf-8")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return table_in(tmp_path)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Filed]]:
    """A key that was given a code, and a phone that was texted a link; for tests that only look."""
    with installed(tmp_path_factory.mktemp("decided")) as installation:
        filed = installation.file("personal_address", device=SECURITY_KEY)
        installation.file("never_activated")
        assert installation.run("once").code == 0
        yield installation, filed


def replayed(installation: Installation, table: Path, *more: str) -> Any:
    ended = installation.run("rules", "replay", str(table), "--json", *more)
    assert ended.code == 0, ended.err
    return ended.json


def contents(installation: Installation) -> dict[str, list[tuple[Any, ...]]]:
    with installation.ledger() as ledger, ledger.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }


def test_a_table_that_decides_otherwise_is_told_request_by_request(
    decided: tuple[Installation, Filed], table: Path
) -> None:
    installation, filed = decided
    found = replayed(installation, table)
    (one,) = found["otherwise"]
    assert (found["replayed"], found["unreplayable"]) == (2, {})
    assert (one["ticket"], one["was"], one["was_row"]) == (filed.task.number, "key.bypass_code", "key-code")
    assert (one["would_be"], one["row"], one["because"]) == ("hold", "keys-by-hand", "keys are given out at the desk")
    assert one["alike_in_force"] is False


def test_it_is_printed_as_a_table_for_people(decided: tuple[Installation, Filed], table: Path) -> None:
    installation, filed = decided
    out = installation.run("rules", "replay", str(table)).out
    assert "2 replayed, 1 decided otherwise" in out
    (line,) = [line for line in out.splitlines() if filed.task.number in line]
    for word in ("key.bypass_code", "key-code", "hold", "keys-by-hand"):
        assert word in line
    assert "in force" not in out
    assert "can't be replayed" not in out


def test_the_table_in_force_decides_nothing_otherwise(decided: tuple[Installation, Filed], tmp_path: Path) -> None:
    installation, _ = decided
    found = replayed(installation, table_in(tmp_path, SHIPPED))
    assert (found["replayed"], found["otherwise"]) == (2, [])


def test_nothing_is_written_and_nobody_is_called(decided: tuple[Installation, Filed], table: Path) -> None:
    installation, _ = decided
    before, calls = contents(installation), len(installation.sandbox.calls.select())
    replayed(installation, table)
    assert contents(installation) == before
    assert len(installation.sandbox.calls.select()) == calls


def test_a_request_held_by_another_row_is_told_as_well(installation: Installation, table: Path) -> None:
    filed = installation.file("no_phone")
    installation.run("once")
    (one,) = replayed(installation, table)["otherwise"]
    assert (one["ticket"], one["was"], one["was_row"]) == (filed.task.number, "hold", "identity-check")
    assert (one["would_be"], one["row"]) == ("hold", "rest")


def test_only_what_was_decided_lately_is_asked_about(installation: Installation, table: Path) -> None:
    installation.file("personal_address", device=SECURITY_KEY)
    installation.run("once")
    with installation.ledger() as ledger, ledger.writing() as connection:
        connection.execute(update(requests).values(decided_at=wiring.now() - timedelta(days=40)))
    assert replayed(installation, table)["replayed"] == 0
    assert replayed(installation, table, "--since", "41d")["replayed"] == 1


def test_requests_that_were_never_decided_are_not_counted(installation: Installation, table: Path) -> None:
    installation.file("personal_address", device=SECURITY_KEY)
    installation.sandbox.servers["duo"].stop()
    installation.run("once")
    found = replayed(installation, table)
    assert (found["replayed"], found["unreplayable"]) == (0, {})


def test_facts_of_a_retired_key_cannot_be_replayed(installation: Installation, table: Path) -> None:
    filed = installation.file("personal_address", device=SECURITY_KEY)
    installation.run("once")
    old = installation.secret("ledger.key").read_text()
    installation.secret("ledger.key").write_text(f"{OTHER_KEY}\n{old}")
    assert installation.run("migrate").code == 0
    assert replayed(installation, table)["replayed"] == 1
    installation.secret("ledger.key").write_text(f"{OTHER_KEY}\n")
    found = replayed(installation, table)
    assert (found["replayed"], found["unreplayable"]) == (0, {"key_is_gone": [filed.task.number]})
    out = installation.run("rules", "replay", str(table)).out
    why = "their facts were sealed with a key that the key file no longer holds"
    assert f"1 can't be replayed, because {why}: {filed.task.number}" in out


@pytest.mark.parametrize(
    "change", ["a field that wasn't kept", "a field that is gone", "a word that is gone", "no facts"]
)
def test_facts_of_another_shape_cannot_be_replayed(installation: Installation, table: Path, change: str) -> None:
    filed = installation.file("personal_address", device=SECURITY_KEY)
    installation.run("once")
    with installation.ledger() as ledger, ledger.writing() as connection:
        kept = connection.execute(select(requests.c.facts)).scalar_one()
        facts: Any = json.loads(ledger.keys.open(kept))
        match change:
            case "a field that wasn't kept":
                del facts["user"]["email_known"]
            case "a field that is gone":
                facts["user"]["favourite_colour"] = "blue"
            case "a word that is gone":
                facts["request"]["device"] = "abacus"
            case _:
                facts = None
        connection.execute(update(requests).values(facts=ledger.keys.seal(json.dumps(facts))))
    found = replayed(installation, table)
    assert (found["replayed"], found["otherwise"]) == (0, [])
    assert found["unreplayable"] == {"older_shape": [filed.task.number]}


def refused(ended: Ended, *said: str) -> None:
    assert ended.code == 2
    assert ended.out == ""
    for words in said:
        assert words in ended.said


def test_a_table_that_cannot_be_used_is_exit_2_with_its_sentence(
    decided: tuple[Installation, Filed], tmp_path: Path
) -> None:
    installation, _ = decided

    def replay_of(text: str) -> Ended:
        return installation.run("rules", "replay", str(table_in(tmp_path, text)))

    refused(replay_of(SHIPPED.replace("'security_key'", "'security_keys'")), "changed.toml", "security_key")
    refused(replay_of(KEYS_BY_HAND.replace('expect = "text"', 'expect = "rest"')), "a phone")
    refused(replay_of("[[row]"), "changed.toml: isn't TOML")
    refused(replay_of(""), "changed.toml: has no closing row")
    refused(replay_of("# nothing\n"), "changed.toml: has no closing row")
    refused(
        installation.run("rules", "replay", str(tmp_path / "none.toml")),
        "none.toml: can't be read (No such file or directory)",
    )
    refused(installation.run("rules", "replay", str(tmp_path)), "can't be read")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    refused(installation.run("rules", "replay", str(tmp_path / "bytes.toml")), "bytes.toml: isn't text in UTF-8")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("follow_up.toml", "is a ladder, as follow_up.toml is; only an enrollment table can be replayed"),
        ("guards.toml", "[[proof]] belongs to the guards only"),
    ],
)
def test_another_kind_of_table_is_named_as_such(
    decided: tuple[Installation, Filed], tmp_path: Path, name: str, said: str
) -> None:
    installation, _ = decided
    text = files("rules").joinpath(name).read_text(encoding="utf-8")
    refused(installation.run("rules", "replay", str(table_in(tmp_path, text))), said)


@pytest.mark.parametrize("span", ["30", "yesterday", "0d", "-3d", "", "99999999d"])
def test_a_span_that_is_none_is_exit_2(decided: tuple[Installation, Filed], table: Path, span: str) -> None:
    installation, _ = decided
    refused(installation.run("rules", "replay", str(table), "--since", span), "--since", "such as 30d")
    refused(installation.run("report", "--since", span), "--since", "such as 30d")
