"""`rules check`: the tables' own examples. `rules replay`: another table, asked about past requests."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.cli.shown import moment, print_json, print_table, say
from worker.cli.since import before
from worker.replaying import Replay, replay, table_of
from worker.rule_tables import RuleTables
from worker.settings import Settings

app = typer.Typer(help="The decision tables.", no_args_is_help=True)


@app.command("check")
def check(context: typer.Context) -> None:
    """Load the tables of the configuration, which asks all their examples; without one, the shipped tables."""
    finish(lambda: _check(context))


@app.command("replay")
def replay_(
    context: typer.Context,
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="The file of an enrollment table.")],
    since: Annotated[str, typer.Option(metavar="SPAN", help="How far back.")] = "30d",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> None:
    """Which past requests the table would have decided otherwise, by the facts kept with them; changes nothing."""
    finish(lambda: _replay(context, table, since, as_json=as_json))


def _check(context: typer.Context) -> None:
    tables = _tables(wiring.settings(context.obj.config) if wiring.is_configured(context.obj.config) else None)
    guards = tables.guards
    say(f"{guards.file}: {len(guards.rows)} rows and {len(guards.proofs)} proofs, version {guards.version}")
    for table in (tables.enrollment, tables.follow_up):
        say(f"{table.file}: {len(table.rows)} rows, version {table.digest}")
    say("every example leads where it should")


def _replay(context: typer.Context, file: Path, since: str, *, as_json: bool) -> None:
    begin = before(wiring.now(), since)
    settings = wiring.settings(context.obj.config)
    tables = _tables(settings)
    table = table_of(file, tables.guards)
    found = replay(wiring.ledger(settings), tables, table, begin)
    if as_json:
        return print_json(_json(found))
    say(f"{found.file}, version {found.version}, asked about what was decided since {moment(begin)} UTC:")
    say(f"{found.replayed} replayed, {len(found.otherwise)} decided otherwise")
    if found.otherwise:
        _print_otherwise(found)
    for line in _remarks(found):
        say(line)
    return None


def _tables(settings: Settings | None) -> RuleTables:
    enrollment, follow_up = (settings.rules.enrollment, settings.rules.follow_up) if settings else (None, None)
    return RuleTables(enrollment, follow_up, guards_off=settings.policy.guards_off if settings else ())


def _print_otherwise(found: Replay) -> None:
    counted = Counter((one.was, one.would_be) for one in found.otherwise)
    say("")
    print_table(("requests", "was", "would be"), [(str(n), *pair) for pair, n in counted.most_common()])
    say("")
    heads = ("ticket", "was", "by row", "would be", "by row", "because")
    rows = [(o.ticket, o.was, o.was_row or "–", o.would_be, o.row, o.because) for o in found.otherwise]
    print_table(heads, rows)


def _remarks(found: Replay) -> Iterator[str]:
    alike = sum(one.alike_in_force for one in found.otherwise)
    if alike:
        yield f"\n{alike} of them the tables in force decide so as well: something else has changed since"
    for why, numbers in found.unreplayable.items():
        yield f"\n{len(numbers)} can't be replayed, because {why}: {', '.join(numbers)}"


def _json(found: Replay) -> dict[str, Any]:
    return {**asdict(found), "unreplayable": {why.name.lower(): list(n) for why, n in found.unreplayable.items()}}
