"""What earlier requests say about a person, an opener, a number: counts for the guards."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from worker.ledger.rows import Request, request_of
from worker.ledger.schema import made_phones, requests, resets


def opened_for_others(connection: Connection, system: str, opener: str, since: datetime, *, besides: int) -> int:
    """Requests that `opener` filed since then for somebody else."""
    asked = {"system": system, "opener": opener, "since": since, "besides": besides}
    return int(connection.execute(_FOR_OTHERS, asked).scalar_one())


def number_digests(connection: Connection, request: Request, since: datetime) -> list[str]:
    """Digests of the numbers that the person's other requests named since then."""
    asked = {"system": request.system, "person": request.person, "besides": request.id, "since": since}
    return list(connection.execute(_NUMBERS, asked).scalars())


def password_reset(connection: Connection, system: str, person: str, since: datetime) -> bool:
    """Whether a password-reset ticket of the person was filed since then."""
    return connection.execute(_RESET, {"system": system, "person": person, "since": since}).first() is not None


def made_by_worker(connection: Connection) -> frozenset[str]:
    """Ids of all phones that the worker ever made."""
    return frozenset(connection.execute(_MADE).scalars())


def by_id(connection: Connection, request_id: int) -> Request | None:
    """One request."""
    row = connection.execute(_ONE, {"one": request_id}).one_or_none()
    return None if row is None else request_of(row)


# Made once, as they are asked for every request.
_FOR_OTHERS = (
    select(func.count())
    .select_from(requests)
    .where(requests.c.system == bindparam("system"), requests.c.opener == bindparam("opener"))
    .where(requests.c.filed_at >= bindparam("since"), requests.c.id != bindparam("besides"))
    .where(requests.c.opener != requests.c.person)
)
_NUMBERS = (
    select(requests.c.number_digest)
    .where(requests.c.system == bindparam("system"), requests.c.person == bindparam("person"))
    .where(requests.c.id != bindparam("besides"), requests.c.filed_at >= bindparam("since"))
    .where(requests.c.number_digest != "")
)
_RESET = (
    select(resets.c.ticket_id)
    .where(resets.c.system == bindparam("system"), resets.c.person == bindparam("person"))
    .where(resets.c.filed_at >= bindparam("since"))
    .limit(1)
)
_ONE = select(requests).where(requests.c.id == bindparam("one"))
_MADE = select(made_phones.c.phone_id)
