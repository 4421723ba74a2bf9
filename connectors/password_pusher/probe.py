"""Harmless questions to Password Pusher: is it new enough, and whose token is it."""

import re
from collections.abc import Iterator
from typing import Final

from connectors.errors import ConnectorError
from connectors.password_pusher.pushes import MINIMUM, PasswordPusher

NUMBERS: Final = re.compile(r"[0-9]{1,6}")

Finding = tuple[str, bool, str]  # what was asked, whether it is as needed, a sentence for the operator


def probes(pusher: PasswordPusher) -> Iterator[Finding]:
    """One finding a question. Nothing is made and no view is used."""
    yield _version(pusher)
    yield _token(pusher)


def _version(pusher: PasswordPusher) -> Finding:
    try:
        told = pusher.version().application
    except ConnectorError as error:
        return "version", False, error.detail
    return "version", _numbers(told) >= _numbers(MINIMUM), f"{told or 'none told'}; {MINIMUM} or newer is needed"


def _token(pusher: PasswordPusher) -> Finding:
    try:
        pusher.sign_in()
    except ConnectorError as error:
        return "token", False, error.detail
    return "token", True, "accepted"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in NUMBERS.findall(version))
