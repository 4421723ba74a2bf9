"""An answer to the old secret that comes when an operator has put the right one and resumed."""

import pytest

from connectors.errors import Misconfigured
from tests.rig import Rig
from worker.brakes import pause_system, paused_system, resume
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
