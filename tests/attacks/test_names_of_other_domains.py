"""A log-in name of TeamDynamix is a mail address: somebody of another domain is nobody of the same first half."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.rig import IDENTITY, SECURITY_KEY, Rig, running

ELSEWHERE = "mail.example.net"
BY_LOG_IN = {"teamdynamix": {"user_name_field": "UserName"}}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path, BY_LOG_IN, system="teamdynamix") as made:
        yield made


def comes_in(rig: Rig, name: str, *, email: str) -> str:
    """Somebody with an account of their own whose log-in name begins like `name`'s; what the district calls them."""
    guest = replace(rig.person("no_phone"), user_name=f"guest.{name}", email=email, personal_email="", groups=())
    rig.sandbox.teamdynamix.add_person(guest)
    rig.sandbox.teamdynamix.set_user(guest.user_name, UserName=f"{name}@{ELSEWHERE}")
    return guest.user_name


def test_a_technician_of_another_domain_with_the_first_half_of_a_checkers_name_checks_nobody(rig: Rig) -> None:
    technician = comes_in(rig, IDENTITY, email=f"{IDENTITY}@{ELSEWHERE}")
    filed = rig.file("no_phone", device=SECURITY_KEY)
    rig.once()
    rig.verify(filed, by=technician)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "identity-check")
    rig.verify(filed)
    rig.once()
    assert rig.request(filed).state == "awaiting"


def test_a_guest_with_the_first_half_of_somebodys_name_is_not_that_person(rig: Rig) -> None:
    victim = rig.person("never_activated")
    guest = comes_in(rig, victim.user_name, email=victim.email)
    filed = rig.site.file_request(guest, {"device_type": "Duo Mobile", "phone_os": "iPhone"})
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "not-in-duo")
    assert not rig.sandbox.duo.texts
