"""A ticket that the ticket system doesn't show any more, or shows as somebody else's business."""

from datetime import timedelta

import pytest

from tests.rig import SECURITY_KEY, Rig


def test_what_was_delivered_for_a_ticket_that_vanished_is_taken_back(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY)
    rig.once()
    rig.move_away(filed)
    rig.clock.pass_(timedelta(hours=9))
    rig.once()
    assert rig.request(filed).state == "awaiting", "it may be hidden for a moment"
    rig.clock.pass_(timedelta(hours=2))
    rig.once()
    assert rig.request(filed).state == "closed"
    assert rig.sandbox.duo.codes(rig.person("personal_address").user_name) == ()
    assert all(push.expired for push in rig.sandbox.password_pusher.pushes)
    assert rig.system == "teamdynamix" or rig.passphrase(filed) == ""


def test_a_new_request_whose_ticket_vanished_is_closed_and_nothing_is_done(rig: Rig) -> None:
    filed = rig.file("locked_out")
    rig.once()
    rig.move_away(filed)
    rig.clock.pass_(timedelta(minutes=20))
    before = rig.writes()
    rig.once()
    assert rig.request(filed).state == "new", "it may be hidden for a moment"
    rig.clock.pass_(timedelta(hours=2))
    rig.once()
    assert rig.request(filed).state == "closed"
    assert rig.writes() == before


def test_a_ticket_that_was_hidden_for_a_moment_is_served_when_it_is_shown_again(rig: Rig) -> None:
    filed = rig.file("locked_out")
    rig.once()
    rig.hide(filed)
    rig.clock.pass_(timedelta(minutes=20))
    rig.once()
    rig.hide()
    rig.sandbox.duo.set_status(rig.person("locked_out").user_name, "active")
    rig.clock.pass_(timedelta(minutes=20))
    rig.once()
    assert rig.request(filed).state == "awaiting"


def test_what_was_handed_back_and_is_hidden_for_a_moment_is_decided_a_minute_later(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = rig.file("never_activated")
    rig.site.assign(filed.task.number, "technician.tom")
    rig.once()
    assert rig.request(filed).state == "held"
    rig.clock.pass_(timedelta(minutes=1))
    rig.once()
    rig.site.assign(filed.task.number, "duo.worker", by="technician.tom")
    with monkeypatch.context() as patch:
        patch.setattr(rig.shop.worker.tickets, "read", lambda _: None)
        rig.once()
    assert (rig.request(filed).state, rig.request(filed).waits_for) == ("held", "the ticket isn't shown")
    rig.clock.pass_(timedelta(minutes=1))
    rig.once()
    assert rig.request(filed).state == "awaiting"
