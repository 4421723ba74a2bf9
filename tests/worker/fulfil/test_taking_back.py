"""Undoing: each step is tried, whatever the others met."""

from collections.abc import Mapping

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable
from tests.worker.fulfil.outside import (
    Outside,
    nothing_forbids,
    states,
)
from worker.case import Case
from worker.fulfil import Wait, take_back
from worker.ledger.database import Check
from worker.ledger.rows import StepRow
from worker.steps.step import Step

pytestmark = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)


def taken_back(case: Case, table: Mapping[str, Step]) -> ConnectorError | None:
    """What it raised."""
    try:
        take_back(case, table, before=nothing_forbids)
    except ConnectorError as failed:
        return failed
    return None


def test_undoing_goes_on_with_whatever_a_step_met_and_tells_the_first(case: Case, outside: Outside) -> None:
    outside.answers["one"] = first = Unavailable("duo", "first")
    outside.answers["two"] = Misconfigured("mail", "second")
    assert taken_back(case, {name: outside.step() for name in ("one", "two")}) is first
    assert outside.names == ["one", "two"]


def test_a_refusal_while_undoing_is_told_after_the_rest_was_done(case: Case, outside: Outside) -> None:
    outside.answers["one"] = first = Refused("duo", "40003", "no")
    outside.answers["two"] = Refused("duo", "40004", "no")
    assert taken_back(case, {name: outside.step() for name in ("one", "two")}) is first
    assert states(case) == [("one", "failed"), ("two", "failed")]


def test_a_refusal_that_comes_second_is_not_what_is_told(case: Case, outside: Outside) -> None:
    outside.answers["one"] = first = Unavailable("duo", "first")
    outside.answers["two"] = Refused("duo", "40003", "second")
    assert taken_back(case, {name: outside.step() for name in ("one", "two")}) is first


def test_a_mail_that_is_refused_stops_nothing(case: Case, outside: Outside) -> None:
    outside.answers["one"] = Refused("mail", "550", "no such mailbox")
    assert taken_back(case, {"one": outside.step(matters=False), "two": outside.step()}) is None
    assert states(case) == [("one", "failed"), ("two", "done")]


def test_a_refused_mail_hides_no_failure_of_what_matters(case: Case, outside: Outside) -> None:
    outside.answers["one"] = Refused("mail", "550", "no such mailbox")
    outside.answers["two"] = second = Refused("duo", "40003", "no")
    assert taken_back(case, {"one": outside.step(matters=False), "two": outside.step()}) is second


def test_whatever_forbids_going_on_is_asked_while_undoing_too(case: Case, outside: Outside) -> None:
    def before(given: Case, row: StepRow) -> Check:
        assert given is case
        raise Wait(None, row.name)

    with pytest.raises(Wait, match="one"):
        take_back(case, {"one": outside.step()}, before=before)
