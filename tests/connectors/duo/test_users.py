"""Users: who is found, what is believed of an answer, and what enrolling leaves behind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.duo import users
from connectors.duo.model import Group, Phone, WebAuthnCredential
from connectors.errors import Refused, Unavailable, Uncertain
from tests.connectors.duo.callers import PHONE_ID, USER_ID, admin, failed, ok, phone, user
from tests.connectors.scripted import Scripted, everything_shown

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "row",
    [
        user(username="MPark"),
        user(username="x", alias1="mpark"),
        user(username="x", aliases={"alias7": "MPARK"}),
        user(username="x", alias4="mpark", alias1=None),
    ],
)
def test_a_user_is_found_by_name_or_alias_whatever_the_case(scripted: Scripted, row: dict[str, Any]) -> None:
    scripted.answer(ok([row]))
    assert [found.user_id for found in users.find(admin(scripted.port, scripted.ca_file), "mpark")] == [USER_ID]


def test_a_user_who_was_not_asked_for_is_never_returned(scripted: Scripted) -> None:
    scripted.answer(ok([user(username="mpark2"), user(user_id="DU00000000000000000X", username="somebody")]))
    assert users.find(admin(scripted.port, scripted.ca_file), "mpark") == ()


def test_two_users_of_one_name_are_both_returned(scripted: Scripted) -> None:
    scripted.answer(ok([user(), user(user_id="DU00000000000000000X", username="x", alias1="mpark")]))
    assert len(users.find(admin(scripted.port, scripted.ca_file), "mpark")) == 2


def test_users_are_found_by_the_very_address(scripted: Scripted) -> None:
    scripted.answer(ok([user(email="MPark@Example.edu"), user(user_id="DU00000000000000000X", email="x@example.edu")]))
    found = users.find_by_email(admin(scripted.port, scripted.ca_file), "mpark@example.edu")
    assert [each.user_id for each in found] == [USER_ID]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x00b", "a\u202eb", "\ud800"])
def test_a_name_that_would_be_no_filter_is_never_sent(scripted: Scripted, name: str) -> None:
    with pytest.raises(Refused):
        users.find(admin(scripted.port, scripted.ca_file), name)
    with pytest.raises(Refused):
        users.find_by_email(admin(scripted.port, scripted.ca_file), name)
    assert not scripted.asked


def test_everything_known_of_a_user_is_read(scripted: Scripted) -> None:
    row = user(
        firstname="Min",
        status="Locked out",
        lockout_reason="Failed Attempts",
        created=1_489_612_729,
        last_login="1489612730",
        groups=[{"group_id": "DGXXXXXXXXXXXXXXXXXX", "name": "Duo Admins", "desc": ""}],
        phones=[phone(activated=True, capabilities=["AUTO", "push", "mobile_otp"], last_seen="2026-11-20T10:00:00")],
        tokens=[{"token_id": "DHIZ34ALBA2445ND4AI2", "type": "d1"}],
        webauthncredentials=[
            {"webauthnkey": "WABFEOE007ZMV1QAZTRB", "label": "Key", "registered_as": "Cross-Platform"}
        ],
    )
    scripted.answer(ok(row))
    found = users.read(admin(scripted.port, scripted.ca_file), USER_ID)
    assert found is not None
    assert (found.first_name, found.status, found.lockout_reason) == ("Min", "locked out", "Failed Attempts")
    assert found.created == datetime(2017, 3, 15, 21, 18, 49, tzinfo=UTC)
    assert found.last_login == datetime(2017, 3, 15, 21, 18, 50, tzinfo=UTC)
    assert found.groups == (Group("DGXXXXXXXXXXXXXXXXXX", "Duo Admins"),)
    assert found.token_ids == ("DHIZ34ALBA2445ND4AI2",)
    assert found.webauthn_credentials == (
        WebAuthnCredential("WABFEOE007ZMV1QAZTRB", label="Key", registered_as="cross-platform"),
    )
    assert found.phones == (
        Phone(
            PHONE_ID,
            number="+14805550123",
            type="mobile",
            platform="apple ios",
            activated=True,
            capabilities=("auto", "push", "mobile_otp"),
            last_seen="2026-11-20T10:00:00",
        ),
    )


def test_a_phone_capable_of_push_counts_as_activated(scripted: Scripted) -> None:
    row = phone(capabilities=["push"])
    del row["activated"]
    scripted.answer(ok(user(phones=[row])))
    found = users.read(admin(scripted.port, scripted.ca_file), USER_ID)
    assert found is not None
    assert found.phones[0].activated


def test_an_unknown_user_is_none_only_when_duo_says_so(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(failed(40401, "Resource not found"))
    assert users.read(client, USER_ID) is None
    scripted.answer(failed(40002))
    with pytest.raises(Refused):
        users.read(client, USER_ID)


@pytest.mark.parametrize(
    "answer",
    [
        user(user_id="DU00000000000000000X"),
        user(username=None),
        user(created="yesterday"),
        user(created=10**20),
        user(phones={}),
        user(phones=["x"]),
        user(groups=[{"name": "no id"}]),
        user(email=5),
        [user()],
        "",
    ],
)
def test_an_answer_that_is_not_the_user_is_no_answer(scripted: Scripted, answer: object) -> None:
    scripted.answer(ok(answer))
    with pytest.raises(Unavailable, match="doesn't fit"):
        users.read(admin(scripted.port, scripted.ca_file), USER_ID)


@pytest.mark.parametrize("user_id", ["", "DU/../../x?y=1", "du3rp9i2woc59vzx672n", "DU3RP9I2WOC59VZX672N\n", "D" * 40])
def test_what_is_no_id_enters_no_path(scripted: Scripted, user_id: str) -> None:
    client = admin(scripted.port, scripted.ca_file)
    with pytest.raises(Refused):
        users.read(client, user_id)
    with pytest.raises(Refused):
        users.attach_phone(client, USER_ID, user_id)
    with pytest.raises(Refused):
        users.detach_phone(client, USER_ID, user_id)
    assert not scripted.asked


def test_a_new_user_is_the_one_asked_for(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)

    def create() -> str:
        return users.create(
            client, username="mpark", email="mpark@example.edu", first_name="Min", last_name="Park"
        ).user_id

    scripted.answer(ok(user()))
    assert create() == USER_ID
    scripted.answer(ok(user(username="somebody")))
    with pytest.raises(Uncertain, match="another user"):
        create()
    assert scripted.asked[0].body == (
        b'{"email":"mpark@example.edu","firstname":"Min","lastname":"Park","username":"mpark"}'
    )


def test_enrolling_keeps_nothing_of_the_code_in_the_answer(scripted: Scripted) -> None:
    scripted.answer(ok("ba6e8bb687017eff"))
    client = admin(scripted.port, scripted.ca_file)
    users.enroll(client, username="mpark", email="mpark@example.edu", valid_for=DAY)
    assert scripted.asked[0].body == b'{"email":"mpark@example.edu","username":"mpark","valid_secs":"86400"}'
    assert "ba6e8bb687017eff" not in repr(vars(client))


def test_a_lost_answer_to_enrolling_doesnt_show_the_code(scripted: Scripted) -> None:
    scripted.answer(ok("ba6e8bb687017eff", stat="??"))
    with pytest.raises(Uncertain) as raised:
        users.enroll(admin(scripted.port, scripted.ca_file), username="mpark", email="mpark@example.edu", valid_for=DAY)
    assert "ba6e8bb687017eff" not in everything_shown(raised.value)


def test_a_link_that_never_ends_is_never_asked_for(scripted: Scripted) -> None:
    with pytest.raises(ValueError, match="without end"):
        users.enroll(
            admin(scripted.port, scripted.ca_file),
            username="mpark",
            email="mpark@example.edu",
            valid_for=timedelta(milliseconds=999),
        )
    assert not scripted.asked


def test_attaching_and_detaching_name_both(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(ok(""))
    users.attach_phone(client, USER_ID, PHONE_ID)
    users.detach_phone(client, USER_ID, PHONE_ID)
    assert [(asked.method, asked.path, asked.body) for asked in scripted.asked] == [
        ("POST", f"/admin/v1/users/{USER_ID}/phones", f'{{"phone_id":"{PHONE_ID}"}}'.encode()),
        ("DELETE", f"/admin/v1/users/{USER_ID}/phones/{PHONE_ID}", b""),
    ]


def test_detaching_what_isnt_there_is_done_and_attaching_it_isnt(scripted: Scripted) -> None:
    client = admin(scripted.port, scripted.ca_file)
    scripted.answer(failed(40401))
    users.detach_phone(client, USER_ID, PHONE_ID)
    with pytest.raises(Refused):
        users.attach_phone(client, USER_ID, PHONE_ID)
