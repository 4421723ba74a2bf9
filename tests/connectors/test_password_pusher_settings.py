"""Settings of Password Pusher that can't be right are told at once, by the name of their key."""

import pytest

from connectors.errors import Misconfigured
from tests.connectors.pushing import pusher
from tests.connectors.scripted import everything_shown


@pytest.mark.parametrize(
    "url",
    ["http://pwpush.example.edu", "pwpush.example.edu", "https://", "https://a:b@host", "https://h/?x", "https://["],
)
def test_an_address_that_isnt_https_is_a_mistake_in_the_settings(url: str) -> None:
    with pytest.raises(Misconfigured, match="url"):
        pusher(url, "")


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Evil: 1", "ä"])
def test_a_token_that_no_header_can_carry_is_a_mistake_in_the_settings(token: str) -> None:
    with pytest.raises(Misconfigured, match="token_file") as raised:
        pusher("https://pwpush.example.edu", "", token=token)
    assert not token or token not in everything_shown(raised.value)
