"""How figures are put to people, on the terminal and on the page."""

import pytest

from tests.worker.reporting.month import NOW, SINCE
from worker.ledger.database import Ledger
from worker.reporting.figures import Report, report
from worker.reporting.sheets import Sheet, sheets
from worker.reporting.words import people, share, span


def sheet(found: Report, name: str) -> Sheet:
    (one,) = [one for one in sheets(found) if one.name == name]
    return one


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0.0 min"),
        (4.24, "4.2 min"),
        (59.9, "59.9 min"),
        (59.96, "1 h 00 min"),
        (62, "1 h 02 min"),
        (2879.4, "47 h 59 min"),
        (2880, "2.0 days"),
        (10_080, "7.0 days"),
    ],
)
def test_a_time_is_told_in_the_unit_that_shows_it_best(minutes: float, expected: str) -> None:
    assert span(minutes) == expected


@pytest.mark.parametrize(("part", "expected"), [(None, "–"), (0.0, "0%"), (0.364, "36%"), (1.0, "100%")])
def test_a_share_of_nothing_is_no_share(part: float | None, expected: str) -> None:
    assert share(part) == expected


def test_every_row_of_a_sheet_has_a_cell_for_every_head(found: Report) -> None:
    for one in sheets(found):
        assert {len(row) for row in one.rows} <= {len(one.heads)}


def test_the_sheets_say_the_figures(found: Report) -> None:
    assert sheet(found, "delivered").rows[0] == ("all", "15", "11", "6.0 min", "30.0 min")
    assert sheet(found, "delivered").rows[-1] == ("not decided", "1", "0", "–", "–")
    assert sheet(found, "enrolled").rows[0] == ("all", "4", "36%", "46.0 min", "2 h 00 min", "1")
    assert sheet(found, "enrolled").rows[-1] == ("not decided", "0", "–", "–", "–", "·")
    assert sheet(found, "states").rows[0] == ("all", "1", "·", "2", "4", "2", "6", "·", "·")
    assert sheet(found, "held").rows[1] == ("identity-check", "2", "1")
    assert [row[1] for row in sheet(found, "codes").rows] == ["6", "3", "2", "1"]
    assert sheet(found, "repeats").rows[2:] == (("… once", "2"), ("… twice", "1"))


def test_quiet_days_are_left_out_of_the_table(found: Report) -> None:
    rows = sheet(found, "days").rows
    assert rows[0] == ("2026-11-24", "4", "2", "·", "2")
    assert "2026-11-16" not in [row[0] for row in rows]
    assert rows == tuple(sorted(rows, reverse=True))


def test_nothing_is_said_of_nothing(ledger: Ledger) -> None:
    assert sheet(report(ledger, SINCE, NOW), "held").rows == ()


def test_one_is_a_person_and_more_are_people() -> None:
    assert [people(count) for count in (0, 1, 2)] == ["0 people", "1 person", "2 people"]
