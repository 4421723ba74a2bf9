"""What `check` finds out about the instance, without changing anything there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.gate import free
from connectors.sandbox.servicenow import RESET_ITEM
from tests.connectors.servicenow.stand import PEOPLE, Stand
from tests.worker.tickets.ticketing import SETTINGS, tickets_of
from worker.tickets.servicenow import ServiceNowTickets, States, Variables


def wrong(stand: Stand, **differs: Any) -> dict[str, str]:
    """The sentences of the probes that aren't well, by their names."""
    return {probe.name: probe.sentence for probe in tickets_of(stand, **differs).probes() if not probe.ok}


@pytest.fixture
def busy(stand: Stand) -> Stand:
    """With a request that has everything beside it."""
    filed = stand.file()
    stand.servicenow.approve(filed.item.sys_id, PEOPLE[1].user_name)
    stand.servicenow.work_note(filed.task.sys_id, "admin", "a note")
    stand.file(item=RESET_ITEM, answers={})
    return stand


@pytest.mark.parametrize("write_to", ["task", "item"])
def test_all_is_well_where_all_is_well_and_nothing_is_written(busy: Stand, write_to: str) -> None:
    assert wrong(busy, write_to=write_to) == {}
    assert {call.method for call in busy.calls()} == {"GET"}
    assert len(busy.calls()) <= 16


@pytest.mark.parametrize(
    ("switches", "name", "said"),
    [
        ({"hidden_tables": frozenset({"sc_task"})}, "tickets", "may not read sc_task"),
        ({"hidden_fields": frozenset({"sc_task.state"})}, "tickets", "may not read state"),
        ({"hidden_fields": frozenset({"sc_req_item.sys_mod_count"})}, "tickets", "request_item.sys_mod_count"),
        ({"hidden_variables": frozenset({"mobile_number"})}, "variables", "mobile_number"),
        ({"hidden_tables": frozenset({"sc_request"})}, "requests", "shown on 0 of 2"),
        ({"hidden_tables": frozenset({"sys_journal_field"})}, "work notes", "1 rows, none shown"),
        ({"hidden_tables": frozenset({"sysapproval_approver"})}, "approvals", "1 rows, none shown"),
        ({"hidden_tables": frozenset({"sys_user_group"})}, "groups", "may not read sys_user_group"),
        ({"hidden_fields": frozenset({"sys_user.user_name"})}, "persons", "shown on 0 of 2"),
        ({"dot_walked_conditions": False}, "conditions", "plain queries"),
        ({"mishap": "hibernating"}, "account", "hibernating"),
        ({"mishap": "maintenance"}, "clock", "503"),
    ],
)
def test_what_is_missing_is_named(busy: Stand, switches: dict[str, Any], name: str, said: str) -> None:
    busy.servicenow.switch(**switches)
    assert said in wrong(busy)[name]


@pytest.mark.parametrize(
    ("differs", "name", "said"),
    [
        ({"username": "admin"}, "account", "calls run as duo.worker, but [servicenow] username is admin"),
        ({"hold_group": "Nowhere"}, "groups", "'Nowhere'"),
        ({"passphrase_field": "u_nothing"}, "passphrase field", "u_nothing is not shown"),
        ({"variables": Variables(device="devise_type")}, "variables", "devise_type"),
        ({"states": States(open="100")}, "states", "state 1"),
    ],
)
def test_settings_that_don_t_fit_are_named(busy: Stand, differs: dict[str, Any], name: str, said: str) -> None:
    assert said in wrong(busy, **differs)[name]


def test_a_time_zone_other_than_gmt_is_told(busy: Stand) -> None:
    busy.servicenow.set_user("duo.worker", time_zone="America/Phoenix")
    assert wrong(busy) == {"time zone": "the account's time zone is America/Phoenix; it should be GMT"}
    busy.servicenow.set_user("duo.worker", time_zone="")
    assert "the instance's own" in wrong(busy)["time zone"]


@pytest.mark.parametrize("off", [timedelta(minutes=3), timedelta(minutes=-3)])
def test_clocks_that_differ_are_told(busy: Stand, off: timedelta) -> None:
    tickets = ServiceNowTickets(busy.instance(), replace(SETTINGS), lambda: busy.clock() + off)
    (probe,) = (probe for probe in tickets.probes() if probe.name == "clock")
    assert (probe.ok, "180 s" in probe.sentence) == (False, True)


def test_an_instance_without_requests_can_t_show_everything(stand: Stand) -> None:
    assert set(wrong(stand)) >= {"tickets", "variables", "work notes", "conditions"}


def test_plain_queries_make_up_for_conditions_that_aren_t_heeded(busy: Stand) -> None:
    busy.servicenow.switch(dot_walked_conditions=False)
    assert "conditions" not in wrong(busy, plain_queries=True)


@pytest.mark.parametrize("open_to_us", [True, False])
def test_where_batches_are_set_up_it_is_asked_whether_they_may_be_sent(busy: Stand, open_to_us: bool) -> None:
    busy.servicenow.switch(closed_apis=frozenset() if open_to_us else frozenset({"batch"}))
    tickets = ServiceNowTickets(busy.instance(beside=free), SETTINGS, busy.clock)
    (batches,) = [probe for probe in tickets.probes() if probe.name == "batches"]
    assert batches.ok is open_to_us
    assert open_to_us or "set batch = false in [servicenow]" in batches.sentence
    assert [call.method for call in busy.calls() if call.path.endswith("/batch")] == ["POST"]
