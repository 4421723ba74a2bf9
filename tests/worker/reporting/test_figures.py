"""The figures of a month that was counted by hand."""

from datetime import date
from typing import Any

import pytest

from tests.worker.reporting.ledgers import DAY, HOUR, MINUTE, Life, log_in, tell
from tests.worker.reporting.month import ADD, CODE, KEY, KEY_LINK, LINK, NOW, SINCE, on
from worker.ledger.database import Ledger
from worker.ledger.states import State
from worker.reporting.codes import Codes
from worker.reporting.days import Day
from worker.reporting.figures import Option, Report, report
from worker.reporting.held import NOT_KEPT, Held
from worker.reporting.spread import Spread, spread
from worker.reporting.story import NO_OPTION, UNDECIDED


def option(found: Report, name: str) -> Option:
    (one,) = [one for one in found.options if one.option == name]
    return one


def standing(found: Option) -> dict[str, int]:
    return {name: count for name, count in found.states.items() if count}


def test_the_whole_month_is_summed_up(found: Report) -> None:
    total = found.total
    assert (total.filed, total.delivered, total.enrolled, total.for_a_look, total.held) == (15, 11, 4, 1, 8)
    assert total.share == pytest.approx(4 / 11, abs=0.001)
    assert total.to_delivered == Spread(11, median=6, p90=30)  # 1 2 3 4 5 6 8 10 20 30 60
    assert total.to_enrolled == Spread(4, median=46, p90=120)  # 20 30 62 120
    assert standing(total) == {"new": 1, "awaiting": 2, "enrolled": 4, "closed": 2, "held": 6}


def test_each_option_is_counted_by_itself(found: Report) -> None:
    assert [one.option for one in found.options] == [
        CODE, LINK, f"{ADD} → {LINK}", KEY, KEY_LINK, NO_OPTION, UNDECIDED,
    ]  # fmt: skip
    link, code = option(found, LINK), option(found, CODE)
    assert (link.filed, link.delivered, link.enrolled, link.share, link.held) == (5, 4, 2, 0.5, 2)
    assert (link.to_delivered, link.to_enrolled) == (Spread(4, median=5, p90=10), Spread(2, median=46, p90=62))
    assert (code.filed, code.delivered, code.enrolled, code.share, code.held) == (4, 4, 1, 0.25, 3)
    assert (code.to_delivered, code.to_enrolled) == (Spread(4, median=25, p90=60), Spread(1, median=120, p90=120))
    assert option(found, KEY).to_delivered == Spread(1, median=5, p90=5), "the first delivery counts"
    assert standing(code) == {"awaiting": 1, "enrolled": 1, "held": 2}
    none = option(found, NO_OPTION)
    assert (none.filed, none.delivered, none.share, none.to_delivered) == (2, 0, None, None)
    assert sum(one.filed for one in found.options) == found.total.filed


def test_a_device_that_is_to_be_looked_at_is_not_among_the_enrolled(found: Report) -> None:
    looked = option(found, KEY_LINK)
    assert (looked.enrolled, looked.for_a_look, looked.share) == (0, 1, 0.0)


def test_codes_are_used_never_used_or_usable(found: Report) -> None:
    assert found.codes == Codes(made=6, used=3, never_used=2, usable=1)


def test_people_who_filed_again_are_counted_by_person(found: Report) -> None:
    again = found.repeats
    assert (again.persons, again.again, again.by_times) == (12, 3, {1: 2, 2: 1})
    assert set(again.tickets) == {"M1", "H2", "H1", "B3"}


def test_held_requests_are_counted_by_the_row_that_held_them(found: Report) -> None:
    assert found.held == (
        Held("give-up", 2, 2),
        Held("identity-check", 2, 1),
        Held("another-kind", 1, 1),
        Held("code-used-nothing-added", 1, 1),
        Held("no-address", 1, 0),
        Held("technician", 1, 1),
    )


def test_every_day_is_there_and_each_thing_counts_on_its_own_day(found: Report) -> None:
    days = {day.day: day for day in found.days}
    assert (found.days[0].day, found.days[-1].day, len(days)) == (date(2026, 10, 25), date(2026, 11, 24), 31)
    assert days[date(2026, 11, 20)] == Day(date(2026, 11, 20), filed=2, delivered=2, enrolled=2, held=1)
    assert days[date(2026, 11, 24)] == Day(date(2026, 11, 24), filed=4, delivered=2, enrolled=0, held=2)
    assert days[date(2026, 11, 16)] == Day(date(2026, 11, 16), filed=0, delivered=0, enrolled=0, held=0)
    assert sum(day.filed for day in found.days) == found.total.filed


def test_what_was_filed_before_is_not_counted(ledger: Ledger) -> None:
    served: dict[str, Any] = {"state": State.CLOSED, "how": "enrolled", "delivered": [MINUTE], "enrolled": HOUR}
    tell(ledger, Life("early", SINCE - MINUTE, **served), Life("just", SINCE, held=[(MINUTE, "row")], **served))
    found = report(ledger, SINCE, NOW)
    assert (found.total.filed, found.total.delivered, found.total.held, found.days[0].filed) == (1, 1, 1, 1)
    assert (found.repeats.persons, found.repeats.tickets) == (1, ("just",))


def test_an_empty_ledger_has_no_times_and_no_shares(ledger: Ledger) -> None:
    found = report(ledger, SINCE, NOW)
    assert (found.total.filed, found.total.share, found.total.to_delivered, found.options) == (0, None, None, ())
    assert (found.codes, found.held, found.repeats.persons) == (Codes(0, 0, 0, 0), (), 0)


