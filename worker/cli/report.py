"""`report`: outcomes and times."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from worker import wiring
from worker.cli.ending import BadUse, finish
from worker.cli.shown import print_json, print_table, say
from worker.cli.since import before
from worker.reporting.figures import Report, report
from worker.reporting.page import page
from worker.reporting.sheets import sheets
from worker.reporting.words import moment


def command(
    context: typer.Context,
    since: Annotated[str, typer.Option(metavar="SPAN", help="Requests filed so long ago or later.")] = "30d",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON value; times in minutes.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="One page with tables and plots.", show_default=False)
    ] = None,
) -> None:
    """Outcomes and times: how long it took, who was enrolled, what was held and why."""
    finish(lambda: _report(context, since, html, as_json=as_json))


def _report(context: typer.Context, since: str, html: Path | None, *, as_json: bool) -> None:
    if as_json and html is not None:
        raise BadUse("say either --json or --html FILE")
    now = wiring.now()
    begin = before(now, since)
    found = report(wiring.ledger(wiring.settings(context.obj.config)), begin, now)
    if as_json:
        print_json(asdict(found))
    elif html is not None:
        _write(html, page(found))
    else:
        _print(found)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise BadUse(f"{file} can't be written: {refused.strerror}") from refused
    say(f"written to {file}")


def _print(found: Report) -> None:
    say(f"requests filed from {moment(found.since)} to {moment(found.until)}")
    for sheet in sheets(found):
        say(f"\n{sheet.title}")
        print_table(sheet.heads, sheet.rows)
        say(sheet.note)
