"""People change their mind after the delivery: an approval, an answer, a closed ticket, who reads along."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.messages import Request, Response
from tests.rig import SECURITY_KEY, Filed, Rig, System, running

MINUTE = timedelta(minutes=1)
APPROVER, TECHNICIAN = "approver.ada", "technician.tom"
IN_THE_COMMENT: dict[str, dict[str, Any]] = {
    "servicenow": {"comments_are_mailed": False, "passphrase_field": ""},
    "teamdynamix": {"comments_are_mailed": False},
}


def alive(rig: Rig) -> int:
    codes = rig.sandbox.duo.codes(rig.person("personal_address").user_name)
    return len(codes) + len([push for push in rig.sandbox.password_pusher.pushes if not push.expired])


def delivered(rig: Rig, **more: str) -> Filed:
    """A code and a push are alive."""
    filed = rig.file("personal_address", device=SECURITY_KEY, **more)
    if more.get("approval"):
        rig.site.approve(filed.item.number, APPROVER)
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("awaiting", 2)
    rig.clock.pass_(MINUTE)
    return filed


def just_before(rig: Rig, wanted: Callable[[Request], bool], do: Callable[[], object], *, system: str = "") -> None:
    """`do` happens once, just before `system`, else the help site, carries out the first request that is `wanted`."""
    server, done = rig.sandbox.servers[system or rig.system], list[Request]()
    app = server.app

    def meanwhile(request: Request) -> Response:
        if not done and wanted(request):
            done.append(request)
            do()
        return app(request)

    server.app = meanwhile


def is_delivery(request: Request) -> bool:
    """The call that says it and sets the status of what waits for the person."""
    told = request.path.endswith("/feed") and b'"NewStatusID": 1003' in request.body
    return told or (request.method == "PATCH" and b'"-5"' in request.body)


def is_open_again(rig: Rig, filed: Filed, *, for_himself: bool = False) -> None:
    rig.clock.pass_(MINUTE)
    rig.reopen(filed, TECHNICIAN, for_himself=for_himself)
    rig.once()


@pytest.mark.only("servicenow")  # there the word stands on the record; of a withdrawal at the other see below
@pytest.mark.parametrize("word", ["rejected", "requested", "not requested"])
def test_an_approval_that_is_withdrawn_after_the_delivery_takes_everything_back(rig: Rig, word: str) -> None:
    filed = delivered(rig, approval="requested")
    rig.sandbox.servicenow.set_fields(filed.item.number, APPROVER, approval=word)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "approval-withdrawn")
    assert alive(rig) == 0
    assert "approved" in rig.notes(filed, "work_notes")[-1]


def test_an_approval_that_is_asked_for_again_after_the_delivery_takes_everything_back(rig: Rig) -> None:
    filed = delivered(rig, approval="requested")
    rig.withdraw(filed, APPROVER)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row, alive(rig)) == ("held", "approval-withdrawn", 0)


def test_a_rejection_after_the_delivery_leaves_nothing_alive_even_where_it_ends_the_ticket(rig: Rig) -> None:
    filed = delivered(rig, approval="requested")
    rig.site.reject(filed.item.number, APPROVER)
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("held" if rig.system == "servicenow" else "closed", 0)


def test_an_approval_withdrawn_while_a_technician_has_the_ticket_takes_everything_back_too(rig: Rig) -> None:
    filed = delivered(rig, approval="requested")
    rig.site.assign(filed.task.number, TECHNICIAN)
    rig.once()
    assert alive(rig) == 2
    rig.clock.pass_(MINUTE)
    rig.withdraw(filed, APPROVER)
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("held", 0)
    assert rig.ticket(filed)["assigned_to"] == TECHNICIAN


def test_a_request_that_never_needed_an_approval_keeps_what_it_was_given(rig: Rig) -> None:
    filed = delivered(rig)
    rig.site.comment(filed.task.number, TECHNICIAN, "looked at it")
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("awaiting", 2)


def test_an_answer_edited_after_the_delivery_takes_everything_back_and_is_decided_again_when_handed_back(
    rig: Rig,
) -> None:
    filed = delivered(rig)
    rig.site.edit_answer(filed.item.number, "device_type", "Duo Mobile")
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "edited-after-delivery")
    assert alive(rig) == 0
    rig.clock.pass_(MINUTE)
    rig.once()
    rig.site.assign(filed.task.number, "duo.worker", by=TECHNICIAN)
    rig.clock.pass_(MINUTE)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).outcome) == ("awaiting", "mobile.activation_link")
    assert alive(rig) == 0


def test_a_closed_ticket_that_is_reopened_with_the_worker_is_decided_again_with_every_guard(rig: Rig) -> None:
    filed = delivered(rig)
    rig.site.close(filed.task.number, TECHNICIAN)
    rig.once()
    assert rig.request(filed).state == "closed"
    rig.sandbox.duo.set_status(rig.person("personal_address").user_name, "disabled")
    is_open_again(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "disabled")
    assert alive(rig) == 0


def test_an_enrolled_persons_reopened_ticket_is_held_because_something_works(rig: Rig) -> None:
    filed = delivered(rig)
    rig.sandbox.duo.register_key(rig.person("personal_address").user_name, "a key", "roaming")
    rig.clock.pass_(timedelta(minutes=20))
    rig.once()
    assert (rig.request(filed).state, rig.state(filed)) == ("closed", "closed")
    for _ in range(2):
        rig.clock.pass_(MINUTE)
        rig.once()
    assert rig.request(filed).state == "closed", "its own closing is no reopening"
    is_open_again(rig, filed)
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "working-factor")


def test_a_closed_ticket_that_a_technician_reopens_for_himself_is_his(rig: Rig) -> None:
    filed = delivered(rig)
    rig.site.close(filed.task.number, TECHNICIAN)
    rig.once()
    said = rig.writes()
    is_open_again(rig, filed, for_himself=True)
    assert (rig.request(filed).state, rig.writes()) == ("closed", said)


def test_a_technician_who_takes_the_ticket_in_the_moment_of_the_delivery_is_told_in_the_same_pass(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY)
    just_before(rig, is_delivery, lambda: rig.site.assign(filed.task.number, TECHNICIAN))
    rig.once()
    request = rig.request(filed)
    assert (request.state, request.handed_over, alive(rig)) == ("awaiting", True, 2)
    assert rig.ticket(filed)["assigned_to"] == TECHNICIAN
    said = [note.partition("\n")[0] for note in rig.notes(filed, "work_notes")]
    assert [words.partition(":")[0] for words in said[-2:]] == ["Delivered.", "Stepped back"]
    rig.clock.pass_(timedelta(hours=9))
    rig.once()
    assert alive(rig) == 0


@pytest.mark.parametrize("opens", [True, False])
def test_a_ticket_closed_in_the_moment_of_the_delivery_leaves_nothing_alive(rig: Rig, opens: bool) -> None:
    rig.sandbox.teamdynamix.switch(dates_needed=not opens)  # where one is needed, TeamDynamix refuses our status
    filed = rig.file("personal_address", device=SECURITY_KEY)
    just_before(rig, is_delivery, lambda: rig.site.close(filed.task.number, TECHNICIAN))
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("closed", 0)
    rig.clock.pass_(MINUTE)
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("closed", 0), "nor does the next poll take it for reopened"


def test_an_approval_withdrawn_between_two_steps_stops_what_comes_after(rig: Rig) -> None:
    filed = rig.file("personal_address", device=SECURITY_KEY, approval="requested")
    rig.site.approve(filed.item.number, APPROVER)

    def withdraw_and_poll() -> None:
        rig.withdraw(filed, APPROVER)
        ticket = rig.shop.worker.tickets.read(filed.task.sys_id)
        assert ticket is not None

    just_before(rig, lambda request: request.method == "POST", withdraw_and_poll, system="password_pusher")
    rig.once()
    assert (rig.request(filed).state, alive(rig)) == ("held", 0)
    assert rig.sandbox.mail.for_address(rig.person("personal_address").personal_email) == ()


@pytest.fixture
def talkative(tmp_path: Path, system: System) -> Iterator[Rig]:
    with running(tmp_path, IN_THE_COMMENT, system=system) as rig:
        yield rig


def watch(rig: Rig, filed: Filed) -> None:
    rig.watch(filed, "somebody@example.edu", TECHNICIAN)


def test_a_passphrase_goes_into_the_comment_where_nobody_else_reads_it(talkative: Rig) -> None:
    filed = delivered(talkative)
    assert "passphrase for it: " in talkative.notes(filed, "comments")[-1]


def test_a_watcher_who_came_after_the_code_was_made_reads_no_passphrase(talkative: Rig) -> None:
    rig = talkative
    filed = rig.file("personal_address", device=SECURITY_KEY)
    just_before(rig, lambda request: "bypass_codes" in request.path, lambda: watch(rig, filed), system="duo")
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "passphrase-watched")
    assert alive(rig) == 0
    assert not any("passphrase for it" in text for text in rig.notes(filed, "comments"))


def test_a_reminder_repeats_the_passphrase_to_no_watcher(tmp_path: Path, system: System) -> None:
    longer = {**IN_THE_COMMENT, "policy": {"code_valid": "24h"}, "follow_up": {"remind_after": "6h"}}
    with running(tmp_path, longer, system=system) as rig:
        filed = delivered(rig)
        watch(rig, filed)
        rig.clock.pass_(timedelta(hours=6))
        rig.once()
        assert rig.request(filed).followed["reminded"]
        assert "passphrase for it" not in rig.notes(filed, "comments")[-1]
        assert len(rig.notes(filed, "comments")) == 2
