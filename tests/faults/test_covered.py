"""The matrix has no silent gap: every kind at every call of every option, or a reason why it makes no sense there."""

from connectors.sandbox.calls import Call
from connectors.sandbox.faults import kinds
from rules.facts import OPTIONS
from tests.faults.cases import numbered, singles
from tests.faults.conftest import Cleanly
from tests.faults.stories import STORIES

ASKED_FOR = {
    "refused connection": ("down", "refused"),
    "reset before and after": ("reset before", "reset after"),
    "time-out before and after": ("silent before", "silent after"),
    "429": ("busy",),
    "500 before and after": ("error before", "error after"),
    "503 with HTML": ("page before", "page after"),
    "truncated": ("truncated", "half"),
    "202 empty": ("accepted before", "accepted after"),
    "hibernation page": ("hibernating",),
    "expired token": ("expired",),
    "slow answer": ("slow",),
    "carried out after the time-out": ("late",),
    "rows twice and shifted between pages": ("repeated", "slipped"),
}
AFTER_THE_COMMIT = {"reset after", "silent after", "error after", "page after", "accepted after", "late"}
OF_PAGES = {"repeated", "slipped"}


def left_out(call: Call) -> set[str]:
    """What makes no sense at a call."""
    out = {"meanwhile"}  # what people do, which `test_people` and `test_paging` play
    is_read = call.method == "GET" or "oauth" in call.path
    if is_read:
        out |= AFTER_THE_COMMIT  # a read commits nothing
    if not (is_read and call.path.endswith(("/sc_task", "/groups"))):
        out |= OF_PAGES
    if call.system != "duo":
        out.add("late")  # ServiceNow cancels what takes longer than we wait; a late push holds a dead code
    return out


def test_every_kind_is_played_at_every_call_at_which_it_makes_sense(cleanly: Cleanly) -> None:
    for story in STORIES:
        run = cleanly(story)
        played = {(rule.system, rule.nth, rule.kind) for case in singles(run) for rule in case.rules}
        expected = {
            (call.system, number, kind)
            for call, number in numbered(run)
            for kind in set(kinds(call.system)) - left_out(call)
        }
        assert played == expected, story


def test_every_kind_of_fault_that_was_asked_for_is_played(cleanly: Cleanly) -> None:
    played = {rule.kind for story in STORIES for case in singles(cleanly(story)) for rule in case.rules}
    assert {kind for names in ASKED_FOR.values() for kind in names} <= played
    assert set(kinds("mail")) - {"meanwhile"} <= played


def test_every_option_is_played_and_every_end(cleanly: Cleanly) -> None:
    stood = [effects for story in STORIES for effects in cleanly(story).stood]
    assert {option for effects in stood for option in effects.option.split() if "." in option} == set(OPTIONS)
    assert {effects.state for effects in stood} >= {"awaiting", "closed", "held", "refused"}
