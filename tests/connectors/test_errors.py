"""The four errors as their readers meet them."""

from datetime import timedelta

from connectors.errors import Misconfigured, Refused, Unavailable, Uncertain

MINUTE = timedelta(minutes=1)


def test_an_error_reads_as_its_system_and_what_it_says() -> None:
    for error in (
        Unavailable("duo", "slow", retry_after=MINUTE),
        Refused("duo", "40003", "slow"),
        Uncertain("duo", "slow"),
        Misconfigured("duo", "slow"),
    ):
        assert (error.system, error.detail, str(error)) == ("duo", "slow", "duo: slow")


def test_beside_that_a_pause_and_a_code_are_told() -> None:
    assert Unavailable("duo", "slow", retry_after=MINUTE).retry_after == MINUTE
    assert Unavailable("duo", "slow").retry_after is None
    assert Refused("duo", "40003", "no").code == "40003"
