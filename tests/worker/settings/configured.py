"""A configuration that loads, to change one thing in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from worker.settings import Settings, load
from worker.settings.toml import toml

SECRETS = ("client", "duo", "pusher", "ledger.key")


def tables() -> dict[str, dict[str, Any]]:
    """The least that loads."""
    return {
        "worker": {"key_file": "secrets/ledger.key"},
        "servicenow": {
            "url": "https://example.service-now.com",
            "client_id": "worker",
            "client_secret_file": "secrets/client",
            "catalog_items": ["0123456789abcdef0123456789abcdef"],
            "hold_group": "Duo Hold Queue",
        },
        "duo": {
            "host": "api-12345678.duosecurity.com",
            "integration_key": "DIXXXXXXXXXXXXXXXXXX",
            "secret_key_file": "secrets/duo",
            "privileged_groups": ["Duo Admins"],
        },
        "password_pusher": {"url": "https://pwpush.example.edu", "token_file": "secrets/pusher"},
        "mail": {"sender": "no-reply@example.edu"},
        "policy": {"same_login_domains": ["example.edu"]},
    }


def written(folder: Path, changes: Mapping[str, Mapping[str, Any] | None]) -> Path:
    """A file with the least that loads and with `changes`, table by table; `None` for a key leaves it out."""
    (folder / "secrets").mkdir(exist_ok=True)
    for name in SECRETS:
        (folder / "secrets" / name).write_text("hunter2\n")
    everything = tables()
    for name, keys in changes.items():
        everything[name] = {} if keys is None else {**everything.get(name, {}), **keys}
    path = folder / "config.toml"
    path.write_text("\n".join(_table(name, keys) for name, keys in everything.items()), encoding="utf-8")
    return path


def loaded(folder: Path, environ: Mapping[str, str] | None = None, **changes: Mapping[str, Any] | None) -> Settings:
    """The settings of such a file."""
    return load(written(folder, changes), environ or {})


def _table(name: str, keys: Mapping[str, Any]) -> str:
    lines = (f"{key} = {toml(value)}" for key, value in keys.items() if value is not None)
    return "\n".join((f"[{name}]", *lines))
