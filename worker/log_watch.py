"""Duo's authentication log, read once a minute for all who wait: a row brings a request forward, and proves nothing.

Source: Duo Admin API facts §8 (it lags two minutes).
"""

from datetime import datetime, timedelta

from connectors.duo import logs
from worker.ledger import marks, sightings
from worker.ledger.sightings import Sighting
from worker.worker import Worker

MARK = "authentication_log_mark"
EVERY = timedelta(minutes=1)
TICK = timedelta(seconds=20)
"""How often the service asks whether it is time; more often than `EVERY`, as a tick may come a moment too early."""
LAG = timedelta(minutes=2)
SUCCESS = "success"
BEGIN = timedelta(minutes=10)
REMEMBERED = timedelta(days=30)


def watch_log(worker: Worker) -> int:
    """Read what is new, keep what is about people who wait; how many rows that were.

    No call where nobody waits, or the last reading, by whomever, is not a minute old.
    """
    now = worker.clock()
    with worker.ledger.reading() as connection:
        mark = marks.get(connection, MARK)
        early = mark is not None and timedelta() <= now - mark[1] < EVERY
        if early or not sightings.anybody_waits(connection):
            return 0
    since = datetime.fromisoformat(mark[0]) if mark else now - BEGIN
    rows = logs.authentication(worker.systems.duo, since - LAG, now)
    told = [row for row in rows if row.txid and row.result == SUCCESS]
    seen = [Sighting(row.txid, row.user_id, row.at, row.factor, row.country) for row in told]
    with worker.ledger.writing() as connection:
        waiting = sightings.waiting_users(connection) if seen else frozenset()
        new = [one for one in seen if one.duo_user_id in waiting and not sightings.has(connection, one.txid)]
        sightings.put(connection, new, now)
        sightings.forget(connection, now - REMEMBERED)
        marks.put(connection, MARK, max([since, *(row.at for row in rows)]).isoformat(), now)
    return len(new)
