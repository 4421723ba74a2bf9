"""The report on what a real worker left in its ledger: it finds the steps and events under the names they have."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.rig import SECURITY_KEY, Rig, running
from worker.log_watch import watch_log
from worker.reporting.codes import Codes
from worker.reporting.figures import Report, report
from worker.reporting.held import Held

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KIND = "personal_address"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as rig:
        yield rig


def later(rig: Rig, span: timedelta) -> None:
    rig.clock.pass_(span)
    rig.sandbox.duo.limits.clear()
    rig.once()


def reported(rig: Rig) -> Report:
    return report(rig.shop.ledger, rig.clock() - 30 * DAY, rig.clock())


def use_code(rig: Rig) -> None:
    (code,) = rig.sandbox.duo.codes(rig.person(KIND).user_name)
    assert rig.sandbox.duo.use_code(rig.person(KIND).user_name, code.digits)


def test_a_key_that_was_added_is_enrolled_and_its_code_used(rig: Rig) -> None:
    rig.file(KIND, device=SECURITY_KEY)
    later(rig, 2 * MINUTE)
    assert reported(rig).codes == Codes(made=1, used=0, never_used=0, usable=1)
    use_code(rig)
    rig.sandbox.duo.register_key(rig.person(KIND).user_name)
    later(rig, 10 * MINUTE)
    found = reported(rig)
    (one,) = found.options
    assert (one.option, one.filed, one.delivered, one.enrolled, one.share) == ("key.bypass_code", 1, 1, 1, 1.0)
    assert one.to_delivered is not None
    assert one.to_enrolled is not None
    assert (one.to_delivered.median, one.to_enrolled.median) == (2, 12)
    assert found.codes == Codes(made=1, used=1, never_used=0, usable=0)


def test_a_code_is_used_as_soon_as_the_log_tells_of_it(rig: Rig) -> None:
    rig.file(KIND, device=SECURITY_KEY)
    later(rig, MINUTE)
    rig.clock.pass_(MINUTE)
    use_code(rig)
    rig.clock.pass_(3 * MINUTE)
    assert watch_log(rig.shop.worker) > 0
    assert reported(rig).codes == Codes(made=1, used=1, never_used=0, usable=0)


def test_a_code_with_which_nothing_was_added_is_used_and_its_request_held(rig: Rig) -> None:
    rig.file(KIND, device=SECURITY_KEY)
    later(rig, MINUTE)
    rig.clock.pass_(MINUTE)
    use_code(rig)
    later(rig, 10 * MINUTE)
    later(rig, HOUR)
    found = reported(rig)
    assert found.codes == Codes(made=1, used=1, never_used=0, usable=0)
    assert found.held == (Held("code-used-nothing-added", 1, 1),)


def test_a_code_that_lapsed_in_silence_is_never_used(rig: Rig) -> None:
    rig.file(KIND, device=SECURITY_KEY)
    later(rig, MINUTE)
    later(rig, 10 * HOUR)
    assert reported(rig).codes == Codes(made=1, used=0, never_used=1, usable=0)


def test_a_request_that_is_held_is_counted_under_its_row_until_it_goes_on(rig: Rig) -> None:
    filed = rig.file("no_phone", device=SECURITY_KEY)
    later(rig, MINUTE)
    assert reported(rig).held == (Held("identity-check", 1, 1),)
    rig.verify(filed)
    later(rig, MINUTE)
    (held,) = reported(rig).held
    assert (held.requests, held.now) == (1, 0)
    assert reported(rig).total.delivered == 1


def test_a_device_of_another_kind_is_held_for_a_look(rig: Rig) -> None:
    rig.file(KIND, device=SECURITY_KEY)
    later(rig, MINUTE)
    rig.sandbox.duo.add_phone(rig.person(KIND).user_name, rig.person(KIND).number)
    later(rig, 10 * MINUTE)
    found = reported(rig)
    assert (found.total.enrolled, found.total.for_a_look) == (0, 1)
    assert (found.held[0].row, found.codes.used) == ("another-kind", 1)


def test_a_request_that_a_technician_took_is_counted_as_held_by_one(rig: Rig) -> None:
    filed = rig.file("never_activated")
    rig.sandbox.servicenow.assign(filed.task.number, "technician.tom")
    later(rig, MINUTE)
    assert reported(rig).held == (Held("technician", 1, 1),)
