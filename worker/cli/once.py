"""`once`: one full pass, for a look, a test, or cron."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from connectors.errors import Misconfigured
from worker.cli.ending import BadUse, Unusable, finish
from worker.cli.opened import acting
from worker.cli.shown import say
from worker.ledger import views
from worker.ledger.states import State
from worker.once import once
from worker.shop import Shop


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
        began = shop.worker.clock()
        problems = _problems(shop)
        with shop.ledger.reading() as connection:
            moved = views.moved_since(connection, began)
    if moved:
        say("requests that moved: " + ", ".join(f"{moved[s]} {s}" for s in State if s in moved))
    elif sys.stdout.isatty() and not problems:  # cron mails whatever is said
        say("no request moved")
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
