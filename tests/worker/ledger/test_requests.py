"""Rows of requests: how they begin, which are due, and who is woken by what."""

from datetime import timedelta

import pytest

from tests.worker.ledger.conftest import NOW
from tests.worker.ledger.lives import DAY, LEASE, MINUTE, ORDINARY, SECOND, add, asleep, claimed, moved, read
from worker.ledger import leases, requests, steps, views
from worker.ledger.database import Ledger
from worker.ledger.requests import Due
from worker.ledger.rows import Planned
from worker.ledger.states import State


def test_a_new_request_is_what_was_filed_and_is_due_at_once(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        requests.add(connection, ORDINARY, NOW + SECOND)
    new = read(ledger)
    assert {name: getattr(new, name) for name in vars(ORDINARY)} == vars(ORDINARY)
    assert (new.state, new.seen_at, new.state_at, new.due_at) == (State.NEW, *[NOW + SECOND] * 3)
    texts = (
        new.waits_for, new.wait_row, new.decided_digest, new.outcome, new.then_option, new.rule_row, new.because,
        new.next_step, new.proof, new.tables_version, new.duo_user_id, new.address_digest, new.trouble, new.how,
        new.revoke_note, new.lease_owner,
    )  # fmt: skip
    assert set(texts) == {""}
    counts = (new.attempts, new.round, new.pokes, new.lease_until, new.fence, new.bugs, new.deaths)
    assert set(counts) == {0}
    assert (new.evidence, new.baseline, new.followed) == ((), {}, {})
    assert (new.handed_over, new.markers_accepted) == (False, False)
    assert new.key == "servicenow:t1"


def test_a_request_that_is_known_is_not_added_again(ledger: Ledger) -> None:
    add(ledger)
    add(ledger, at=NOW + DAY, number="another")
    assert (read(ledger).number, read(ledger).seen_at) == ("Nt1", NOW)
    with ledger.reading() as connection:
        _, story = views.story(connection, read(ledger))
        assert requests.by_ticket(connection, "teamdynamix", "t1") is None
        assert requests.by_ticket(connection, "servicenow", "t2") is None
    assert [event.name for event in story] == ["request_seen"]


def test_a_change_makes_a_request_due_and_an_edit_is_kept(ledger: Ledger) -> None:
    asleep(ledger, add(ledger))
    asleep(ledger, add(ledger, "other"))
    with ledger.writing() as connection:
        requests.changed(connection, read(ledger), NOW + SECOND, edited=None, edited_at=DAY + NOW)
    changed = read(ledger)
    assert (changed.due_at, changed.pokes, changed.edited_at) == (NOW + SECOND, 1, None)
    edited = requests.Filed(**{**vars(ORDINARY), "answers_digest": "others", "number_digest": "number"})
    with ledger.writing() as connection:
        requests.changed(connection, changed, NOW + MINUTE, edited=edited, edited_at=NOW)
    changed = read(ledger)
    assert (changed.due_at, changed.pokes, changed.edited_at) == (NOW + MINUTE, 2, NOW)
    assert (changed.answers_digest, changed.number_digest) == ("others", "number")
    with ledger.reading() as connection:
        _, story = views.story(connection, changed)
    assert [(event.name, event.at) for event in story[1:]] == [("request_edited", NOW + MINUTE)]
    assert read(ledger, "other").due_at is None


def test_undoing_comes_before_delivering_that_before_deciding_and_watching_is_last(ledger: Ledger) -> None:
    add(ledger, "new", NOW - DAY)
    moved(ledger, acting := add(ledger, "acting"), State.ACTING, at=NOW - MINUTE)
    moved(ledger, add(ledger, "acting too"), State.ACTING, at=NOW - MINUTE)
    moved(ledger, watched := add(ledger, "awaiting"), State.ACTING)
    moved(ledger, watched, State.AWAITING, at=NOW - 2 * DAY)
    for place, state in enumerate((State.HELD, State.UNSURE, State.REFUSED, State.CLOSED)):
        moved(ledger, add(ledger, str(state)), state, at=NOW - place * SECOND)
    found = requests.due(ledger, NOW, limit=99)
    assert [one.ticket_id for one in found] == [
        "closed", "refused", "unsure", "held", "acting", "acting too", "new", "awaiting",
    ]  # fmt: skip
    assert found[4] == Due(acting, "acting")
    assert requests.due(ledger, NOW, limit=5) == found[:5]


def test_what_is_due_now_or_earlier_and_nobodys_is_due(ledger: Ledger) -> None:
    add(ledger, "now", NOW)
    add(ledger, "soon", NOW + SECOND)
    claimed(ledger, add(ledger, "somebody's", NOW - DAY))
    asleep(ledger, add(ledger, "asleep"))
    assert [one.ticket_id for one in requests.due(ledger, NOW, limit=9)] == ["now"]


def test_the_earliest_due_time_is_told(ledger: Ledger) -> None:
    assert requests.next_due(ledger) is None
    asleep(ledger, add(ledger, "asleep"))
    assert requests.next_due(ledger) is None
    add(ledger, "later", NOW + DAY)
    add(ledger, "soon", NOW + SECOND)
    assert requests.next_due(ledger) == NOW + SECOND


def test_a_move_says_what_happened_and_forgets_what_was_waited_for(ledger: Ledger) -> None:
    key = add(ledger)
    claim = claimed(ledger, key)
    requests.postpone(ledger, claim, NOW + DAY, "Duo is down", NOW, attempts=3, wait_row="locked-out")
    waits = read(ledger)
    assert (waits.due_at, waits.waits_for, waits.attempts, waits.wait_row) == (
        NOW + DAY, "Duo is down", 3, "locked-out",
    )  # fmt: skip
    moved = requests.move(
        ledger,
        claimed(ledger, key),
        State.HELD,
        NOW + MINUTE,
        event="held",
        detail={"row": "locked-out"},
        trouble="locked",
    )
    assert moved.request == read(ledger)
    held = read(ledger)
    assert (held.state, held.state_at, held.due_at) == (State.HELD, NOW + MINUTE, NOW + MINUTE)
    assert (held.waits_for, held.attempts, held.trouble) == ("", 0, "locked")
    with ledger.reading() as connection:
        _, story = views.story(connection, held)
    assert (story[-1].name, story[-1].at, story[-1].detail) == ("held", NOW + MINUTE, {"row": "locked-out"})


def test_steps_of_a_new_plan_come_after_those_of_the_old_one(ledger: Ledger) -> None:
    moved(ledger, key := add(ledger), State.ACTING, "one", "two", round=1)
    moved(ledger, key, State.HELD, "undo", round=2)
    assert [(step.name, step.seq, step.round, step.state) for step in steps.of(ledger, key)] == [
        ("one", 1, 1, "dropped"), ("two", 2, 1, "dropped"), ("undo", 3, 2, "planned"),
    ]  # fmt: skip


def test_what_is_done_stays_done_when_the_plan_changes(ledger: Ledger) -> None:
    moved(ledger, key := add(ledger), State.ACTING, "one", "two")
    claim = claimed(ledger, key)
    steps.end(ledger, claim, steps.of(ledger, key)[0], NOW, result={"n": 1})
    leases.release(ledger, claim)
    moved(ledger, key, State.HELD)
    assert [(step.state, step.result) for step in steps.of(ledger, key)] == [("done", {"n": 1}), ("dropped", {})]


def test_values_may_be_set_and_events_written_without_a_move(ledger: Ledger) -> None:
    claim = claimed(ledger, add(ledger))
    requests.remember(ledger, claim, how="so")
    requests.record(ledger, claim, NOW + SECOND, "noticed", followed={"a": 1})
    found = read(ledger)
    assert (found.state, found.how, found.followed) == (State.NEW, "so", {"a": 1})
    with ledger.reading() as connection:
        _, story = views.story(connection, found)
    assert [(event.name, event.at) for event in story[1:]] == [("noticed", NOW + SECOND)]


@pytest.mark.parametrize(
    ("states", "busy"),
    [((State.ACTING,), True), ((State.ACTING, State.AWAITING), True), ((State.UNSURE,), True), ((State.HELD,), False)],
)
def test_the_busy_request_of_the_same_person_is_found(ledger: Ledger, states: tuple[State, ...], busy: bool) -> None:
    add(ledger, "this", person="p")
    others = (
        add(ledger, "theirs", person="p"), add(ledger, "q's", person="q"), add(ledger, "there", person="p", system="x"),
    )  # fmt: skip
    for other in others:
        for state in states:
            moved(ledger, other, state)
    with ledger.reading() as connection:
        found = requests.other_of_person(connection, read(ledger, "this"))
        assert (found and found.ticket_id) == ("theirs" if busy else None)
        assert requests.other_of_person(connection, read(ledger, "theirs")) is None


def test_whoever_waits_for_a_persons_request_is_woken_by_its_end(ledger: Ledger) -> None:
    later = NOW + DAY
    add(ledger, "this", later, person="p")
    add(ledger, "waits", later, person="p")
    add(ledger, "another's", later, person="q")
    add(ledger, "elsewhere", later, person="p", system="x")
    asleep(ledger, add(ledger, "asleep", person="p"))
    moved(ledger, held := add(ledger, "held", person="p"), State.HELD)
    asleep(ledger, held, later)
    with ledger.writing() as connection:
        requests.wake_others(connection, read(ledger, "this"), NOW)
    assert [one.ticket_id for one in requests.due(ledger, NOW, limit=9)] == ["waits"]
    assert (read(ledger, "waits").pokes, read(ledger, "this").pokes) == (1, 0)


def test_whatever_waits_for_a_time_is_woken_when_brakes_are_lifted(ledger: Ledger) -> None:
    add(ledger, "now", NOW)
    add(ledger, "later", NOW + SECOND)
    asleep(ledger, add(ledger, "asleep"))
    with ledger.writing() as connection:
        requests.wake_waiting(connection, NOW)
    assert [(name, read(ledger, name).due_at, read(ledger, name).pokes) for name in ("now", "later", "asleep")] == [
        ("now", NOW, 0), ("later", NOW, 1), ("asleep", None, 0),
    ]  # fmt: skip


def test_what_somebody_puts_back_to_wait_while_brakes_are_lifted_is_due_at_once(ledger: Ledger) -> None:
    claim = claimed(ledger, add(ledger))
    with ledger.writing() as connection:
        requests.wake_waiting(connection, NOW)
    requests.postpone(ledger, claim, NOW + DAY, "a pause that is gone by now", NOW)
    assert read(ledger).due_at == NOW


def test_what_a_row_holds_up_is_woken_and_so_is_what_is_being_decided(ledger: Ledger) -> None:
    for ticket, row in (("this", "row"), ("other", "another"), ("decided", "row")):
        claim = claimed(ledger, key := add(ledger, ticket))
        requests.postpone(ledger, claim, NOW + DAY, "it", NOW, wait_row=row)
        if ticket == "decided":
            claim = requests.move(ledger, claimed(ledger, key), State.HELD, NOW, event="held", wait_row=row)
            requests.postpone(ledger, claim, NOW + DAY, "", NOW)
    claim = claimed(ledger, add(ledger, "under way", NOW + DAY))
    claim = claimed(ledger, acting := add(ledger, "acting"))
    requests.postpone(ledger, requests.move(ledger, claim, State.ACTING, NOW, event="e"), NOW + DAY, "", NOW)
    with ledger.writing() as connection:
        requests.wake_held_up(connection, "row", NOW)
    woken = {name for name in ("this", "other", "decided", "under way", "acting") if read(ledger, name).due_at == NOW}
    assert woken == {"this", "under way"}
    assert (read(ledger, "this").pokes, read(ledger, "under way").pokes) == (1, 1)
    assert acting


def test_what_is_due_already_is_not_woken_for_a_row(ledger: Ledger) -> None:
    claim = claimed(ledger, add(ledger))
    requests.postpone(ledger, claim, NOW, "it", NOW, wait_row="row")
    leases.release(ledger, claim)
    with ledger.writing() as connection:
        requests.wake_held_up(connection, "row", NOW)
    assert read(ledger).pokes == 0


def test_after_the_clock_was_set_back_all_but_watching_is_looked_at(ledger: Ledger) -> None:
    add(ledger, "now", NOW)
    add(ledger, "later", NOW + SECOND)
    moved(ledger, key := add(ledger, "watched"), State.ACTING)
    moved(ledger, key, State.AWAITING)
    asleep(ledger, key, NOW + DAY)
    with ledger.writing() as connection:
        requests.wake_after_jump(connection, NOW)
    assert [(read(ledger, name).due_at, read(ledger, name).pokes) for name in ("now", "later", "watched")] == [
        (NOW, 0), (NOW, 1), (NOW + DAY, 0),
    ]  # fmt: skip


def test_a_bug_is_counted_and_the_request_given_back(ledger: Ledger) -> None:
    claim = claimed(ledger, add(ledger))
    leases.drop(ledger, claim, due_at=NOW + DAY)
    dropped = read(ledger)
    assert (dropped.bugs, dropped.deaths, dropped.lease_owner, dropped.due_at) == (1, 0, "", NOW + DAY)
    leases.release(ledger, claimed(ledger, dropped.id))
    assert (read(ledger).bugs, read(ledger).deaths) == (1, 0)


def test_a_death_is_counted_where_a_lease_ended_by_itself(ledger: Ledger) -> None:
    key = add(ledger)
    assert leases.claim(ledger, key, owner="w", lease=-LEASE, due_by=None) is not None
    taken = leases.claim(ledger, key, owner="v", lease=LEASE, due_by=None)
    assert taken is not None
    assert (taken.request.deaths, taken.request.lease_owner, taken.owner, taken.lease) == (1, "v", "v", LEASE)


def test_those_that_somebody_works_on_are_counted(ledger: Ledger) -> None:
    for ticket in ("a", "b", "c"):
        add(ledger, ticket)
    claimed(ledger, read(ledger, "a").id)
    leases.claim(ledger, read(ledger, "b").id, owner="w", lease=timedelta(seconds=-1), due_by=None)
    with ledger.reading() as connection:
        assert leases.held_now(connection) == 1


def test_a_lease_is_let_go_by_its_owner_alone(ledger: Ledger) -> None:
    for name in ("poll", "directory"):
        assert leases.hold(ledger, name, owner="one", lease=LEASE)
    leases.let_go(ledger, "poll", owner="two")
    assert not leases.hold(ledger, "poll", owner="two", lease=LEASE)
    leases.let_go(ledger, "poll", owner="one")
    assert leases.hold(ledger, "poll", owner="two", lease=LEASE)
    assert not leases.hold(ledger, "directory", owner="two", lease=LEASE)


def test_what_a_dead_process_held_is_given_back_by_its_name_to_the_letter(ledger: Ledger) -> None:
    for ticket, owner in (("a", "worker_1:x"), ("b", "worker_12:x"), ("c", "workerX1:x")):
        key = add(ledger, ticket)
        assert leases.claim(ledger, key, owner=owner, lease=LEASE, due_by=None) is not None
        assert leases.hold(ledger, ticket, owner=owner, lease=LEASE)
    assert leases.release_all(ledger, "worker_1:") == 1
    assert [(read(ledger, name).deaths, read(ledger, name).lease_owner) for name in "abc"] == [
        (1, ""), (0, "worker_12:x"), (0, "workerX1:x"),
    ]  # fmt: skip
    assert [leases.hold(ledger, name, owner="new", lease=LEASE) for name in "abc"] == [True, False, False]


def test_a_lost_lease_names_the_request_and_who_had_it(ledger: Ledger) -> None:
    claim = claimed(ledger, add(ledger))
    leases.release(ledger, claim)
    with pytest.raises(leases.LeaseLost, match=r"^Nt1: the lease of w has ended$"):
        requests.move(ledger, claim, State.HELD, NOW, event="held", plan=[Planned("tell_held")])
