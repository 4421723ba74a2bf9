"""Every call of ours explains one row of the log, and no row more."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.duo.logs import AdministratorEvent, CodesMade
from tests.builders import NOW
from worker.explained import explain, looks_ours
from worker.ledger.issued import Asked

USER, OTHER = "DU1234567890ABCDEFGH", "DU0987654321ABCDEFGH"
SECOND = timedelta(seconds=1)


def call(user: str = USER, secs: int = 28790, at: int = 0) -> Asked:
    return Asked(user, secs, NOW + at * SECOND)


def row(
    user: str = USER, secs: int | None = 28790, at: int = 1, *, actor: str = "API", **more: object
) -> AdministratorEvent:
    told = {"user_id": user, "count": 1, "valid_secs": secs, "uses": 2, "ids": (f"DB{at}",), **more}
    return AdministratorEvent(NOW + at * SECOND, actor, "bypass_create", CodesMade(**told))  # type: ignore[arg-type]


class Shape:
    code_valid = timedelta(hours=8)
    code_uses = 2


calls = st.lists(
    st.builds(call, st.sampled_from([USER, OTHER]), st.sampled_from([28790, 28780, 3590]), st.integers(0, 4000)),
    max_size=12,
    unique_by=lambda made: made.key,
)


@given(made=calls, seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_rows_of_our_calls_leave_none_unexplained_in_whatever_pieces_they_are_read(
    made: list[Asked], seed: int
) -> None:
    chance = random.Random(seed)
    rows = sorted((row(each.user_id, each.valid_secs, (each.at - NOW).seconds) for each in made), key=lambda r: r.at)
    cut = chance.randint(0, len(rows))
    first, _ = explain(rows[:cut], made, {})
    explained, strays = explain(rows[chance.randint(0, cut) :], made, first)
    assert strays == []
    assert len({each.key for each in explained.values()}) == len(explained) == len(rows)


@given(made=calls.filter(bool), seed=st.integers(0, 99), apart=st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_one_row_more_than_calls_is_one_stray(made: list[Asked], seed: int, apart: int) -> None:
    copied = random.Random(seed).choice(made)
    rows = [row(each.user_id, each.valid_secs, (each.at - NOW).seconds) for each in made]
    extra = row(copied.user_id, copied.valid_secs, (copied.at - NOW).seconds + apart, ids=("DBEXTRA",))
    _, strays = explain(sorted([*rows, extra], key=lambda r: r.at), made, {})
    assert len(strays) == 1


@pytest.mark.parametrize(
    "odd",
    [row(OTHER), row(secs=28780), row(at=301), row(at=-121), row(count=2)],
    ids=["user", "life", "late", "early", "count"],
)
def test_a_row_that_is_not_what_was_asked_is_explained_by_nothing(odd: AdministratorEvent) -> None:
    assert len(explain([odd], [call()], {})[1]) == 1


@pytest.mark.parametrize("told", [{"user": ""}, {"secs": None}, {"count": None}], ids=str)
def test_what_a_row_does_not_tell_is_not_held_against_it(told: dict[str, object]) -> None:
    assert explain([row(**told)], [call()], {})[1] == []  # type: ignore[arg-type]


def test_rows_that_are_alike_in_everything_are_two() -> None:
    assert len(explain([row(), row()], [call()], {})[1]) == 1


@pytest.mark.parametrize(
    ("made", "ours"),
    [
        (row(secs=60), True),
        (row(secs=60, actor=" api "), True),
        (row(actor="Pat Doe"), True),
        (row(actor="Pat Doe", secs=27810), True),
        (row(actor="Pat Doe", secs=28800), False),
        (row(actor="Pat Doe", secs=28740), False),
        (row(actor="Pat Doe", uses=1), False),
        (row(actor="Pat Doe", count=10), False),
        (row(actor="Pat Doe", secs=None), False),
        (AdministratorEvent(NOW, "API", "user_update"), False),
    ],
)
def test_an_api_actor_or_a_life_that_only_we_give_looks_like_ours(made: AdministratorEvent, ours: bool) -> None:
    assert looks_ours(made, Shape()) is ours
