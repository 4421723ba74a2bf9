"""What is dropped when its time is over: requests that ended, with their facts, steps and events."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from worker.ledger import resets
from worker.ledger.database import Ledger
from worker.ledger.schema import requests
from worker.ledger.states import State

ENDED = (State.CLOSED, State.HELD, State.REFUSED)


def forget(ledger: Ledger, now: datetime, keep: timedelta) -> int:
    """Drop requests that ended longer than `keep` ago and have nothing left to do; how many.

    What is `unsure` stays until a person has settled it. Phones the worker made stay marked for good.
    """
    with ledger.writing() as connection:
        dropped = connection.execute(
            delete(requests).where(
                requests.c.state.in_(ENDED), requests.c.state_at < now - keep, requests.c.due_at.is_(None)
            )
        )
        resets.forget(connection, now - keep)
    return dropped.rowcount
