"""Many rows in the ledger, copied from one that the worker itself brought to where it is."""

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, insert, select, update

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


def let_wait(ledger: Ledger, *, due_in: timedelta) -> None:
    """Every request that is new stands as the one that was delivered, and waits for `due_in` and longer."""
    first = wiring.now() + due_in
    with ledger.writing() as connection:
        delivered = connection.execute(select(requests).where(requests.c.state == "awaiting").limit(1)).one()._asdict()
        new = connection.execute(select(requests.c.id).where(requests.c.state == "new")).scalars().all()
        connection.execute(update(requests).where(requests.c.state == "new").values(state="acting"))
        values = {name: value for name, value in delivered.items() if name not in OWN}
        waiting = (
            update(requests).where(requests.c.id == bindparam("one")).values({**values, "due_at": bindparam("due")})
        )
        connection.execute(
            waiting, [{"one": key, "due": first + timedelta(seconds=place)} for place, key in enumerate(new)]
        )


OWN: Final = (
    "id",
    "ticket_id",
    "number",
    "other_numbers",
    "person",
    "user_name",
    "opener",
    "filed_at",
    "number_digest",
)
"""What each request keeps."""
