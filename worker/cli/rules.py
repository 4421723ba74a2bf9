"""`rules check`: the tables' own examples."""

import typer

from rules.table import load_enrollment, load_guards, load_table
from worker import wiring
from worker.cli.ending import BadUse, finish

app = typer.Typer(help="The decision tables.", no_args_is_help=True)


@app.command("check")
def check(context: typer.Context) -> None:
    """Load the tables of the configuration, which asks all their examples; without one, the shipped tables."""
    finish(lambda: _check(context))


def _check(context: typer.Context) -> None:
    settings = wiring.settings(context.obj.config) if wiring.is_configured(context.obj.config) else None
    guards = load_guards(settings.policy.guards_off if settings else ())
    file = settings.rules.enrollment if settings else None
    typer.echo(f"{guards.file}: {len(guards.rows)} rows and {len(guards.proofs)} proofs, version {guards.version}")
    if file is None:
        table = load_enrollment()
    else:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as unreadable:
            raise BadUse(f"{file} can't be read: {unreadable}") from unreadable
        table = load_table(text, str(file), guards)
    typer.echo(f"{table.file}: {len(table.rows)} rows, version {table.digest}; every example leads where it should")
