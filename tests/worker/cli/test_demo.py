"""`demo`, whole: what it shows is what the worker and the people of the sandbox did."""

from typing import Any

import pytest

from tests.worker.cli.installed import run

pytestmark = pytest.mark.long
EVERYBODY = 24


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Any:
    ended = run(tmp_path_factory.mktemp("demo") / "none.toml", "demo", "--json")
    assert ended.code == 0, ended.err
    return ended.json


def by(played: Any, **said: str) -> list[Any]:
    return [one for one in played["requests"] if all(one[name] == value for name, value in said.items())]


def test_it_takes_less_than_a_minute_and_serves_all_options(played: Any) -> None:
    assert played["seconds"] < 60
    assert len(played["requests"]) == EVERYBODY
    enrolled = by(played, state="closed", how="enrolled")
    assert {one["option"] for one in enrolled} == {
        "mobile.bypass_code", "mobile.activation_link", "mobile.add_phone", "key.bypass_code", "key.enrollment_link",
    }  # fmt: skip


def test_one_never_reacts_and_one_comments(played: Any) -> None:
    (silent,) = by(played, how="given up")
    assert (silent["state"], silent["steps"].count("tell_reminder")) == ("held", 1)
    assert {"revoke_code", "delete_push"} <= set(silent["steps"])
    (commented,) = by(played, row="person-commented")
    assert commented["state"] == "held"


def test_the_attacker_gets_nothing(played: Any) -> None:
    held = by(played, row="identity-check")
    assert held
    assert all("code_in_push" not in one["steps"] for one in held)
