"""Every slot that is taken of a budget is a call, also where it is taken in the transaction that begins a step."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rig import SECURITY_KEY, Rig, System, running
from worker.ledger import budget

WAYS: dict[str, tuple[System, dict[str, dict[str, Any]]]] = {
    "servicenow": ("servicenow", {}),
    "servicenow in batches": ("servicenow", {"servicenow": {"batch": True, "batch_counts": "one"}}),
    "teamdynamix": ("teamdynamix", {}),
}


@pytest.fixture(params=WAYS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    system, changes = WAYS[request.param]
    with running(tmp_path, {**changes, "worker": {"concurrency": 4}}, system=system) as made:
        yield made


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """By system: the slots that were granted."""
    granted, take_in = Counter[str](), budget.take_in

    def counted(ledger: Any, connection: Any, system: str, *args: Any, **kwargs: Any) -> budget.Grant:
        grant = take_in(ledger, connection, system, *args, **kwargs)
        granted[system.split(maxsplit=1)[0]] += grant.granted
        return grant

    monkeypatch.setattr(budget, "take_in", counted)
    return granted


def test_as_many_slots_are_taken_as_calls_are_made(rig: Rig, taken: Counter[str]) -> None:
    filed = [rig.file(kind, device=SECURITY_KEY) for kind in ("never_activated", "never_logged_in", "personal_address")]
    rig.sandbox.calls.clear()
    rig.once()
    made = Counter(call.system for call in rig.sandbox.calls)
    assert len({rig.request(each).id for each in filed}) == len(filed)
    assert made["duo"] >= 3
    assert taken == made
