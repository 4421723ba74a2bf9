"""Duo's administrator log against the ledger, hourly: every bypass code of our application is one we asked for.

One that isn't is an alarm: somebody else may have our application's key. Nothing is revoked by itself, as it may be
another program's. Source: Duo Admin API facts §8 (how an API change names its actor is unconfirmed).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from connectors.duo.logs import ADMINISTRATOR_PAGE, AdministratorEvent, administrator
from worker.explained import Explained, explain, looks_ours
from worker.findings import STRAY_CODE, Finding, listed, report, tell
from worker.ledger import issued, marks
from worker.ledger.issued import Asked
from worker.ledger.migrate import BORN
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.fingerprint import PROBED
from worker.stray_mail import stray_mail
from worker.worker import Worker

MARK = "audit"
EVERY = timedelta(hours=1)
LATE = timedelta(minutes=15)
"""How much later than others a row may appear in the log."""
FIRST = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True)
class Reading:
    """How far the log has been read, whether more is waiting there, and which rows are explained by which call."""

    since: datetime
    lags: bool
    explained: Explained


def audit(worker: Worker) -> None:
    """Read the log if an hour has passed, or more is waiting there (one call); then mail what wasn't yet.

    Raises:
        ConnectorError: Of Duo or the mail relay; what was found is kept, and mailed the next time.
    """
    now = worker.clock()
    with worker.ledger.reading() as connection:
        mark = marks.get(connection, MARK)
        born = marks.get(connection, BORN)
    last = _from_json(mark[0]) if mark else Reading(max(now - FIRST, born[1] if born else now - FIRST), False, {})
    if mark is None or last.lags or now - mark[1] >= EVERY:
        _read(worker, last, now)
    _mail(worker)


def _read(worker: Worker, last: Reading, now: datetime) -> None:
    rows = administrator(worker.systems.duo, last.since)
    made = [row for row in rows if row.codes is not None]
    if len(rows) >= ADMINISTRATOR_PAGE and rows[-1].at <= last.since:
        log.warning("administrator_log_too_dense", at=last.since.isoformat())
    with worker.ledger.writing() as connection:
        asked = issued.asked_since(connection, CODE_STEP, PROBED, last.since - LATE)
        explained, strays = explain(made, asked, last.explained)
        ours = [row for row in strays if looks_ours(row[1], worker.delivery)]
        report(connection, [_finding(key, row, now) for key, row in ours], now)
        marks.put(connection, MARK, _to_json(_next(last, rows, explained, now)), now)


def _next(last: Reading, rows: tuple[AdministratorEvent, ...], explained: Explained, now: datetime) -> Reading:
    """Where the next reading begins: rows may come late, but a full page must be got past.

    A second with more rows than a page can't be read to its end: Duo's log has no other way to go on.
    """
    newest = rows[-1].at if rows else last.since
    if len(rows) < ADMINISTRATOR_PAGE:
        since = max(last.since, newest - LATE, now - EVERY - LATE)
    else:
        since = newest if newest > last.since else last.since + timedelta(seconds=1)
    kept = {key: call for key, call in explained.items() if call.at >= since - LATE}
    return Reading(since, len(rows) >= ADMINISTRATOR_PAGE, kept)


def _finding(key: str, row: AdministratorEvent, now: datetime) -> Finding:
    made = row.codes
    what = f"Duo user {made.user_id or 'unknown'}" if made else ""
    ids = ", ".join(made.ids) if made and made.ids else "no id told"
    sentence = (
        f"a bypass code for {what} ({ids}) was made through an Admin API application at {row.at:%Y-%m-%d %H:%M} UTC, "
        "and the ledger knows nothing of it"
    )
    return Finding(STRAY_CODE, key, sentence, now)


def _mail(worker: Worker) -> None:
    to = worker.policy.notice_copy
    if not to or worker.shadow:
        return
    with worker.ledger.reading() as connection:
        found = listed(connection, worker.clock())
    for stray in [one for one in found if one.kind == STRAY_CODE and not one.told]:
        worker.systems.mail.send(stray_mail(to, stray, worker.delivery.sender_domain))
        with worker.ledger.writing() as connection:
            tell(connection, stray, worker.clock())


def _to_json(reading: Reading) -> dict[str, Any]:
    calls = [(key, call.user_id, call.valid_secs, call.at.isoformat()) for key, call in reading.explained.items()]
    return {"since": reading.since.isoformat(), "lags": reading.lags, "explained": calls}


def _from_json(kept: dict[str, Any]) -> Reading:
    calls = {key: Asked(user, secs, datetime.fromisoformat(at)) for key, user, secs, at in kept["explained"]}
    return Reading(datetime.fromisoformat(kept["since"]), bool(kept["lags"]), calls)
