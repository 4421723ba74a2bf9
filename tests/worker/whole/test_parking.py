"""A bug in one request ends the process, and only so often: then that request is put aside and the others go on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.sandbox.messages import Request, Response
from tests.rig import Filed, Rig
from worker import health
from worker.case import Case
from worker.ledger import leases
from worker.ledger.rows import StepRow
from worker.ledger.schema import requests as table
from worker.operating import retry
from worker.parking import BUGS, DEATHS, TRIED_AGAIN, WHY
from worker.poll import poll
from worker.steps.step import Result, Step
from worker.steps.table import STEPS


class Bug(Exception):
    """Not one of the failures that are known."""


def breaks(monkeypatch: pytest.MonkeyPatch, number: str, *names: str) -> None:
    """These steps have a bug that only this ticket meets."""
    for name in names:
        monkeypatch.setitem(STEPS, name, _broken(STEPS[name], number))


def _broken(step: Step, number: str) -> Step:
    def act(case: Case, row: StepRow) -> Result:
        if case.request.number == number:
            raise Bug
        return step.act(case, row)

    return Step(**{**vars(step), "act": act})


def passes(rig: Rig, until: Callable[[], bool], most: int = 20) -> int:
    """How many processes a bug ended before `until`; each is started again two minutes later."""
    bugs = 0
    for _ in range(most):
        try:
            rig.once()
        except Bug:
            bugs += 1
        if until():
            break
        rig.clock.pass_(timedelta(minutes=2))
        rig.again()
    return bugs


def test_a_request_that_ends_the_process_again_and_again_is_held_and_the_others_go_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = rig.file("never_activated"), rig.file("platform_unknown")
    breaks(monkeypatch, bad.task.number, "notice")
    assert passes(rig, lambda: rig.request(bad).state == "held") == BUGS
    assert rig.request(bad).rule_row == "bug"
    assert rig.request(good).state == "awaiting"
    assert rig.ticket(bad)["assignment_group"] == "Duo Hold Queue"
    assert "bug" in rig.notes(bad, "work_notes")[-1]
    assert rig.request(bad).bugs == 0, "it is put down well now"


def test_a_request_that_cannot_even_be_held_waits_with_its_reason_and_stops_nobody(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = rig.file("never_activated")
    breaks(monkeypatch, bad.task.number, "notice", "tell_held")
    assert passes(rig, lambda: rig.request(bad).waits_for == WHY) == BUGS + 1
    for _ in range(3):
        rig.clock.pass_(timedelta(minutes=20))
        rig.site.comment(bad.task.number, rig.person("never_activated").user_name, "hello?")
        good = rig.file("platform_unknown")
        rig.once()
        assert rig.request(good).state in ("awaiting", "new")
    found = health.health(rig.shop.ledger, rig.settings, rig.clock())
    assert found["findings_by_kind"]["bug"] == 1
    assert bad.task.number in " ".join(health.sentences(found))


def test_a_parked_request_is_decided_again_when_an_operator_says_so(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = rig.file("never_activated")
    with monkeypatch.context() as broken:
        breaks(broken, bad.task.number, "notice", "tell_held")
        passes(rig, lambda: rig.request(bad).waits_for == WHY)
    rig.again()
    retry(rig.shop, rig.request(bad), "an operator")
    rig.once()
    assert rig.request(bad).state == "awaiting"


def test_a_parked_request_is_told_that_it_is_held_when_its_time_is_over_and_the_bug_is_mended(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = rig.file("never_activated")
    with monkeypatch.context() as broken:
        breaks(broken, bad.task.number, "notice", "tell_held")
        passes(rig, lambda: rig.request(bad).waits_for == WHY)
    rig.again()
    rig.clock.pass_(TRIED_AGAIN)
    rig.once()
    assert rig.ticket(bad)["assignment_group"] == "Duo Hold Queue"
    assert (rig.request(bad).state, rig.request(bad).bugs) == ("held", 0)


def died(rig: Rig, filed: Filed, times: int) -> None:
    """So many processes died while they had it."""
    for _ in range(times):
        held = leases.claim(
            rig.shop.ledger, rig.request(filed).id, owner="worker:x:1", lease=timedelta(minutes=3), due_by=None
        )
        assert held is not None
        leases.release_all(rig.shop.ledger, "worker:")


def test_a_request_that_many_processes_died_of_is_held(rig: Rig) -> None:
    bad = rig.file("never_activated")
    poll(rig.shop.polling, rig.clock())
    died(rig, bad, DEATHS)
    rig.once()
    assert (rig.request(bad).state, rig.request(bad).rule_row) == ("held", "bug")
    assert rig.sandbox.duo.texts == ()


def test_some_deaths_are_nobodys_fault_and_are_forgotten_when_it_is_put_down_well(rig: Rig) -> None:
    filed = rig.file("never_activated")
    poll(rig.shop.polling, rig.clock())
    died(rig, filed, DEATHS - 1)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).deaths) == ("awaiting", 0)


def test_a_lease_that_was_never_given_back_counts_as_a_death(rig: Rig) -> None:
    filed = rig.file("never_activated")
    poll(rig.shop.polling, rig.clock())
    key = rig.request(filed).id
    assert leases.claim(rig.shop.ledger, key, owner="one", lease=timedelta(minutes=3), due_by=None) is not None
    with rig.shop.ledger.writing() as connection:
        connection.execute(table.update().where(table.c.id == key).values(lease_until=1))
    taken = leases.claim(rig.shop.ledger, key, owner="two", lease=timedelta(minutes=3), due_by=None)
    assert taken is not None
    assert taken.request.deaths == 1


def test_a_fault_of_an_outside_system_counts_for_nothing(rig: Rig) -> None:
    filed = rig.file("never_activated")
    app = rig.sandbox.servers["duo"].app

    def down(request: Request) -> Response:
        return Response(500) if request.method == "GET" and "users" in request.path else app(request)

    rig.once()
    rig.sandbox.servers["duo"].app = down
    for _ in range(BUGS + 2):
        rig.clock.pass_(timedelta(minutes=16))
        rig.once()
    assert rig.request(filed).bugs == 0
    assert rig.request(filed).state == "awaiting"
