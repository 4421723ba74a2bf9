"""`once`: one full pass, for a look, a test, or cron."""

import sys
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from connectors.errors import Misconfigured
from worker.cli.ending import BadUse, Unusable, finish
from worker.cli.opened import acting
from worker.cli.shown import say
from worker.ledger import views
from worker.once import once
from worker.shop import Shop

TOLD: Final = {
    "request_seen": "seen",
    "request_decided": "decided",
    "request_delivered": "delivered",
    "request_waits": "to wait",
    "request_held": "held",
    "request_unsure": "unsure",
    "request_refused": "refused",
    "request_enrolled": "enrolled",
    "request_given_up": "given up",
    "request_closed": "closed",
}


def command(
    context: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(metavar="T", help="Take in requests filed since then, such as 2026-01-31T08:00:00Z."),
    ] = None,
) -> None:
    """One full pass: poll, decide, act, tell; returns when nothing is due now."""
    finish(lambda: _once(context, since))


def _once(context: typer.Context, since: str | None) -> None:
    with acting(context.obj.config, since=moment(since) if since else None) as shop:
        with shop.ledger.reading() as connection:
            before = views.latest_event(connection)
        problems = _problems(shop)
        with shop.ledger.reading() as connection:
            happened = views.happened_after(connection, before)
    told = ", ".join(f"{happened[name]} {word}" for name, word in TOLD.items() if name in happened)
    if told or sys.stdout.isatty():  # cron mails whatever is said
        say(f"requests: {told or 'none is new, none was due'}")
    if problems:
        raise Unusable("; ".join(problems) + "; mend it, then run: duo-worker resume")


def _problems(shop: Shop) -> list[str]:
    try:
        return once(shop)
    except Misconfigured as wrong:
        return [f"{wrong.system} is paused: {wrong.detail}"]


def moment(text: str) -> datetime:
    """The moment that an option names; one without a zone is refused, as it could be hours off.

    Raises:
        BadUse: It is none.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadUse(f"{text!r} is no moment with its zone, such as 2026-01-31T08:00:00Z")
    return at.astimezone(UTC)
