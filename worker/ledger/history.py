"""What earlier requests say about a person, an opener, a number: counts for the guards."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from worker.ledger.rows import Request, request_of
from worker.ledger.schema import made_phones, requests, resets


def opened_for_others(connection: Connection, system: str, opener: str, since: datetime, *, besides: int) -> int:
    """Requests that `opener` filed since then for somebody else."""
    counted = (
        select(func.count())
        .select_from(requests)
        .where(requests.c.system == system, requests.c.opener == opener, requests.c.filed_at >= since)
        .where(requests.c.opener != requests.c.person, requests.c.id != besides)
    )
    return int(connection.execute(counted).scalar_one())


def number_digests(connection: Connection, request: Request, since: datetime) -> list[str]:
    """Digests of the numbers that the person's other requests named since then."""
    asked = select(requests.c.number_digest).where(
        requests.c.system == request.system,
        requests.c.person == request.person,
        requests.c.id != request.id,
        requests.c.filed_at >= since,
        requests.c.number_digest != "",
    )
    return list(connection.execute(asked).scalars())


def password_reset(connection: Connection, system: str, person: str, since: datetime) -> bool:
    """Whether a password-reset ticket of the person was filed since then."""
    asked = select(resets.c.ticket_id).where(
        resets.c.system == system, resets.c.person == person, resets.c.filed_at >= since
    )
    return connection.execute(asked.limit(1)).first() is not None


def made_by_worker(connection: Connection) -> frozenset[str]:
    """Ids of all phones that the worker ever made."""
    return frozenset(connection.execute(select(made_phones.c.phone_id)).scalars())


def by_id(connection: Connection, request_id: int) -> Request | None:
    """One request."""
    row = connection.execute(select(requests).where(requests.c.id == request_id)).one_or_none()
    return None if row is None else request_of(row)
