"""Recorded conversations hold stand-ins where a secret was: zeros, or the words that the recorders put there."""

import re
from pathlib import Path
from typing import Final

import pytest

CASSETTES: Final = sorted((Path(__file__).parents[1] / "cassettes").rglob("*.yaml"))
FOLDED: Final = re.compile(r"\n +")  # how YAML breaks a long text
STAND_IN: Final = re.compile(r"0*|client-secret|the-owners-token")
NEVER: Final = re.compile(r"authorization|set-cookie|x-user-token|x-duo-date", re.IGNORECASE)
SECRETS: Final[dict[str, str]] = {
    "a token or payload": r'"(?:access_token|refresh_token|url_token|passphrase|payload)": ?"([^"]*)"',
    "a form's secret": r"(?:client_secret|password|skey)=([^&\s\"']+)",
    "a bypass code": r'"response": ?\["([0-9]+)"',
    "a push's link": r"/p/([A-Za-z0-9_-]+)",
    "a push's token": r"/pushes/(?!active)([A-Za-z0-9_-]+)",
    "an activation link": r"//m-[^/\"]+/[a-z]+/([0-9A-Za-z]+)",
}
EXPECTED: Final = {
    "duo": {"a bypass code", "an activation link"},
    "password_pusher": {"a token or payload", "a push's link", "a push's token"},
    "servicenow": {"a token or payload", "a form's secret"},
}


def secrets_in(text: str) -> list[tuple[str, str]]:
    """Every place where a secret is or was, with what stands there."""
    whole = FOLDED.sub(" ", text)
    return [(what, value) for what, where in SECRETS.items() for value in re.findall(where, whole)]


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda file: file.parent.name)
def test_a_cassette_holds_no_secret(cassette: Path) -> None:
    text = cassette.read_text(encoding="utf-8")
    assert NEVER.search(text) is None
    found = secrets_in(text)
    assert {what for what, _ in found} >= EXPECTED[cassette.parent.name], "else nothing was looked at"
    assert [(what, value) for what, value in found if not STAND_IN.fullmatch(value)] == []


@pytest.mark.parametrize(
    "text",
    [
        '"response": ["012345678"]',
        '{"payload":\n        "012345678"}',
        "client_secret=hunter2&grant_type=x",
        "https://pwpush.example.edu/p/abc123xyz/r",
        "uri: https://pwpush.example.edu/api/v2/pushes/abc123xyz/audit",
        "https://m-xxxxxxxx.duosecurity.com/iphone/7dmi4Oowz5g3J47FARLs",
    ],
)
def test_one_that_was_left_in_is_found(text: str) -> None:
    assert any(not STAND_IN.fullmatch(value) for _, value in secrets_in(text))
