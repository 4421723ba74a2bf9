"""Writes that come due at the same time as one call of the Batch API; each caller gets what became of its own.

An item means to its caller what the same answer to a call of its own would mean (connectors/servicenow/failures.py).
What else there is:

| | each item |
|---|---|
| never sent; 401; 429; 3xx; hibernating; 503 with ServiceNow's own error | as a single write |
| the batch as such refused (any other 4xx): nothing ran, and no item is to blame | Misconfigured |
| the batch's answer lost, a page, half, or to something else | Uncertain |
| one item in `unserviced_requests`, nowhere, or twice | Uncertain, that one |

Nothing promises that an item which comes back unserviced wasn't begun. Nor is a batch over because its answer is lost:
it may run for `QUOTA`, and what it writes then nobody sees who looks before.

Source: POST /api/now/v1/batch (ServiceNow facts §4)
"""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import requests

from connectors.errors import ConnectorError, Misconfigured, Refused
from connectors.gate import Gate
from connectors.secret import Secret
from connectors.servicenow import batch_json, failures
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.gathering import Gathering, Outcome, Turn
from connectors.servicenow.session import Session
from connectors.servicenow.write import Outgoing, Write, write_of

MOST: Final = 10  # writes; one may take a second or two, and a batch has 30
UNAUTHENTICATED: Final = 401
QUESTION: Final = Outgoing("GET", "/api/now/table/sys_user?sysparm_fields=sys_id&sysparm_limit=1", Secret(""))
LARGEST: Final = 512 * 1024  # bytes of all bodies; a proxy may take no more than a megabyte
QUOTA: Final = timedelta(seconds=30)


class Batch:
    """Sends writes, several in one call where they come due at the same time. Safe to share between threads.

    Gates are those of `Gathering`; a write that goes alone is a plain PATCH.
    """

    def __init__(self, session: Session, gate: Gate, beside: Gate) -> None:
        self._session = session
        self._gate = gate
        self._gathering = Gathering(gate, beside, most=MOST, largest=LARGEST)
        self._numbers = itertools.count(1)

    @property
    def waiting(self) -> int:
        """How many writes wait to go, the one at the gate not counted."""
        return self._gathering.waiting

    def patch(self, write: Write) -> Any:
        """The `result` of the answer to `write`. Raises what a call of its own would."""
        return failures.result(self._gathering.carry(write, self._send), writing=True)

    def ask(self) -> None:
        """A batch of one harmless question, to see whether batches may be sent. Raises as a write does."""
        number = str(next(self._numbers))

        def compose() -> Outgoing:
            self._gate()
            return batch_json.outgoing(number, [QUESTION])

        answer = _whole(self._session.write(compose))
        (outcome,) = batch_json.outcomes(answer, number, [write_of("sys_user", "self", {}, ())])
        if isinstance(outcome, ConnectorError):
            raise outcome
        failures.result(outcome, writing=False)

    def _send(self, turn: Turn) -> Sequence[Outcome]:
        """What became of each write of the turn."""
        number = str(next(self._numbers))

        def compose() -> Outgoing:
            writes = turn()
            alone = [write.alone for write in writes]
            return alone[0] if len(alone) == 1 else batch_json.outgoing(number, alone)

        answer = self._session.write(compose)
        if len(turn.writes) == 1:
            return [answer]
        return batch_json.outcomes(_whole(answer), number, turn.writes)


def _whole(answer: requests.Response) -> dict[str, Any]:
    """The batch's answer; raises what any other status than 2xx means for all of it."""
    try:
        return failures.answered(answer, writing=True)
    except (Refused, Misconfigured) as refused:
        if answer.status_code == UNAUTHENTICATED:
            raise
        cure = "check the account's roles, or set batch = false in [servicenow]"
        raise Misconfigured(SYSTEM, f"the Batch API: {refused.detail}; {cure}") from refused
