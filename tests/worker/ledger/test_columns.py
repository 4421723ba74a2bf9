"""How values come into the database and out of it."""

from datetime import timedelta

from sqlalchemy.dialects import sqlite

from tests.worker.ledger.conftest import NOW
from worker.ledger.columns import EPOCH, Instant, Json, Text, microseconds

DIALECT = sqlite.dialect()


def test_a_time_is_a_whole_number_of_microseconds() -> None:
    kept = Instant().process_bind_param(NOW + timedelta(microseconds=1), DIALECT)
    assert isinstance(kept, int)
    assert kept == (NOW - EPOCH).total_seconds() * 1_000_000 + 1
    assert Instant().process_result_value(kept, DIALECT) == NOW + timedelta(microseconds=1)


def test_what_is_not_there_stays_so() -> None:
    assert Json().process_result_value(None, DIALECT) is None
    assert Instant().process_result_value(None, DIALECT) is None
    assert Instant().process_bind_param(None, DIALECT) is None
    assert Text().process_bind_param(None, DIALECT) is None


def test_a_span_keeps_every_microsecond_however_long_it_is() -> None:
    assert microseconds(timedelta(days=400 * 365, microseconds=1)) == 400 * 365 * 86_400_000_000 + 1
