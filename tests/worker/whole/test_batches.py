"""Writing back by ServiceNow's Batch API: requests of one moment share a call, and a lost one is looked for in time."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.faults import Rule
from connectors.sandbox.people import KINDS
from tests.rig import SECURITY_KEY, Filed, Rig, running
from worker.ledger import budget

BATCH = "/api/now/v1/batch"
SECOND = timedelta(seconds=1)


@pytest.fixture(params=["one", "items"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path, {"servicenow": batching(request.param)}) as made:
        yield made


def batching(counts: str) -> dict[str, Any]:
    """Batches that count as one form while a slot is waited for, others of what is let through at once."""
    return {"batch": True, "batch_counts": counts, "calls_per_minute": 240 if counts == "one" else 10_000}


def serve(rig: Rig) -> dict[str, tuple[Any, ...]]:
    """How a request of every kind of person ends at first sight."""
    gather(rig)
    filed = {kind: rig.file(kind, device=SECURITY_KEY) for kind in KINDS}
    rig.once()
    return {kind: stood(rig, each) for kind, each in filed.items()}


def gather(rig: Rig) -> None:
    """Let the first writes wait for their slot for a moment, and so meet, on a machine however busy."""
    wait = partial(budget.rest, rig.shop.ledger, "servicenow", 2 * SECOND)
    rig.sandbox.faults.set(Rule("duo", "meanwhile", method="GET", route="/users", before=wait))


def stood(rig: Rig, filed: Filed) -> tuple[Any, ...]:
    ticket = rig.ticket(filed)
    notes = {kind: len(rig.notes(filed, kind)) for kind in ("comments", "work_notes")}
    told = [line.split("[duo-worker")[0] for note in rig.notes(filed, "work_notes") for line in note.splitlines()[:1]]
    return rig.request(filed).state, ticket["state"], ticket["assigned_to"], ticket["assignment_group"], notes, told


def paths(rig: Rig) -> list[str]:
    """Of the calls that write to tickets."""
    calls: Mapping[str, Any] = {"PATCH": "plain"}
    return [calls.get(call.method, call.path) for call in rig.sandbox.calls.select("servicenow") if call.writes]


@pytest.mark.parametrize("database_kind", ["sqlite"])  # the two rigs would share one database
def test_every_kind_of_request_ends_as_it_does_without_batches(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running(tmp_path_factory.mktemp("without")) as without:
        expected = serve(without)
        writes = paths(without).count("plain")
    assert serve(rig) == expected
    if rig.settings.servicenow.batch_counts == "one":  # else how many go together is a matter of milliseconds
        assert BATCH in paths(rig)
        assert len(paths(rig)) < writes


def test_a_lost_note_is_looked_for_until_no_batch_can_still_bring_it(rig: Rig) -> None:
    """A batch has 30 s, whether or not anybody waits for its answer."""
    filed = rig.file("never_activated")
    rig.sandbox.faults.set(Rule("servicenow", "reset before", method="PATCH"))
    rig.once()
    for _ in range(3):
        rig.clock.pass_(15 * SECOND)
        rig.once()
    assert rig.notes(filed, "work_notes") == []
    assert "lost answer" in rig.request(filed).waits_for
    rig.clock.pass_(16 * SECOND)
    rig.once()
    assert rig.request(filed).state == "awaiting"
    assert len(rig.notes(filed, "work_notes")) == len(set(rig.notes(filed, "work_notes"))) == 2


def test_a_lost_note_that_came_is_found_at_the_first_look(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.sandbox.faults.set(Rule("servicenow", "reset after", method="PATCH"))
    rig.once()
    rig.clock.pass_(11 * SECOND)
    rig.once()
    assert rig.request(filed).state == "awaiting"
    assert len(rig.notes(filed, "work_notes")) == 2


def test_without_batches_a_lost_note_is_written_again_when_a_process_that_died_cannot_have_it_under_way(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as rig:
        filed = rig.file("never_activated")
        rig.sandbox.faults.set(Rule("servicenow", "reset before", method="PATCH"))
        rig.once()
        rig.clock.pass_(11 * SECOND)
        rig.once()
        assert rig.request(filed).state == "acting"
        rig.clock.pass_(5 * SECOND)
        rig.once()
        assert rig.request(filed).state == "awaiting"


def test_a_batch_api_that_is_closed_to_the_account_pauses_servicenow_and_spends_no_request(tmp_path: Path) -> None:
    with running(tmp_path, {"servicenow": batching("one")}) as rig:
        filed = [rig.file(kind, device=SECURITY_KEY) for kind in KINDS]
        rig.sandbox.servicenow.switch(closed_apis=frozenset({"batch"}))
        gather(rig)
        (paused,) = rig.once()
        assert "set batch = false in [servicenow]" in paused
        assert "refused" not in {rig.request(each).rule_row for each in filed}
