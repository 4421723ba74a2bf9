"""`demo`, whole: what it shows is what the worker and the people of the sandbox did."""

from typing import Any

import pytest

from tests.rig import SYSTEMS
from tests.worker.cli.installed import run

pytestmark = pytest.mark.long
EVERYBODY = 24


@pytest.fixture(scope="module", params=SYSTEMS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    ended = run(tmp_path_factory.mktemp("demo") / "none.toml", "demo", "--tickets", request.param, "--json")
    assert ended.code == 0, ended.err
    return {"system": request.param, **ended.json}


def by(played: Any, **said: str) -> list[Any]:
    return [one for one in played["requests"] if all(one[name] == value for name, value in said.items())]


def test_it_takes_less_than_a_minute_and_serves_all_options(played: Any) -> None:
    assert played["seconds"] < 60
    assert len(played["requests"]) == EVERYBODY
    enrolled = by(played, state="closed", how="enrolled")
    by_approval = (
        {"key.enrollment_link"} if played["system"] == "servicenow" else set()
    )  # which proves nothing elsewhere
    assert {one["option"] for one in enrolled} == {
        "mobile.bypass_code", "mobile.activation_link", "mobile.add_phone", "key.bypass_code", *by_approval,
    }  # fmt: skip


def test_every_request_has_an_end_that_can_be_read(played: Any) -> None:
    assert [one["ticket"] for one in played["requests"] if not one["outcome"] or one["state"] in ("", "new")] == []
    refused = by(played, outcome="refuse") + by(played, how="before it was seen")
    assert [one["steps"].count("activation_text") for one in refused] == [0]


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
