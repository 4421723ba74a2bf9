"""Mail: what a failure at each stage of handing it over means, and what it shows."""

from datetime import timedelta

import pytest

from connectors.errors import ConnectorError, Misconfigured, Refused, Unavailable, Uncertain
from connectors.secret import Secret
from tests.connectors.mailing import LINK, PASSWORD, REPEATED, WITH_LOGIN, mail, mailer
from tests.connectors.scripted import closed_port, everything_shown
from tests.connectors.smtp_script import GOOD, GREETING, HELLO, relay

MAIL, RCPT, DATA, DOT = range(2, 6)  # which reply of GOOD is the answer to each


@pytest.mark.parametrize(
    ("replies", "meaning"),
    [
        ((), Unavailable),
        (("421 4.3.2 later",), Unavailable),
        (("554 5.7.1 not you",), Misconfigured),
        ((GREETING,), Unavailable),
        ((GREETING, "421 later"), Unavailable),
        ((GREETING, "550 5.7.1 not you", "550 5.7.1 not you"), Misconfigured),
        (GOOD[:MAIL], Unavailable),
        ((*GOOD[:MAIL], "451 4.3.0 later"), Unavailable),
        ((*GOOD[:MAIL], "530 5.7.0 log in first"), Misconfigured),
        ((*GOOD[:MAIL], "553 5.7.1 not your address"), Misconfigured),
        (GOOD[:RCPT], Unavailable),
        ((*GOOD[:RCPT], "450 4.2.0 greylisted"), Unavailable),
        ((*GOOD[:RCPT], "550 5.1.1 no such user"), Refused),
        ((*GOOD[:RCPT], "530 5.7.0 log in first"), Misconfigured),
        ((*GOOD[:RCPT], "what?"), Unavailable),
        (GOOD[:DATA], Unavailable),
        ((*GOOD[:DATA], "451 4.3.0 later"), Unavailable),
        ((*GOOD[:DATA], "554 5.5.1 no valid recipients"), Refused),
        ((*GOOD[:DATA], "250 what?"), Unavailable),
        (GOOD[:DOT], Uncertain),
        ((*GOOD[:DOT], "451 4.3.0 later"), Unavailable),
        ((*GOOD[:DOT], "554 5.7.1 looks like spam"), Refused),
        ((*GOOD[:DOT], "what?"), Uncertain),
        ((*GOOD[:DOT], "354 what?"), Uncertain),
    ],
)
def test_what_a_failure_at_each_stage_means(replies: tuple[str, ...], meaning: type[ConnectorError]) -> None:
    with relay(*replies) as talk, pytest.raises(ConnectorError) as raised:
        mailer(talk.port).send(mail())
    assert type(raised.value) is meaning
    assert LINK not in everything_shown(raised.value)


def test_what_happens_after_the_mail_is_taken_does_not_matter() -> None:
    for after in ((), ("421 bye",), ("what?",)):
        with relay(*GOOD[: DOT + 1], *after) as talk:
            mailer(talk.port).send(mail())


def test_dots_are_doubled_and_the_end_is_sent_once() -> None:
    with relay(*GOOD) as talk:
        mailer(talk.port).send(mail(plain=".a\n..\nend"))
    assert b"\r\n..a\r\n...\r\nend" in talk.heard[4]
    assert talk.heard[5:] == [b""]


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        mailer(closed_port()).send(mail())


def test_a_host_that_is_no_name_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(Misconfigured, match="host"):
        mailer(25, host=f"{'a' * 64}.example.edu").send(mail())


def test_a_relay_that_says_nothing_is_unavailable_in_time() -> None:
    with relay(GREETING, HELLO) as talk, pytest.raises(Unavailable):
        mailer(talk.port, timeout=timedelta(seconds=0.1)).send(mail())


def test_a_refusal_after_the_message_quotes_none_of_it() -> None:
    refusal = f"554 5.7.1 rejected for {LINK} in it, see 5.7.1"
    with relay(*GOOD[:DOT], refusal) as talk, pytest.raises(Refused) as raised:
        mailer(talk.port).send(mail())
    assert (raised.value.code, raised.value.detail) == ("554", "the message isn't taken: 554 5.7.1")


def test_a_refused_address_is_told_in_the_relays_words() -> None:
    with relay(*GOOD[:RCPT], "550 5.1.1 no such user") as talk, pytest.raises(Refused) as raised:
        mailer(talk.port).send(mail())
    assert (raised.value.code, raised.value.detail) == ("550", "the address isn't taken: 550 5.1.1 no such user")


def test_a_relay_that_repeats_the_password_does_not_make_us_show_it() -> None:
    with relay(GREETING, WITH_LOGIN, REPEATED) as talk, pytest.raises(Misconfigured) as raised:
        mailer(talk.port, username="duo", password=Secret(PASSWORD)).send(mail())
    assert PASSWORD not in everything_shown(raised.value)


def test_a_login_that_cannot_be_checked_now_is_unavailable() -> None:
    with relay(GREETING, WITH_LOGIN, "454 4.7.0 later") as talk, pytest.raises(Unavailable):
        mailer(talk.port, username="duo", password=Secret(PASSWORD)).send(mail())
