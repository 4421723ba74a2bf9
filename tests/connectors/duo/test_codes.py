"""Bypass codes: one at a time, as digits, never shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.duo import codes
from connectors.duo.model import BypassCode
from connectors.errors import Refused, Unavailable, Uncertain
from tests.connectors.duo.callers import USER_ID, admin, failed, ok
from tests.connectors.scripted import Scripted, everything_shown, shown

CODE_ID = "DBSZ3KY6YRZ3VTX7VQXN"
HOURS = timedelta(hours=8)


def row(**differing: Any) -> dict[str, Any]:
    times = {"created": 1_700_000_000, "expiration": 1_700_028_790}
    return (
        {"bypass_code_id": CODE_ID, "reuse_count": 2, "admin_email": "", "user": {"user_id": USER_ID}}
        | times
        | differing
    )


def test_a_code_keeps_its_leading_zeros_and_does_not_show(scripted: Scripted) -> None:
    scripted.answer(ok(["012345678"]))
    code = codes.create(admin(scripted.port, scripted.ca_file), USER_ID, valid_for=HOURS, uses=2)
    assert code.reveal() == "012345678"
    assert "012345678" not in shown(code)


def test_other_codes_of_the_person_are_always_kept(scripted: Scripted) -> None:
    scripted.answer(ok(["012345678"]))
    codes.create(admin(scripted.port, scripted.ca_file), USER_ID, valid_for=timedelta(seconds=28790.9), uses=1)
    assert scripted.asked[0].body == b'{"count":"1","preserve_existing":true,"reuse_count":"1","valid_secs":"28790"}'


@pytest.mark.parametrize(
    "answer",
    [
        [],
        ["012345678", "112345678"],
        [12345678],
        "012345678",
        ["01234567x"],
        ["0123456789\n"],
        ["٠١٢٣٤٥٦٧٨"],
        [""],
        {"codes": ["012345678"]},
        None,
    ],
)
def test_an_answer_that_is_not_one_code_is_uncertain_and_not_shown(scripted: Scripted, answer: object) -> None:
    scripted.answer(ok(answer))
    with pytest.raises(Uncertain) as raised:
        codes.create(admin(scripted.port, scripted.ca_file), USER_ID, valid_for=HOURS, uses=2)
    assert "12345678" not in everything_shown(raised.value)


def test_a_hundred_codes_look_like_any_failure_of_the_server(scripted: Scripted) -> None:
    scripted.answer(failed(50001, "Unknown internal server error"))
    with pytest.raises(Uncertain):
        codes.create(admin(scripted.port, scripted.ca_file), USER_ID, valid_for=HOURS, uses=2)


@pytest.mark.parametrize(("valid_for", "uses"), [(timedelta(), 1), (HOURS, 0), (-HOURS, 1)])
def test_a_code_without_an_end_is_never_asked_for(scripted: Scripted, valid_for: timedelta, uses: int) -> None:
    with pytest.raises(ValueError, match="Duo takes"):
        codes.create(admin(scripted.port, scripted.ca_file), USER_ID, valid_for=valid_for, uses=uses)
    assert not scripted.asked


def test_codes_are_listed_without_their_digits(scripted: Scripted) -> None:
    never = row(bypass_code_id="DB00000000000000000X", expiration=None, reuse_count=None, admin_email="a@example.edu")
    scripted.answer(ok([row()], metadata={"next_offset": 1}), ok([row(), never]))
    created = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert codes.listing(admin(scripted.port, scripted.ca_file), USER_ID) == (
        BypassCode(CODE_ID, created, created + timedelta(seconds=28_790), 2),
        BypassCode("DB00000000000000000X", created, None, None, "a@example.edu"),
    )


@pytest.mark.parametrize(
    "wrong", [row(user={"user_id": "DU00000000000000000X"}), row(created=None), row(bypass_code_id="")]
)
def test_a_list_that_is_not_the_persons_is_no_answer(scripted: Scripted, wrong: dict[str, Any]) -> None:
    scripted.answer(ok([wrong]))
    with pytest.raises(Unavailable):
        codes.listing(admin(scripted.port, scripted.ca_file), USER_ID)


def test_a_revoked_code_may_be_gone_already(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(ok(""), failed(40401))
    codes.revoke(client, CODE_ID)
    codes.revoke(client, CODE_ID)
    assert [(asked.method, asked.path) for asked in scripted.asked] == [
        ("DELETE", f"/admin/v1/bypass_codes/{CODE_ID}")
    ] * 2


def test_a_code_that_could_not_be_revoked_is_not_taken_for_revoked(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(failed(40002))
    with pytest.raises(Refused):
        codes.revoke(client, CODE_ID)
    scripted.answer(failed(50001))
    with pytest.raises(Uncertain):
        codes.revoke(client, CODE_ID)


def test_what_is_no_id_is_not_revoked(scripted: Scripted) -> None:
    with pytest.raises(Refused):
        codes.revoke(admin(scripted.port, scripted.ca_file), "../users/DU3RP9I2WOC59VZX672N")
    assert not scripted.asked
