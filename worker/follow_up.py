"""Until the person is really enrolled: a delivered request is looked at when due, and the ladder says what follows.

A look costs one read of the Duo user. What gives something again is decided like a first time, on fresh facts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.duo import users
from connectors.duo.model import User
from rules.decision import Decision
from rules.facts import Facts, without
from rules.ladder import gives_again, next_move
from rules.plan import plan
from worker.addresses import agree
from worker.case import Case
from worker.deciding import FACTS, look_up, written
from worker.devices import NewDevice, new_devices
from worker.endings import Reason, end_enrolled, give_up, hold
from worker.filing import spent
from worker.hand_over import is_technicians, leave_to_technician
from worker.ledger.rows import Planned
from worker.ledger.states import State
from worker.progress import SEEN_AT, Watched, watch
from worker.recheck import own
from worker.undo import undo_list
from worker.windows import FollowUp

WAITED = "look at the ticket and at the person in Duo, and settle the request by hand"


def follow_up(case: Case) -> bool:
    """Look at a delivered request; True where that changed its state or its plan."""
    if case.request.handed_over and not _is_watched_for_others(case):
        return False
    user = users.read(case.worker.systems.duo, case.request.duo_user_id)
    if user is None:
        do = "find out what became of the person's Duo user, then settle the request by hand"
        return _hold(case, Reason("user-gone", "the Duo user is no longer there", do))
    if not _is_the_persons(case, user):
        do = "compare the request with the person's Duo user, then assign it to the worker to have it decided again"
        return _hold(
            case, Reason("changed-since-decided", "the Duo user that was acted on isn't the person's by name", do)
        )
    devices = new_devices(user, case.request.baseline)
    if devices and SEEN_AT not in case.request.followed:
        _take_back_the_rest(case, devices)
        return True
    if case.request.handed_over:
        return False
    watched = watch(case, user)
    return _carry_out(case, _decided(case, watched), watched)


def _is_watched_for_others(case: Case) -> bool:
    """A technician has the ticket and what was delivered still stands: a device that is added with it is told of."""
    delivered = case.request.delivered_at or case.request.state_at
    return SEEN_AT not in case.request.followed and case.now - delivered < case.worker.follow_up.give_up_after


def _hold(case: Case, reason: Reason) -> bool:
    if case.request.handed_over:
        return False
    hold(case, reason)
    return True


def _take_back_the_rest(case: Case, devices: Sequence[NewDevice]) -> None:
    """A new device is there: what is left of a code goes at once, whatever is yet to be found out."""
    followed = {**case.request.followed, SEEN_AT: case.now.isoformat()}
    notices = []
    if case.request.handed_over:
        notices, followed = [Planned("notice_added")], {**followed, **_named(devices)}
    steps = [*undo_list(case.journal()), *notices]
    case.move(State.AWAITING, "device_seen", plan=steps, followed=followed, **spent(case.request, case.now))


def _is_the_persons(case: Case, user: User) -> bool:
    """Whether the user whom the ledger names is the ticket's person; renamed users and changed ledgers aren't."""
    person = case.ticket.person
    names = {name.casefold() for name in (user.username, *user.aliases)}
    return person.user_name.casefold() in names or (
        case.worker.policy.match_by_email and agree(user.email, person.email)
    )


def next_look(delivered: datetime, now: datetime, follow: FollowUp) -> datetime:
    """When to look again: after each of `check_after` from the delivery, then after every last one of them."""
    *first, last = follow.check_after
    times = [delivered + span for span in (*first, last)]
    while times[-1] <= now:
        times.append(times[-1] + last)
    moments = [*times, delivered + follow.remind_after, delivered + follow.give_up_after]
    return min(at for at in moments if at > now)


def _decided(case: Case, watched: Watched) -> Decision:
    """By the facts it was decided on, which cost nothing; what gives something again, by fresh ones."""
    tables, then = case.worker.tables, case.request.then_option
    facts = replace(_facts_kept(case), progress=watched.progress)
    if gives_again(facts, tables.follow_up):
        facts = replace(without(look_up(case).facts, own(case)), progress=watched.progress)
    return next_move(facts, tables.guards, tables.follow_up, then)


def _facts_kept(case: Case) -> Facts:
    kept = case.request.facts
    return Facts() if kept is None else FACTS.validate_json(case.worker.ledger.keys.open(kept))


def _carry_out(case: Case, decision: Decision, watched: Watched) -> bool:
    reason = Reason(decision.row, decision.because, decision.next_step)
    followed = _followed(case, watched)
    match decision.outcome:
        case "enrolled":
            end_enrolled(case, reason, followed=followed)
        case "look":
            followed["unusual"] = decision.because
            hold(case, reason, tells=["notice_added", "tell_held"], followed=followed)
        case "hold":
            warned = ["notice_warning"] if watched.progress.code_used else []
            used = spent(case.request, case.now) if watched.progress.code_used else {}
            hold(case, reason, tells=[*warned, "tell_held"], followed=followed, **used)
        case "remind":
            followed |= {"reminded": True, "opened": watched.progress.opened}
            case.move(State.AWAITING, "reminded", plan=[Planned("tell_reminder")], followed=followed)
        case "give_up":
            give_up(case, reason, closes=case.worker.follow_up.closes, followed=followed)
        case "wait":
            return _wait(case, decision, reason)
        case "refuse" if is_technicians(case):  # it was taken since this round began
            leave_to_technician(case)
        case "refuse":
            do = "look at the ticket and settle the request by hand; nothing of it is alive"
            hold(case, replace(reason, next_step=decision.next_step or do), followed=followed)
        case _:
            _give_again(case, decision, followed)
    return True


def _wait(case: Case, decision: Decision, reason: Reason) -> bool:
    """Look again, sooner than scheduled where the row says so; True where it has waited for as long as it may."""
    request = case.request
    begun = request.wait_since if request.wait_row == decision.row and request.wait_since else case.now
    if decision.at_most is not None and case.now - begun >= decision.at_most:
        hold(case, replace(reason, next_step=decision.next_step or WAITED))
        return True
    if request.wait_row != decision.row:
        case.remember(wait_row=decision.row, wait_since=begun)
    case.look_in = decision.again_in
    return False


def _give_again(case: Case, decision: Decision, followed: dict[str, Any]) -> None:
    followed["reissued"] = int(followed.get("reissued", 0)) + 1
    names = plan(decision.outcome, decision.then, case.found.facts)
    steps = [*undo_list(case.journal()), *(Planned(name) for name in names)]
    values = written(case, decision)
    case.move(State.ACTING, "given_again", plan=steps, **{**values, "followed": {**followed, **values["followed"]}})


def _followed(case: Case, watched: Watched) -> dict[str, Any]:
    return {**case.request.followed, **(_named(watched.devices) if watched.devices else {})}


def _named(devices: Sequence[NewDevice]) -> dict[str, Any]:
    return {"devices": [one.words for one in devices], "told": [one.id for one in devices]}


def postpone(case: Case, lapses: datetime | None, **values: Any) -> None:
    """Nothing to do now: look again when it is time, or when what was delivered lapses."""
    delivered = case.request.delivered_at or case.request.state_at
    look = next_look(delivered, case.now, case.worker.follow_up)
    soon = [case.now + case.look_in] if case.look_in is not None else []
    due = min([look, *soon, *([lapses] if lapses is not None and lapses > case.now else [])])
    case.put_back(due, "", attempts=0, **values)
