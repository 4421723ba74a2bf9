"""`rules check`: the tables' own examples."""

import typer

from worker import wiring
from worker.cli.ending import finish
from worker.rule_tables import RuleTables

app = typer.Typer(help="The decision tables.", no_args_is_help=True)


@app.command("check")
def check(context: typer.Context) -> None:
    """Load the tables of the configuration, which asks all their examples; without one, the shipped tables."""
    finish(lambda: _check(context))


def _check(context: typer.Context) -> None:
    settings = wiring.settings(context.obj.config) if wiring.is_configured(context.obj.config) else None
    enrollment, follow_up = (settings.rules.enrollment, settings.rules.follow_up) if settings else (None, None)
    tables = RuleTables(enrollment, follow_up, guards_off=settings.policy.guards_off if settings else ())
    guards = tables.guards
    typer.echo(f"{guards.file}: {len(guards.rows)} rows and {len(guards.proofs)} proofs, version {guards.version}")
    for table in (tables.enrollment, tables.follow_up):
        typer.echo(f"{table.file}: {len(table.rows)} rows, version {table.digest}")
    typer.echo("every example leads where it should")
