"""Duo's authentication log, read once a minute for all who wait: a row brings a request forward, and proves nothing.

Source: Duo Admin API facts §8 (it lags two minutes).
"""

from datetime import datetime, timedelta

from connectors.duo import logs
from connectors.duo.logs import AuthenticationEvent, Page
from worker.gates import LOG_EVERY, LOG_READ
from worker.ledger import marks, sightings
from worker.ledger.sightings import Sighting
from worker.worker import Worker

MARK = "authentication_log_mark"
LOG = "authentication"
TICK = timedelta(seconds=15)
"""How often the service asks whether it is time; more often than `LOG_EVERY`, as a tick may come a moment too early."""
LAG = timedelta(minutes=2)
SUCCESS = "success"
BEGIN = timedelta(minutes=10)
REMEMBERED = timedelta(days=30)


def watch_log(worker: Worker) -> int:
    """Read what is new, keep what is about people who wait; how many rows that were.

    No call where nobody waits, or the last one, by whomever and however it ended, is not a minute old.
    """
    now = worker.clock()
    with worker.ledger.reading() as connection:
        mark = marks.get(connection, MARK)
        asked = marks.get(connection, LOG_READ + LOG)
        early = asked is not None and timedelta() <= now - asked[1] < LOG_EVERY
        if early or not sightings.anybody_waits(connection):
            return 0
    since = datetime.fromisoformat(mark[0]) if mark else now - BEGIN
    page = logs.authentication(worker.systems.duo, since - LAG, now)
    told = [row for row in page.events if row.txid and row.result == SUCCESS]
    seen = [Sighting(row.txid, row.user_id, row.at, row.factor, row.country) for row in told]
    with worker.ledger.writing() as connection:
        waiting = sightings.waiting_users(connection) if seen else frozenset()
        new = [one for one in seen if one.duo_user_id in waiting and not sightings.has(connection, one.txid)]
        sightings.put(connection, new, now)
        sightings.forget(connection, now - REMEMBERED)
        marks.put(connection, MARK, _next(since, page).isoformat(), now)
    return len(new)


def _next(since: datetime, page: Page[AuthenticationEvent]) -> datetime:
    """The next reading begins LAG before it: after a full page just where that ended, as the rest comes first."""
    if page.more:
        return page.events[-1].at + LAG
    return max([since, *(event.at for event in page.events)])
