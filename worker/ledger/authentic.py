"""A row of the journal counts only as the worker wrote it: each carries a keyed digest of all that it says.

Whoever changes a row with another program, adds one, or copies a part of another request's into it has no key file.
"""

import hashlib
import json
from dataclasses import replace

from sqlalchemy import Connection, bindparam, update

from worker.ledger.rows import StepRow
from worker.ledger.schema import steps
from worker.ledger.seal import Keys


def put(connection: Connection, keys: Keys, step: StepRow) -> StepRow:
    """Write the row as `step` has it, whatever stands there now; the row as it will be read."""
    result, *intents = json.loads(json.dumps([step.result, *step.intents]))
    sealed = replace(step, result=result, intents=tuple(intents), seal=seal(keys, step))
    values = {f"new_{name}": getattr(sealed, name) for name in _CHANGING}
    connection.execute(_PUT, {"step_id": step.id, **values})
    return sealed


def seal(keys: Keys, step: StepRow) -> str:
    """What a row that says this carries."""
    return keys.digest(_words(step))


def as_ours(keys: Keys, step: StepRow) -> StepRow:
    """The row, if the worker wrote it as it is; else a `forged` one that says nothing, so that nothing relies on it."""
    if keys.same(_words(step), step.seal):
        return step
    return replace(step, state="forged", attempts=0, intents=(), result={}, secret=None)


def _words(step: StepRow) -> str:
    """All that a row says but its id, which the database gives."""
    return json.dumps(
        [
            step.request_id,
            step.seq,
            step.round,
            step.name,
            step.target,
            step.state,
            step.attempts,
            step.intents,
            step.result,
            hashlib.sha256(step.secret).hexdigest() if step.secret is not None else "",
            step.begun_at.isoformat() if step.begun_at else "",
            step.ended_at.isoformat() if step.ended_at else "",
        ],
        sort_keys=True,
    )


_CHANGING = ("state", "attempts", "intents", "result", "secret", "begun_at", "ended_at", "seal")
_PUT = update(steps).where(steps.c.id == bindparam("step_id")).values({n: bindparam(f"new_{n}") for n in _CHANGING})
