"""`forecast`: what a cut-over day needs of the configured budgets."""

from dataclasses import asdict
from typing import Annotated

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.cli.shown import print_json, print_table, say
from worker.forecasting import TICKETS, Budgets, Forecast, Need, forecast
from worker.settings import Settings


def command(
    context: typer.Context,
    people: Annotated[int, typer.Option("--people", metavar="N", min=1, help="How many file a request.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value; times in minutes.")] = False,
) -> None:
    """How long so many requests take with the budgets of the configuration, and which of them limits."""
    finish(lambda: _forecast(context, people, as_json=as_json))


def _forecast(context: typer.Context, people: int, *, as_json: bool) -> None:
    settings = wiring.settings(context.obj.config)
    found = forecast(people, budgets(settings))
    if as_json:
        print_json([{"option": each.option, "limit": each.limit.name, "needs": _needs(each)} for each in found])
        return
    say(f"{people} people, were all of them served by one option; until the last is delivered")
    print_table(("option", "takes", "limited by", "all of it"), [_row(each) for each in found])


def budgets(settings: Settings) -> Budgets:
    """Those of a configuration."""
    system = settings.tickets.system
    return Budgets(
        {
            **dict.fromkeys(TICKETS[system], settings.tickets_table.calls_per_minute),
            "duo": settings.duo.calls_per_minute,
            "password_pusher": settings.password_pusher.calls_per_minute,
            "mail": settings.mail.messages_per_minute,
        },
        {"codes_per_hour": settings.policy.codes_per_hour, "phones_per_hour": settings.policy.phones_per_hour},
        settings.worker.poll_every,
        system,
    )


def _needs(found: Forecast) -> list[dict[str, object]]:
    return [asdict(need) for need in found.needs]


def _row(found: Forecast) -> tuple[str, str, str, str]:
    shown = ", ".join(f"{need.name} {need.each} each, {_time(need)}" for need in found.needs)
    return found.option, _time(found.limit), found.limit.name, shown


def _time(need: Need) -> str:
    if need.minutes is None:
        return "never"
    return f"{need.minutes:.0f} min" if need.minutes < 120 else f"{need.minutes / 60:.1f} h"
