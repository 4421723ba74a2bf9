"""Records the Password Pusher connector's conversation into tests/cassettes/password_pusher/.

    python -m tests.record.password_pusher

records it from the sandbox. To record it from a real server (2.14.3 or newer), make a user there who owns nothing,
put their API token into a file that only you can read, then

    python -m tests.record.password_pusher --url https://pwpush.example.edu --token-file FILE

One push with a payload of zeros is made and expired. Host, token, the push's token and addresses are replaced before
anything is written; read the cassette before you commit it all the same.
"""

import argparse
import re
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from connectors.gate import free
from connectors.password_pusher import PasswordPusher, Push, Version, View
from connectors.sandbox import password_pusher as sandbox
from connectors.sandbox.http import Server
from connectors.sandbox.tls import certificates
from connectors.secret import Secret
from tests.record.scrub import Scrub, cassette

CASSETTE: Final = Path(__file__).parent.parent / "cassettes" / "password_pusher" / "conversation.yaml"
HOST: Final = "pwpush.example.edu"
WHEN: Final = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
NOTE: Final = "duo-worker: a recorded conversation"
SECRETS: Final = (
    re.compile(r'"url_token": ?"([^"]+)"'),
    re.compile(r"/p/([A-Za-z0-9_-]+)"),
    re.compile(r"/pushes/(?!active)([A-Za-z0-9_-]+)"),
    re.compile(r'"ip": ?"([^"]+)"'),
)


@dataclass(frozen=True)
class Told:
    """What the connector made of the conversation."""

    version: Version
    made: Push
    found: Push | None
    views: tuple[View, ...]
    found_expired: Push | None


def conversation(pusher: PasswordPusher) -> Told:
    """One of everything that the worker asks of Password Pusher."""
    version = pusher.version()
    made = pusher.create(Secret("0" * 9), passphrase=Secret("0" * 12), name="RITM0010001", note=NOTE, days=1, views=2)
    found = pusher.find(NOTE)
    pusher.expire(made.token)
    pusher.expire(made.token)
    return Told(version, made, found, pusher.audit(made.token), pusher.find(NOTE))


def client(url: str, token: Secret, ca_file: str) -> PasswordPusher:
    return PasswordPusher(
        url, token=token, ca_file=ca_file, timeout=timedelta(seconds=15), gate=free, stop=threading.Event()
    )


def scrub(url: str = f"https://{HOST}") -> Scrub:
    """`url` is the real one."""
    return Scrub(HOST, {urlsplit(url).netloc: HOST}, SECRETS)


def record(url: str, token: Secret, ca_file: str) -> None:
    with cassette(CASSETTE, scrub(url), record=True):
        conversation(client(url, token, ca_file))


def record_sandbox() -> None:
    stand_in = sandbox.PasswordPusher(lambda: WHEN, "the-owners-token")
    with tempfile.TemporaryDirectory() as folder:
        trust = certificates(Path(folder))
        server = Server("password_pusher", stand_in.app, tls=trust.server, clock=lambda: WHEN)
        try:
            record(server.url, Secret("the-owners-token"), str(trust.ca_file))
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url")
    parser.add_argument("--token-file", type=Path)
    given = parser.parse_args()
    if given.url is None:
        record_sandbox()
    elif given.token_file is None:
        parser.error("a real server needs both")
    else:
        record(given.url, Secret(given.token_file.read_text().strip()), "")


if __name__ == "__main__":
    main()
