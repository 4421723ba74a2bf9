"""What comes while an operator puts the right secret and resumes: an answer to the old one, the order to stop."""

import pytest

from connectors.errors import Misconfigured
from tests.rig import Rig
from worker.brakes import pause_system, paused_system, resume
from worker.cli.run import anew
from worker.service import serve
from worker.tending import tended


@pytest.mark.only("servicenow")  # no ticket system is asked anything
def test_what_was_sent_before_a_resume_pauses_nothing_after_it(rig: Rig) -> None:
    old, ledger = rig.shop.worker, rig.shop.ledger

    def refused_late() -> None:
        resume(ledger, rig.clock())
        raise Misconfigured("duo", "the signature isn't accepted")

    pause_system(ledger, "duo", rig.clock(), "the secret key is wrong", seen=old.renewals)
    tended("directory", refused_late, old)()
    assert paused_system(ledger, "duo") == ""
    rig.again()
    pause_system(ledger, "duo", rig.clock(), "it still is", seen=rig.shop.worker.renewals)
    assert paused_system(ledger, "duo") == "it still is"


@pytest.mark.only("servicenow")  # nobody is asked anything
def test_an_order_to_stop_that_comes_while_secrets_are_read_again_is_obeyed(rig: Rig) -> None:
    before = rig.shop
    again = anew(before)
    before.stop.set()  # by the handler of the signal, which knows of the tools so far
    filed = rig.file("never_activated")
    assert serve(again)
    assert rig.sandbox.duo.texts == ()
    assert rig.state(filed) == "open"
