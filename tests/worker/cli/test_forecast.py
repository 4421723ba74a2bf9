"""`forecast`: by the budgets of the configuration, without a ledger."""

from pathlib import Path

from connectors.sandbox.world import Sandbox
from tests.rig import Clock
from tests.worker.cli.installed import configured, run


def test_it_says_how_long_each_option_takes_and_what_limits_it(tmp_path: Path) -> None:
    ended = run(configured(tmp_path), "forecast", "--people", "1000")
    assert ended.code == 0
    (row,) = [line.split() for line in ended.out.splitlines() if line.startswith("mobile.bypass_code")]
    assert row[1:4] == ["5.0", "h", "codes_per_hour"]


def test_it_is_one_json_value_with_every_need(tmp_path: Path) -> None:
    config = configured(tmp_path, policy={"codes_per_hour": 100})
    found = {each["option"]: each for each in run(config, "forecast", "--people", "1000", "--json").json}
    needs = {need["name"]: need for need in found["key.bypass_code"]["needs"]}
    assert found["key.bypass_code"]["limit"] == "codes_per_hour"
    assert needs["codes_per_hour"]["minutes"] == 600
    assert needs["servicenow"]["total"] == 2000


def test_it_goes_by_the_ticket_system_that_is_configured(tmp_path: Path) -> None:
    with Sandbox.start(clock=Clock(), folder=tmp_path) as sandbox:
        changes = {"teamdynamix": {"calls_per_minute": 30}, "policy": {"codes_per_hour": 100_000}}
        config = sandbox.config(tmp_path, changes, tickets="teamdynamix")
    found = {each["option"]: each for each in run(config, "forecast", "--people", "1000", "--json").json}
    assert found["key.bypass_code"]["limit"] == "teamdynamix GET tickets"
    assert "servicenow" not in {need["name"] for need in found["key.bypass_code"]["needs"]}


def test_nobody_is_exit_2(tmp_path: Path) -> None:
    assert run(configured(tmp_path), "forecast", "--people", "0").code == 2
