"""Which of a user's codes is an attempt's, and which may be."""

from datetime import UTC, datetime, timedelta

from connectors.duo.model import BypassCode
from worker.steps.fingerprint import SKEW, Fingerprint, matching, near

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
LIFE = timedelta(hours=4)
SHORTER = LIFE - timedelta(seconds=10)
FIRST = Fingerprint("DU1", LIFE, NOON)
SECOND = Fingerprint("DU1", SHORTER, NOON + timedelta(seconds=30))


def code(life: timedelta, made: datetime, *, admin: str = "") -> BypassCode:
    return BypassCode("DB1", made, made + life, 1, admin)


def test_a_code_of_the_second_attempt_is_never_taken_for_one_that_the_first_left() -> None:
    made = code(SHORTER, NOON + timedelta(seconds=31))
    assert matching([made], SECOND) == [made]
    assert near([made], FIRST, known=[FIRST, SECOND]) == []


def test_a_code_whose_life_nobody_asked_for_may_be_either_attempts() -> None:
    made = code(timedelta(hours=1), NOON + timedelta(seconds=31))
    assert near([made], FIRST, known=[FIRST, SECOND]) == [made] == near([made], SECOND, known=[FIRST, SECOND])


def test_a_code_an_administrator_made_or_one_of_another_hour_is_no_attempts() -> None:
    theirs = code(timedelta(hours=1), NOON, admin="ada@example.edu")
    later = code(timedelta(hours=1), NOON + SKEW + timedelta(seconds=1))
    assert near([theirs, later], FIRST, known=[FIRST]) == []
