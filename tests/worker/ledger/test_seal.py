"""What the key file does: seals, opens, derives; and a rotation in the middle of everything."""

import base64

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


def test_what_is_derived_of_a_key_is_the_same_in_every_version() -> None:
    """A mark or a passphrase that another version left outside is still known."""
    keys = Keys([base64.urlsafe_b64encode(b"k" * 32).decode()])
    assert keys.current == "1ff40100"
    assert keys.passphrase("servicenow:t1", 1, keys.current).reveal() == "4DCK4W7JWVF2"
    assert keys.marker("note", "1", keys.current) == "dd277506f9d62433e248"
    assert keys.digest("+14805550142") == "1ff40100:82cc6bcb506c1331f412e2805cb58090"
    assert keys.same("+14805550142", "1ff40100:82cc6bcb506c1331f412e2805cb58090")
    assert not keys.same("+14805550142", "00000000:82cc6bcb506c1331f412e2805cb58090")


def test_why_a_key_file_cant_be_used_is_told() -> None:
    make = "make one with: openssl rand -base64 32 | tr '+/' '-_'"
    with pytest.raises(UnusableKey) as empty:
        Keys([])
    assert str(empty.value) == f"it holds no key; {make}"
    with pytest.raises(UnusableKey) as broken:
        Keys([OLD, "too short"])
    assert str(broken.value) == f"a line of it is not a Fernet key (44 characters of URL-safe base64); {make}"
    with pytest.raises(UnusableKey) as retired:
        Keys([NEW]).marker("note", "1", Keys([OLD]).current)
    told = f"it no longer holds the key {Keys([OLD]).current}, with which an open request was begun"
    assert str(retired.value) == told
    with pytest.raises(UnusableKey) as other:
        Keys([NEW]).open(Keys([OLD]).seal("token"))
    assert str(other.value) == "none of its keys opens what the ledger has sealed"