def test_a_hold_that_was_lifted_and_whose_reason_nobody_kept_is_counted_so(ledger: Ledger) -> None:
    tell(
        ledger,
        Life("t", on(20), option=CODE, state=State.AWAITING, row="mobile-code", decided=HOUR, held=[(MINUTE, "")]),
    )
    assert report(ledger, SINCE, NOW).held == (Held(NOT_KEPT, 1, 0),)


def test_a_request_that_two_rows_held_counts_with_both_and_twice_with_none(ledger: Ledger) -> None:
    rows = [(MINUTE, "identity-check"), (HOUR, "identity-check"), (DAY, "give-up")]
    tell(ledger, Life("t", on(20), option=CODE, state=State.HELD, row="give-up", decided=HOUR, held=rows))
    found = report(ledger, SINCE, NOW)
    assert found.held == (Held("give-up", 1, 1), Held("identity-check", 1, 0))
    assert found.total.held == 1


@pytest.mark.parametrize("days", [30, 31])
def test_thirty_days_are_within_thirty_days(ledger: Ledger, days: int) -> None:
    tell(ledger, Life("first", on(23) - days * DAY), Life("second", on(23)))
    assert report(ledger, SINCE, NOW).repeats.again == (1 if days == 30 else 0)


def test_one_person_of_two_systems_or_two_persons_did_not_file_again(ledger: Ledger) -> None:
    tell(ledger, Life("a", on(20), "ann"), Life("b", on(21), "bob"))
    tell(ledger, Life("c", on(22), "ann", more={"system": "teamdynamix"}))
    found = report(ledger, SINCE, NOW).repeats
    assert (found.persons, found.again) == (3, 0)


def test_a_code_that_was_taken_back_before_it_lapsed_is_never_used(ledger: Ledger) -> None:
    made: dict[str, Any] = {"option": CODE, "row": "revoked", "codes": [(MINUTE, 8 * HOUR)]}
    tell(ledger, Life("t", on(24, 14), state=State.HELD, taken_back=[0], **made))
    assert report(ledger, SINCE, NOW).codes == Codes(made=1, used=0, never_used=1, usable=0)


def test_a_device_that_another_option_brought_does_not_use_up_an_earlier_code(ledger: Ledger) -> None:
    made: dict[str, Any] = {"how": "enrolled", "enrolled": DAY, "codes": [(MINUTE, 8 * HOUR)]}
    tell(ledger, Life("t", on(20), option=LINK, state=State.CLOSED, **made))
    assert report(ledger, SINCE, NOW).codes == Codes(made=1, used=0, never_used=1, usable=0)


@pytest.mark.parametrize(
    ("person", "factor", "used"), [("ann", "bypass_code", 1), ("bob", "bypass_code", 0), ("ann", "duo_push", 0)]
)
def test_only_a_log_in_of_the_person_with_a_code_uses_it(ledger: Ledger, person: str, factor: str, used: int) -> None:
    tell(ledger, Life("t", on(20), "ann", option=CODE, state=State.HELD, codes=[(MINUTE, 8 * HOUR)]))
    log_in(ledger, person, on(20) + HOUR, factor=factor)
    assert report(ledger, SINCE, NOW).codes.used == used


@pytest.mark.parametrize("minutes", [5, 20])
def test_one_log_in_uses_the_latest_code_only(ledger: Ledger, minutes: int) -> None:
    codes = [(MINUTE, 8 * HOUR), (10 * MINUTE, 8 * HOUR)]
    tell(ledger, Life("t", on(20), "ann", option=CODE, state=State.HELD, codes=codes))
    log_in(ledger, "ann", on(20) + minutes * MINUTE)
    assert report(ledger, SINCE, NOW).codes == Codes(made=2, used=1, never_used=1, usable=0)


def test_a_request_that_was_enrolled_used_the_code_it_had_then(ledger: Ledger) -> None:
    codes = [(MINUTE, 8 * HOUR), (DAY, 8 * HOUR)]
    tell(ledger, Life("t", on(20), "ann", CODE, state=State.CLOSED, how="enrolled", enrolled=HOUR + DAY, codes=codes))
    tell(ledger, Life("u", on(20), "bob", CODE, state=State.HELD, devices=("a phone",), codes=codes))
    assert report(ledger, SINCE, NOW).codes == Codes(made=4, used=2, never_used=2, usable=0)


def test_the_reason_on_the_request_is_that_of_its_last_hold_only(ledger: Ledger) -> None:
    holds = [(MINUTE, ""), (DAY, "")]
    tell(ledger, Life("t", on(20), option=CODE, state=State.HELD, row="give-up", decided=HOUR, held=holds))
    found = report(ledger, SINCE, NOW)
    assert found.held == (Held("give-up", 1, 1), Held(NOT_KEPT, 1, 0))
    assert [day.day for day in found.days if day.held] == [date(2026, 11, 20)]


@pytest.mark.parametrize(
    ("times", "median", "p90"),
    [((3,), 3, 3), ((1, 2), 1.5, 2), (tuple(range(1, 11)), 5.5, 9), (tuple(range(1, 12)), 6, 10), ((9, 1, 5), 5, 9)],
)
def test_the_median_lies_in_the_middle_and_nine_in_ten_kept_the_p90(
    times: tuple[int, ...], median: float, p90: float
) -> None:
    assert spread([time * MINUTE for time in times]) == Spread(len(times), median, p90)
