"""The people of the sandbox's world."""

import phonenumbers
import pytest

from connectors.sandbox.people import KINDS, Person, people


def one(kind: str) -> Person:
    return next(person for person in people(7, len(KINDS)) if person.kind == kind)


def test_the_same_seed_gives_the_same_people_whatever_the_count() -> None:
    assert people(7, 40)[:20] == people(7, 20)
    assert people(7, 20) != people(8, 20)


def test_everybody_is_somebody_else() -> None:
    district = people(7, 2000)
    assert len({person.user_name for person in district}) == 2000
    assert len({person.email for person in district}) == 2000


def test_every_kind_comes_in_turn() -> None:
    assert [person.kind for person in people(7, len(KINDS))] == list(KINDS)


def test_numbers_are_valid_ones() -> None:
    for person in people(7, 2000):
        assert phonenumbers.is_valid_number(phonenumbers.parse(person.number))


def test_a_number_is_shared_by_those_two_alone() -> None:
    district = people(7, len(KINDS))
    numbers = [person.number for person in district]
    shared = {person.kind for person in district if numbers.count(person.number) > 1}
    assert shared == {"shared_phone", "phone_sharer"}


@pytest.mark.parametrize("kind", ["locked out", "disabled", "bypass"])
def test_a_status_is_what_its_kind_says(kind: str) -> None:
    profile = one(kind.replace(" ", "_")).duo
    assert profile is not None
    assert profile.status == kind


def test_phones_are_what_their_kind_says() -> None:
    def phones(kind: str) -> list[tuple[str, bool, str]]:
        profile = one(kind).duo
        return [] if profile is None else [(phone.platform, phone.activated, phone.type) for phone in profile.phones]

    assert phones("never_activated") == [("google android", False, "mobile")]
    assert phones("platform_unknown") == [("unknown", False, "mobile")]
    assert phones("no_phone") == []
    assert phones("working_app") == [("apple ios", True, "mobile")]
    assert phones("landline") == [("unknown", False, "landline")]


def test_the_other_kinds_are_what_they_say() -> None:
    assert one("no_duo_user").duo is None
    assert one("personal_address").personal_email.endswith("@mail.example.net")
    for kind, field, value in (
        ("security_key", "webauthn", 1),
        ("privileged", "groups", ("Duo Admins",)),
        ("never_logged_in", "logged_in", False),
    ):
        assert getattr(one(kind).duo, field) == value
    twice = one("two_aliases")
    assert twice.duo is not None
    assert twice.duo.aliases == (f"{twice.user_name}.old", twice.email)
