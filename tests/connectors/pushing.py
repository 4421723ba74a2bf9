"""A `PasswordPusher` as a test wants it, and what the server answers, saying only what differs."""

import threading
from datetime import timedelta
from typing import Any

from connectors.gate import Gate, free
from connectors.password_pusher import PasswordPusher, Push
from connectors.secret import Secret

TOKEN = "owners-token-hLgh9eWm"
CODE = "012345678"
PASSPHRASE = "MFRGGZDFMZTW"
URL_TOKEN = "fkwjfvhall92"
NOTE = "duo-worker:7f3a"
SECRETS = (TOKEN, CODE, PASSPHRASE, URL_TOKEN)


def pusher(url: str, ca_file: str, *, token: str = TOKEN, gate: Gate = free) -> PasswordPusher:
    """Its stop event is set, so that no read is repeated and no test waits."""
    stop = threading.Event()
    stop.set()
    return PasswordPusher(url, token=Secret(token), ca_file=ca_file, timeout=timedelta(seconds=5), gate=gate, stop=stop)


def create(on: PasswordPusher, *, passphrase: str = PASSPHRASE, days: int = 1, views: int = 2) -> Push:
    return on.create(
        Secret(CODE),
        passphrase=Secret(passphrase) if passphrase else None,
        name="RITM0010001",
        note=NOTE,
        days=days,
        views=views,
    )


def row(**differing: Any) -> dict[str, Any]:
    """A push as the server answers it."""
    return {
        "url_token": URL_TOKEN,
        "html_url": f"https://pwpush.example.edu/p/{URL_TOKEN}/r",
        "expire_after_days": 1,
        "expire_after_views": 2,
        "retrieval_step": True,
        "deletable_by_viewer": False,
        "passphrase": PASSPHRASE,
        "expired": False,
        "name": "RITM0010001",
        "note": NOTE,
        "created_at": "2026-11-24T03:16:15.123Z",
    } | differing
