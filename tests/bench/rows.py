"""Many rows in the ledger, copied from one that the worker itself brought to where it is."""

from datetime import timedelta

from sqlalchemy import insert, select

from worker import wiring
from worker.ledger.database import Ledger
from worker.ledger.schema import requests


def fill(ledger: Ledger, count: int, *, due_in: timedelta) -> None:
    """`count` delivered requests of other people, which wait for `due_in` and longer."""
    first = wiring.now() + due_in
    with ledger.writing() as connection:
        row = connection.execute(select(requests).where(requests.c.state == "awaiting").limit(1)).one()._asdict()
        del row["id"]
        copies = [
            row
            | {"ticket_id": f"{number:032x}", "person": f"p{number}", "duo_user_id": f"DU{number}"}
            | {"number": f"SCTASK9{number:06}", "due_at": first + timedelta(seconds=number)}
            for number in range(count)
        ]
        connection.execute(insert(requests), copies)
