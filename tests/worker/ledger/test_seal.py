"""What the key file does: seals, opens, derives; and a rotation in the middle of everything."""

import pytest
from cryptography.fernet import Fernet

from worker.ledger.seal import Keys, UnusableKey

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_the_first_line_seals_and_every_line_opens() -> None:
    sealed = Keys([OLD]).seal("token")
    rotated = Keys([NEW, OLD])
    assert rotated.open(sealed) == "token"
    with pytest.raises(UnusableKey):
        Keys([OLD]).open(rotated.seal("token"))


def test_what_was_derived_before_a_rotation_is_the_same_after_it() -> None:
    before, after = Keys([OLD]), Keys([NEW, OLD])
    key_id = before.current
    assert after.current != key_id
    said = after.passphrase("servicenow:1", 1, key_id).reveal()
    assert said == before.passphrase("servicenow:1", 1, key_id).reveal()
    assert after.marker("note", "1", key_id) == before.marker("note", "1", key_id)
    assert after.same("+14805550142", before.digest("+14805550142"))
    assert not after.same("+14805550143", before.digest("+14805550142"))


def test_a_passphrase_is_twelve_base32_characters_and_differs_by_request_and_attempt() -> None:
    keys = Keys([OLD])
    all_of_them = {keys.passphrase(f"r{n}", attempt, keys.current).reveal() for n in range(20) for attempt in (1, 2)}
    assert len(all_of_them) == 40
    assert all(len(text) == 12 and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for text in all_of_them)


def test_a_retired_key_is_named_when_an_open_request_still_needs_it() -> None:
    with pytest.raises(UnusableKey, match=Keys([OLD]).current):
        Keys([NEW]).passphrase("r", 1, Keys([OLD]).current)


@pytest.mark.parametrize("lines", [[], ["too short"]])
def test_a_file_without_a_usable_key_is_refused(lines: list[str]) -> None:
    with pytest.raises(UnusableKey):
        Keys(lines)
