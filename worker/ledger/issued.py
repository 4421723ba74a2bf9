"""Which bypass codes the worker has asked Duo for, as the journal says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from worker.ledger.schema import events, steps


@dataclass(frozen=True)
class Asked:
    """One call to make a code, as it was written down before it was sent."""

    user_id: str
    valid_secs: int
    at: datetime

    @property
    def key(self) -> str:
        """No other call has it."""
        return f"{self.user_id} {self.valid_secs} {self.at.isoformat()}"


def asked_since(connection: Connection, step: str, probe: str, since: datetime) -> Sequence[Asked]:
    """Every call since then: attempts of the step `step`, and events named `probe`."""
    journal = select(steps.c.intents).where(steps.c.name == step, steps.c.begun_at >= since)
    probes = select(events.c.detail).where(events.c.name == probe, events.c.at >= since)
    return [*_of_steps(connection.execute(journal).scalars()), *map(_asked, connection.execute(probes).scalars())]


def _of_steps(journal: Any) -> Iterator[Asked]:
    for intents in journal:
        yield from map(_asked, intents)


def _asked(intent: Mapping[str, Any]) -> Asked:
    return Asked(str(intent["user_id"]), int(intent["valid_secs"]), datetime.fromisoformat(str(intent["at"])))
