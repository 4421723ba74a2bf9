"""`[worker]`: how the process runs and where it keeps its ledger."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo

from worker.settings.duration import Duration
from worker.settings.paths import FilePath, folder_of
from worker.settings.table import Table

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql+psycopg://"


def moment(value: object) -> object:
    """The moment that a configured text or TOML time names; `None` for an empty one."""
    if value is None or value == "":
        return None
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        at = None
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError('must be empty or a moment with its zone, such as "2026-01-31T08:00:00Z"')
    return at.astimezone(UTC)


def moment_text(value: datetime | None) -> str:
    """What `moment` reads as `value`."""
    return "" if value is None else value.isoformat()


def ledger_url(value: str, info: ValidationInfo) -> str:
    """The ledger's URL; a relative SQLite path counts from the configuration's folder.

    Raises:
        ValueError: Neither of the two databases, or a password in the URL.
    """
    if value.startswith(SQLITE) and re.fullmatch(r"[^?#\0]+", value.removeprefix(SQLITE)):
        return SQLITE + str(folder_of(info) / value.removeprefix(SQLITE))
    if re.fullmatch(re.escape(POSTGRESQL) + r"[^\s:@/]+@[^\s@/]+/[^\s@/]+", value):
        return value
    raise ValueError(f"must be {SQLITE}FILE or {POSTGRESQL}USER@HOST/DATABASE, without a password")


Moment = Annotated[datetime | None, BeforeValidator(moment), PlainSerializer(moment_text, return_type=str)]
LedgerUrl = Annotated[str, AfterValidator(ledger_url)]


class Worker(Table):
    """How the process runs."""

    mode: Literal["live", "shadow"] = Field(
        "live",
        description='"live" acts; "shadow" decides and shows, and writes nothing anywhere.',
        examples=["shadow"],
    )
    start_from: Moment = Field(
        None,
        description="Requests filed before this moment are left alone (text with its zone, 2026-01-31T08:00:00Z). "
        "Empty: those filed before the ledger was made. Older ones come in by `once --since`.",
    )
    state: LedgerUrl = Field(
        "sqlite:///var/duo-worker.db",
        description="The ledger: sqlite:/// and a path, or postgresql+psycopg://user@host/db.",
    )
    dispatch: Literal["local", "procrastinate"] = Field(
        "local",
        description='"local": one process does it all. "procrastinate": several machines, on PostgreSQL.',
    )
    poll_every: Duration = Field(
        timedelta(seconds=15), description="Between two looks at the ticket system (duration)."
    )
    reconcile_every: Duration = Field(
        timedelta(minutes=15), description="Between two looks by state, which find what a poll missed (duration)."
    )
    concurrency: int = Field(8, ge=1, le=64, description="Requests worked on at a time (threads).")
    lease: Duration = Field(
        timedelta(minutes=3),
        description="How long a request belongs to the thread that took it, unless renewed (duration). "
        "Longer than every time-out below.",
    )
    stop_within: Duration = Field(
        timedelta(seconds=90),
        description="How long what is under way may take to end after SIGTERM (duration).",
    )
    key_file: FilePath = Field(
        Path("secrets/ledger.key"),
        description="File with the key that seals what the ledger must be able to read again; one key a line: the "
        "first seals, all open. Make one with: openssl rand -base64 32 | tr '+/' '-_'",
    )
    keep: Duration = Field(timedelta(days=400), description="How long closed requests stay in the ledger (duration).")
