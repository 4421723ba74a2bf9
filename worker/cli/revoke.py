"""`revoke`: everything alive of a request, a person or a time is taken back now."""

from typing import Annotated

import typer

from worker.cli.ending import BadUse, Unusable, finish
from worker.cli.once import moment
from worker.cli.opened import opened
from worker.cli.shown import say
from worker.cli.which import request_named, whoever
from worker.ledger import history, steps, views
from worker.ledger.rows import Request
from worker.operating import Busy, NotNow, revoke
from worker.shop import Shop
from worker.steps.table import UNDO_STEPS
from worker.undo import alive

CURE = "in the Duo Admin Panel, take that device or code off the person, or disable the person"


def command(
    context: typer.Context,
    ticket: Annotated[str | None, typer.Argument(help="One ticket.")] = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="All of a person, by user name.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All since T.")] = False,
    since: Annotated[str | None, typer.Option(metavar="T", help="With --all, such as 2026-01-31T08:00:00Z.")] = None,
) -> None:
    """Take back codes and phones now, even when paused or a system is down; names what Duo can't withdraw."""
    finish(lambda: _revoke(context, ticket, person, since if everything else None, everything=everything))


def _revoke(
    context: typer.Context, ticket: str | None, person: str | None, since: str | None, *, everything: bool
) -> None:
    if [ticket is not None, person is not None, everything].count(True) != 1 or (everything and since is None):
        raise BadUse("say which: revoke TICKET, revoke --person NAME, or revoke --all --since T")
    shop = opened(context.obj.config, owner="command")
    chosen = _chosen(shop, ticket, person, since)
    if person and not chosen:
        raise BadUse(f"nothing to take back: the ledger knows no request of {person}; revoke TICKET names one")
    if not chosen:
        say("nothing to take back")
    undone = [_one(shop, request) for request in chosen]
    living = sum(_say_alive(shop, request) for request, done in zip(chosen, undone, strict=True) if done)
    if not all(undone):
        raise Unusable("not everything is taken back yet; the worker goes on with it, or run the command again")
    if living:
        raise Unusable("what is ALIVE above can't be taken back by the worker; see to it in the Duo Admin Panel")


def _chosen(shop: Shop, ticket: str | None, person: str | None, since: str | None) -> list[Request]:
    if ticket is not None:
        return [request_named(shop.ledger, ticket)]
    with shop.ledger.reading() as connection:
        return views.of_person(connection, person) if person else views.begun_since(connection, moment(since or ""))


def _one(shop: Shop, request: Request) -> bool:
    try:
        revoke(shop, request, whoever())
    except NotNow as reason:
        say(str(reason))
        return not isinstance(reason, Busy)
    with shop.ledger.reading() as connection:
        journal, _ = views.story(connection, request)
        now = history.by_id(connection, request.id)
    left = [step.name for step in journal if step.name in UNDO_STEPS and step.state in ("planned", "begun")]
    waits = f" ({now.waits_for})" if now and now.waits_for else ""
    say(f"{request.number}: " + (f"still to do: {', '.join(left)}{waits}" if left else "taken back"))
    return not left


def _say_alive(shop: Shop, request: Request) -> int:
    """What lives on, with what can be done about it; how much that is."""
    found = alive(steps.of(shop.ledger, request.id), shop.worker.clock())
    for sentence in found:
        say(f"{request.number}: ALIVE: {sentence}; {CURE}")
    return len(found)
