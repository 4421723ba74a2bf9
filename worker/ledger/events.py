"""What happened, a row each: for `show`, and for whoever asks later who did what and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from worker.ledger.schema import events


def note(connection: Connection, request_id: int | None, name: str, now: datetime, **detail: Any) -> None:
    """Write one event down. `detail` holds no secret, no whole number and no name of another person."""
    connection.execute(_NOTED, {"request_id": request_id, "at": now, "name": name, "detail": detail})


_NOTED = insert(events)
